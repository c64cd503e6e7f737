/**
 * A disk that starts GRUB legacy 0.97, as Oracle Linux 6 has it: an ext2 partition,
 * and stages that GRUB's own shell has connected. Debian's package is unpacked, not
 * installed, for that would remove GRUB 2's tools; its shell is a 32-bit program and
 * runs on libraries that are unpacked beside it.
 */
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../deploy/local/commands.ts'
import { INITRD, KERNEL, type Kernel } from './kernel.ts'

import { type LinuxEntry, linuxEntries, type RigMenu } from './options.ts'
import { unpackedPackages } from './packages.ts'
import { LINUX_PARTITION, PARTITION_OFFSET, writePartitionTable } from './partition-table.ts'

/** Room for a kernel and its initramfs. */
const PARTITION_BYTES = 32 << 20

export async function makeLegacyDisk(
  file: string,
  menu: RigMenu,
  kernel: Kernel,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  const packages = await unpackedPackages({ architecture: 'amd64', packages: ['grub-legacy', 'libc6-i386'] }, signal)
  const root = join(work, 'root')
  await mkdir(join(root, 'boot/grub'), { recursive: true })
  for (const stage of ['stage1', 'stage2', 'e2fs_stage1_5']) {
    await copyFile(join(packages, 'usr/lib/grub/x86_64-pc', stage), join(root, 'boot/grub', stage))
  }
  await writeFile(join(root, 'boot/grub/menu.lst'), legacyMenu(menu))
  await writeFile(join(root, KERNEL), kernel.kernel)
  await writeFile(join(root, INITRD), kernel.initrd)
  await writePartitionTable(file, LINUX_PARTITION, PARTITION_BYTES)
  const [offset, size] = [`offset=${PARTITION_OFFSET}`, `${PARTITION_BYTES >> 10}k`]
  // The ext2 of its time: inodes of 128 bytes and no features that it would not know.
  const format = ['-q', '-F', '-t', 'ext2', '-I', '128', '-O', 'none,filetype', '-d', root, '-E', offset, file, size]
  await runCommand('mke2fs', format, {}, signal)
  await connectStages(file, packages, work, signal)
}

/** What grub-install would tell GRUB's shell, which knows the disk as (hd0). */
async function connectStages(disk: string, packages: string, work: string, signal: AbortSignal): Promise<void> {
  const commands = join(work, 'commands')
  const deviceMap = join(work, 'device.map')
  await writeFile(commands, 'root (hd0,0)\nsetup (hd0)\nquit\n')
  await writeFile(deviceMap, `(hd0) ${disk}\n`)
  const libraries = join(packages, 'lib32')
  const shell = [
    ...[join(libraries, 'ld-linux.so.2'), '--library-path', libraries, join(packages, 'usr/sbin/grub')],
    ...['--batch', '--no-floppy', `--device-map=${deviceMap}`],
  ]
  const said = await runCommand('sh', ['-c', 'exec "$@" < "$0"', commands, ...shell], {}, signal)
  if (!/Running "install .*succeeded/.test(said)) throw new Error(`GRUB legacy's stages were not connected:\n${said}`)
}

function legacyMenu({ timeout, style, password, entries }: RigMenu): string {
  return [
    'default=0',
    // Without the line it waits for ever.
    ...(timeout < 0 ? [] : [`timeout=${timeout}`]),
    ...(style === 'menu' ? [] : ['hiddenmenu']),
    ...(password === undefined ? [] : [`password ${password.password}`]),
    'serial --unit=0 --speed=115200 --word=8 --parity=no --stop=1',
    // Asks on both which one to use, for a second; the first is the default.
    'terminal --timeout=1 serial console',
    ...linuxEntries(entries).map(legacyEntry),
    '',
  ].join('\n')
}

function legacyEntry({ title, arguments: args }: LinuxEntry): string {
  return [`title ${title}`, '\troot (hd0,0)', `\tkernel ${KERNEL} ${args}`, `\tinitrd ${INITRD}`].join('\n')
}
