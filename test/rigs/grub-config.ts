/** GRUB 2's configuration for a rig, in the words of Debian's grub-mkconfig. */
import type { LinuxEntry, RigClass, RigEntry, RigMenu } from './options.ts'

/** Where the kernel and its initramfs are on the rig's disk. */
export const KERNEL = '/vmlinuz'
export const INITRD = '/initrd.img'

export function grubConfig(rigClass: RigClass, menu: RigMenu): string {
  const { timeout, style, password, entries } = menu
  const guard = password && [
    `set superusers="${password.username}"`,
    `password ${password.username} ${password.password}`,
  ]
  return [
    'set default="0"',
    ...terminal(rigClass),
    `set timeout_style=${style}`,
    `set timeout=${timeout}`,
    ...(guard ?? []),
    ...entries.map((entry) => menuEntry(entry, password === undefined ? '' : ' --unrestricted')),
    '',
  ].join('\n')
}

/** What Debian puts on the EFI partition: the configuration with the menu is elsewhere. */
export function nestingConfig(): string {
  return ['set prefix=($root)/boot/grub', 'configfile $prefix/grub.cfg', ''].join('\n')
}

function terminal(rigClass: RigClass): readonly string[] {
  const [input, output] = terminals(rigClass)
  return [
    ...(output.includes('serial') ? ['serial --unit=0 --speed=115200'] : []),
    `terminal_input ${input}`,
    `terminal_output ${output}`,
  ]
}

function terminals(rigClass: RigClass): readonly [input: string, output: string] {
  switch (rigClass) {
    case 'bios-serial':
    case 'uefi-serial':
      return ['serial', 'serial']
    case 'bios-console':
    case 'uefi-console':
      return ['console', 'console']
    case 'uefi-both':
      return ['console serial', 'console serial']
  }
}

function menuEntry(entry: RigEntry, options: string): string {
  if ('arguments' in entry) return linuxEntry(entry, options)
  const inside = entry.entries.map((one) => linuxEntry(one, options))
  return [`submenu '${entry.title}'${options} {`, ...inside, '}'].join('\n')
}

function linuxEntry({ title, arguments: args, keyword = 'linux' }: LinuxEntry, options: string): string {
  return [
    `menuentry '${title}' --class debian --class gnu-linux${options} {`,
    '\tinsmod gzio',
    '\tinsmod part_msdos',
    '\tinsmod fat',
    `\techo\t'Loading Linux ...'`,
    `\t${keyword}\t${KERNEL} ${args}`,
    `\techo\t'Loading initial ramdisk ...'`,
    `\tinitrd${keyword.slice('linux'.length)}\t${INITRD}`,
    '}',
  ].join('\n')
}
