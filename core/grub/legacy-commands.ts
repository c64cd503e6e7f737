/** The commands of a GRUB legacy entry: which of them starts Linux, and what it is with more arguments. */
import { RescueError } from '../base/errors.ts'
import { demandPlain } from './kernel-line.ts'

export interface LegacyEdit {
  /** Column of the line to type at. */
  readonly at: number
  readonly insert: string
  /** The whole line as it must then read. */
  readonly after: string
}

const COMMAND = /^\s*(?<command>kernel|module)\s+(?:--\S+\s+)*(?<file>\S+)/
/** `vmlinuz`, `vmlinux`, `bzImage`, `linux`: what distributions call a kernel of Linux. */
const LINUX = /(?:vmlinu|bzImage|zImage|linux)[^/]*$/i

/**
 * Indices of the commands that carry Linux's arguments: `kernel`, or, where that starts Xen, the first `module`.
 * Throws `entry-not-linux` (details.command) or `no-kernel-line` when nothing in the entry is known to start Linux.
 */
export function linuxCommands(commands: readonly string[], screen: string): readonly number[] {
  const found = commands.flatMap((line, index) => {
    const { command, file = '' } = COMMAND.exec(line)?.groups ?? {}
    return command === undefined ? [] : [{ command, file, index }]
  })
  const module = found.find(({ command }) => command === 'module')
  const candidates = module === undefined ? found : [module]
  const linux = candidates.filter(({ file }) => LINUX.test(file))
  if (linux.length > 0) return linux.map(({ index }) => index)
  const other = commands.find((line) => /^\s*(?:chainloader|configfile|kernel)\b/.test(line))
  if (other === undefined) throw new RescueError('machine', 'no-kernel-line', `this entry boots no Linux\n${screen}`)
  throw new RescueError('machine', 'entry-not-linux', `the entry starts no Linux kernel: ${other.trim()}`, {
    details: { command: other.trim().split(/\s/)[0] ?? '' },
  })
}

/** The file of the first command that starts Linux, or what is started instead. */
export function kernelFile(commands: readonly string[]): string | undefined {
  const files = commands.flatMap((line) => COMMAND.exec(line)?.groups?.file ?? [])
  return files.find((file) => LINUX.test(file)) ?? files[0]
}

/**
 * The edit that gives the kernel `tokens` as its last arguments: GRUB legacy passes the line on as it is, without
 * quotes or comments, and what stands behind ` -- ` is for init.
 * Throws `bad-kernel-argument`, `kernel-line-odd`, `kernel-line-too-long`.
 */
export function editLegacyLine(line: string, tokens: readonly string[]): LegacyEdit {
  for (const token of tokens) demandPlain(token)
  const command = COMMAND.exec(line)?.[0]
  if (command === undefined) throw new RescueError('machine', 'kernel-line-odd', `not a kernel line: ${line}`)
  const separator = /\s--(?:\s|$)/.exec(line.slice(command.length))
  const at = separator === null ? line.length : command.length + separator.index
  const insert = tokens.map((token) => ` ${token}`).join('')
  demandRoom(line.slice(command.length).trim().length, insert.length)
  return { at, insert, after: line.slice(0, at) + insert + line.slice(at) }
}

/**
 * How many characters of arguments GRUB legacy passes on before it cuts the rest off without a word: as it was made,
 * and in builds that some made for longer lines. (stage2/shared.h: LINUX_CL_END_OFFSET)
 */
const LIMITS = [255, 1023, 2047]

/** An image whose own arguments are longer than a limit shows by that, that its GRUB has a higher one. */
function demandRoom(length: number, more: number): void {
  const limit = LIMITS.find((one) => length <= one) ?? 0
  if (length + more <= limit) return
  const message = `GRUB legacy may cut off what is added: the arguments have ${length} characters, ${more} more are too many`
  throw new RescueError('machine', 'kernel-line-too-long', message)
}
