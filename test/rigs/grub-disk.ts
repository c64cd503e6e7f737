/**
 * A disk that starts GRUB 2, in BIOS machines or in UEFI ones. All of GRUB that the
 * rigs need is in its one image, so that a boot reads little else.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../deploy/local/commands.ts'
import type { RigParts } from './classes.ts'
import { makeFatDisk } from './fat-disk.ts'
import { blsEntries, emptyConfig, grubConfig, nestingConfig } from './grub-config.ts'
import { INITRD, KERNEL, type Kernel } from './kernel.ts'
import type { RigMenu } from './options.ts'
import { unpackedPackages } from './packages.ts'
import type { BiosLoader } from './partition-table.ts'

const MODULES = [
  ...['part_msdos', 'fat', 'normal', 'configfile', 'serial', 'terminal', 'terminfo', 'linux', 'gzio'],
  ...['echo', 'test', 'ls', 'cat', 'search', 'sleep', 'reboot', 'halt', 'password'],
]

/** Writes the disk to `file`; `work` is an empty folder for what is made on the way. */
export async function makeGrubDisk(
  file: string,
  { firmware, terminals }: RigParts,
  menu: RigMenu,
  kernel: Kernel,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  const prefix = menu.nested ? '/EFI/debian' : '/boot/grub'
  const files = new Map<string, Uint8Array | string>([
    ...configFiles(terminals, menu),
    [KERNEL, kernel.kernel],
    [INITRD, kernel.initrd],
  ])
  if (menu.nested) files.set('/EFI/debian/grub.cfg', nestingConfig())
  if (firmware === 'uefi') files.set('/EFI/BOOT/BOOTX64.EFI', await uefiImage(prefix, work, signal))
  if (firmware === 'uefi-arm64') files.set('/EFI/BOOT/BOOTAA64.EFI', await arm64Image(prefix, work, signal))
  const loader = firmware === 'bios' ? { loader: await biosLoader(prefix, work, signal) } : {}
  await makeFatDisk(file, { files, ...loader }, join(work, 'files'), signal)
}

/** GRUB looks for `/boot/grub/grub.cfg`. One without an entry is there where only that lets it use the serial line. */
function configFiles(terminals: RigParts['terminals'], menu: RigMenu): readonly (readonly [string, string])[] {
  const empty: readonly (readonly [string, string])[] = terminals.includes('serial')
    ? [['/boot/grub/grub.cfg', emptyConfig(terminals)]]
    : []
  switch (menu.config ?? 'whole') {
    case 'whole':
      return [['/boot/grub/grub.cfg', grubConfig(terminals, menu)]]
    case 'elsewhere':
      return [...empty, ['/grub2/grub.cfg', grubConfig(terminals, menu)]]
    case 'entries':
      return [...empty, ...blsEntries(menu).map(([name, text]) => [`/loader/entries/${name}`, text] as const)]
    case 'none':
      return [...empty, ['/etc/fstab', 'LABEL=root / vfat defaults 0 0\n'], ['/sbin/init', '']]
  }
}

async function biosLoader(prefix: string, work: string, signal: AbortSignal): Promise<BiosLoader> {
  const folder = '/usr/lib/grub/i386-pc'
  const modules = [...MODULES, 'biosdisk', 'linux16']
  // boot.img and core.img expect each other at sectors 0 and 1 as they come.
  const core = await makeImage(folder, `(hd0,msdos1)${prefix}`, modules, work, signal)
  return { bootCode: await readFile(join(folder, 'boot.img')), core }
}

/** On UEFI a prefix without a device is on the disk that the image was started from. */
async function uefiImage(prefix: string, work: string, signal: AbortSignal): Promise<Buffer> {
  return await makeImage('/usr/lib/grub/x86_64-efi', prefix, [...MODULES, 'all_video'], work, signal)
}

async function arm64Image(prefix: string, work: string, signal: AbortSignal): Promise<Buffer> {
  const root = await unpackedPackages({ architecture: 'arm64', packages: ['grub-efi-arm64-bin'] }, signal)
  return await makeImage(join(root, 'usr/lib/grub/arm64-efi'), prefix, MODULES, work, signal)
}

/** `folder` is that of the platform's modules, and named as the platform. */
async function makeImage(
  folder: string,
  prefix: string,
  modules: readonly string[],
  work: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const image = join(work, 'grub.img')
  const platform = folder.slice(folder.lastIndexOf('/') + 1)
  const options = ['-O', platform, '-d', folder, '-o', image, '-p', prefix]
  await runCommand('grub-mkimage', [...options, ...modules], {}, signal)
  return await readFile(image)
}
