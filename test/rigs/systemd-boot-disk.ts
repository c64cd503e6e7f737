/** A disk that starts systemd-boot, in UEFI machines. Its files are unpacked from Debian's package. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFatDisk } from './fat-disk.ts'
import { INITRD, KERNEL, type Kernel } from './kernel.ts'

import { type LinuxEntry, linuxEntries, type RigMenu } from './options.ts'
import { unpackedPackages } from './packages.ts'

export async function makeSystemdBootDisk(
  file: string,
  menu: RigMenu,
  kernel: Kernel,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  const packages = await unpackedPackages({ architecture: 'amd64', packages: ['systemd-boot-efi'] }, signal)
  const files = new Map<string, Uint8Array | string>([
    ['/EFI/BOOT/BOOTX64.EFI', await readFile(join(packages, 'usr/lib/systemd/boot/efi/systemd-bootx64.efi'))],
    ['/loader/loader.conf', loaderConfig(menu)],
    ...linuxEntries(menu.entries).map((entry, index) => [entryPath(index), entryConfig(entry, index)] as const),
    [KERNEL, kernel.kernel],
    [INITRD, kernel.initrd],
  ])
  await makeFatDisk(file, { files }, join(work, 'files'), signal)
}

function loaderConfig({ timeout, style }: RigMenu): string {
  const wait = timeout < 0 ? 'menu-force' : style === 'menu' ? String(timeout) : 'menu-hidden'
  return [`default ${entryName(0)}`, `timeout ${wait}`, 'editor yes', ''].join('\n')
}

function entryPath(index: number): string {
  return `/loader/entries/${entryName(index)}`
}

function entryName(index: number): string {
  return `rig-${String(index).padStart(2, '0')}.conf`
}

/** Entries stand in the order of their sort keys. */
function entryConfig({ title, arguments: args }: LinuxEntry, index: number): string {
  const fields = [`title ${title}`, `sort-key ${entryName(index)}`, `linux ${KERNEL}`, `initrd ${INITRD}`]
  return [...fields, `options ${args}`, ''].join('\n')
}
