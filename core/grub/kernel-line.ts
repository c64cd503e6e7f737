/**
 * Where in GRUB's `linux` line more kernel arguments go, and what the line is
 * then. Only adds: of two that contradict each other the kernel takes the later.
 */
import { RescueError } from '../base/errors.ts'

export interface KernelEdit {
  /** Column of the line to type at. */
  readonly at: number
  readonly insert: string
  /** The whole line as it must then read. */
  readonly after: string
}

/** `linuxefi` on Red Hat's GRUB before version 9, `linux16` on its BIOS images. */
export function isKernelLine(line: string): boolean {
  return /^\s*linux(?:16|efi)?\s+\S/.test(line)
}

/** The kernel's file in such a line. */
export function kernelIn(line: string): string | undefined {
  return /^\s*linux(?:16|efi)?\s+(?<file>\S+)/.exec(line)?.groups?.file
}

/**
 * The edit that gives the kernel `tokens` as its last arguments.
 * Throws `kernel-line-odd` for a line whose end cannot be told, `bad-kernel-argument` for a token GRUB would not
 * pass on as it is.
 */
export function editKernelLine(line: string, tokens: readonly string[]): KernelEdit {
  if (!isKernelLine(line)) throw new RescueError('machine', 'kernel-line-odd', `not a kernel line: ${line}`)
  for (const token of tokens) demandPlain(token)
  const at = endOfArguments(line)
  const insert = tokens.map((token) => ` ${token}`).join('')
  return { at, insert, after: line.slice(0, at) + insert + line.slice(at) }
}

/** Throws `bad-kernel-argument` for a token that a boot loader would not pass on as it is. */
export function demandPlain(token: string): void {
  if (!/^[\w.,:/=@%+-]+$/.test(token) || token === '--')
    throw new RescueError('us', 'bad-kernel-argument', `GRUB would not pass this on as it is: ${token}`)
}

/** A piece of a GRUB script line: blanks, a quoted or escaped part, `${name}`, one that ends the command, or a plain character. */
const PIECE =
  /(?<blank>\s+)|(?<part>'[^']*'|"(?:[^"\\]|\\.)*"|\\.|\$\{[^}]*\})|(?<ender>[;|&<>{}\\])|(?<open>['"])|(?<plain>.)/gy

/**
 * Where the kernel's arguments end: at the end of the line, or before ` -- ` (the rest is for init), a comment, `;`,
 * or a backslash that continues the line.
 */
function endOfArguments(line: string): number {
  let wordStart = true
  for (const { index, groups = {}, 0: piece } of line.matchAll(PIECE)) {
    if (groups.open !== undefined)
      throw new RescueError('machine', 'kernel-line-odd', `a quote is not closed in the kernel line: ${line}`)
    const separator = wordStart && (piece === '#' || /^--(?:\s|$)/.test(line.slice(index)))
    if (groups.ender !== undefined || separator) return line.slice(0, index).trimEnd().length
    wordStart = groups.blank !== undefined
  }
  return line.length
}
