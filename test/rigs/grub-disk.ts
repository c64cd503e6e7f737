/**
 * A disk that starts GRUB 2, in BIOS machines or in UEFI ones. All of GRUB that the
 * rigs need is in its one image, so that a boot reads little else.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../deploy/local/commands.ts'
import { type FatDisk, makeFatDisk } from './fat-disk.ts'
import { grubConfig, INITRD, KERNEL, nestingConfig } from './grub-config.ts'
import type { Kernel } from './linux.ts'
import type { RigClass, RigMenu } from './options.ts'

const MODULES = [
  ...['part_msdos', 'fat', 'normal', 'configfile', 'serial', 'terminal', 'terminfo', 'linux', 'gzio'],
  ...['echo', 'test', 'ls', 'cat', 'search', 'sleep', 'reboot', 'halt', 'password', 'chain'],
]

/** Writes the disk to `file`; `work` is an empty folder for what is made on the way. */
export async function makeGrubDisk(
  file: string,
  rigClass: RigClass,
  menu: RigMenu,
  kernel: Kernel,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  const first = menu.nested ? '/EFI/debian' : '/boot/grub'
  const files = new Map<string, Uint8Array | string>([
    ['/boot/grub/grub.cfg', grubConfig(rigClass, menu)],
    [KERNEL, kernel.kernel],
    [INITRD, kernel.initrd],
  ])
  if (menu.nested) files.set('/EFI/debian/grub.cfg', nestingConfig())
  const uefi = !rigClass.startsWith('bios')
  if (uefi) files.set('/EFI/BOOT/BOOTX64.EFI', await uefiImage(first, work, signal))
  const disk: FatDisk = uefi ? { files } : { files, bios: await biosImage(first, work, signal) }
  await makeFatDisk(file, disk, join(work, 'files'), signal)
}

async function biosImage(prefix: string, work: string, signal: AbortSignal): Promise<FatDisk['bios'] & object> {
  // boot.img and core.img expect each other at sectors 0 and 1 as they come.
  const core = await makeImage('i386-pc', `(hd0,msdos1)${prefix}`, [...MODULES, 'biosdisk', 'linux16'], work, signal)
  return { bootCode: await readFile('/usr/lib/grub/i386-pc/boot.img'), core }
}

async function uefiImage(prefix: string, work: string, signal: AbortSignal): Promise<Buffer> {
  // Without a device, the prefix is on the disk that the image was started from.
  return await makeImage('x86_64-efi', prefix, [...MODULES, 'all_video', 'efi_gop'], work, signal)
}

async function makeImage(
  format: string,
  prefix: string,
  modules: readonly string[],
  work: string,
  signal: AbortSignal,
): Promise<Buffer> {
  const image = join(work, 'grub.img')
  await runCommand('grub-mkimage', ['-O', format, '-o', image, '-p', prefix, ...modules], {}, signal)
  return await readFile(image)
}
