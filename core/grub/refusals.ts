/** Why an entry without a kernel line can not be given more arguments. */
import { RescueError } from '../base/errors.ts'

/** What starts something else than a Linux kernel that takes its arguments from the entry. */
const STARTER =
  /^\s*(?<command>chainloader|multiboot2?|xen_hypervisor|kernel|kfreebsd|kopenbsd|knetbsd|ntldr|configfile|uki|halt|reboot|fwsetup)\b(?<rest>.*)/
/** A kernel, its initramfs and its arguments in one signed file. (UAPI.5; systemd and dracut put them into EFI/Linux) */
const UNIFIED = /\/EFI\/Linux\/\S+\.efi\b/i

/** The file of a unified kernel that one of the lines starts: it takes no arguments, but it is a Linux. */
export function unifiedKernel(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const { command, rest = '' } = STARTER.exec(line)?.groups ?? {}
    if (command === 'uki' || UNIFIED.test(rest)) return rest.trim().split(/\s+/)[0]
  }
  return undefined
}

/** Throws `unified-kernel`, `entry-not-linux` (details.command) or `no-kernel-line` unless there was a line to edit. */
export function demandLinux(kernelLines: number, lines: readonly string[], screen: string): void {
  if (kernelLines > 0) return
  for (const line of lines) {
    const { command, rest = '' } = STARTER.exec(line)?.groups ?? {}
    if (command === undefined) continue
    if (command === 'uki' || UNIFIED.test(rest))
      throw new RescueError('machine', 'unified-kernel', `the kernel brings its own arguments: ${line.trim()}`)
    throw new RescueError('machine', 'entry-not-linux', `the entry starts no Linux kernel: ${line.trim()}`, {
      details: { command },
    })
  }
  throw new RescueError('machine', 'no-kernel-line', `this entry boots no Linux\n${screen}`)
}
