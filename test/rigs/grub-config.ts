/** GRUB 2's configuration for a rig, in the words of Debian's grub-mkconfig. */
import type { RigParts } from './classes.ts'
import { INITRD, KERNEL } from './kernel.ts'
import { type LinuxEntry, linuxEntries, type RigEntry, type RigMenu } from './options.ts'

export function grubConfig(terminals: RigParts['terminals'], menu: RigMenu): string {
  const { timeout, style, password, entries } = menu
  const guard = password && [
    `set superusers="${password.username}"`,
    // As Red Hat's has it: without, submenus would be open to everybody.
    'export superusers',
    `password ${password.username} '${password.password}'`,
  ]
  return [
    'set default="0"',
    ...terminalCommands(terminals),
    `set timeout_style=${style}`,
    `set timeout=${timeout}`,
    ...(guard ?? []),
    ...entries.map((entry) => menuEntry(entry, password === undefined ? '' : ' --unrestricted')),
    '',
  ].join('\n')
}

/** A configuration without an entry: GRUB ends at its command line, on these terminals. */
export function emptyConfig(terminals: RigParts['terminals']): string {
  return [...terminalCommands(terminals), ''].join('\n')
}

/** By file name, as Oracle Linux 9 has them. (UAPI.1 Boot Loader Specification) */
export function blsEntries({ entries }: RigMenu): readonly (readonly [name: string, text: string])[] {
  return linuxEntries(entries).map(({ title, arguments: args }, index) => {
    const fields = [`title ${title}`, `version ${index}`, `linux ${KERNEL}`, `initrd ${INITRD}`, `options ${args}`]
    return [`4c0ffee012344c5b9d0e6f1e2d3c4b5a-${index}.conf`, [...fields, ''].join('\n')]
  })
}

function terminalCommands(terminals: RigParts['terminals']): readonly string[] {
  return [
    ...(terminals.includes('serial') ? ['serial --unit=0 --speed=115200'] : []),
    `terminal_input ${terminals}`,
    `terminal_output ${terminals}`,
  ]
}

/** What Debian puts on the EFI partition: the configuration with the menu is elsewhere. */
export function nestingConfig(): string {
  return ['set prefix=($root)/boot/grub', 'configfile $prefix/grub.cfg', ''].join('\n')
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
