/** Consoles that are not Linux's: nothing that is said there is what it would be in a Linux log. */
import type { Line } from './line.ts'

const SYSTEMS: readonly (readonly [system: string, line: RegExp])[] = [
  [
    'Windows',
    /^SAC>|Computer is booting, SAC started|EVENT: +The CMD command is now available|Windows Boot Manager|^BlInitializeLibrary failed|<machine-info>|\bntoskrnl\b|^Windows failed to start/,
  ],
  [
    'FreeBSD',
    /^-{2,}<<BOOT>>-{2,}|The FreeBSD Project\.|FreeBSD\/\S+ (?:bootstrap|EFI) loader|^>> FreeBSD|^FreeBSD \d+\.\d/,
  ],
  ['OpenBSD', /^>> OpenBSD\/\S+ BOOT|^OpenBSD \d\.\d .*#\d|Copyright \(c\) .* OpenBSD\. All rights reserved/],
  ['NetBSD', /The NetBSD Foundation, Inc\.|^>> NetBSD\/|^NetBSD \d+\.\d/],
  ['Solaris', /^(?:SunOS|Oracle Solaris|illumos) (?:Release|Version)|^SunOS Release/],
  ['VMware ESXi', /^VMware ESXi|\bVMB: \d+:|^Loading VMware ESXi/],
]
const LINUX =
  /\bLinux version \d|^(?:EFI stub|dracut|Begin): |\bsystemd(?:-\w+)?\[\d+\]|^\(initramfs\)|BOOT_IMAGE=|Kernel panic - not syncing|^Loading Linux\b/

/** Which other system a boot belongs to; undefined for Linux, and where nothing tells. */
export function otherSystem(lines: readonly Line[]): string | undefined {
  const system = SYSTEMS.find(([, pattern]) => lines.some(({ said }) => pattern.test(said)))?.[0]
  return system === undefined || lines.some(({ said }) => LINUX.test(said)) ? undefined : system
}
