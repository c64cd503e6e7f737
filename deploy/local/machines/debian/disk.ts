/**
 * Makes a bootable disk from a root file system: an MBR with one ext4 partition,
 * and GRUB 2 (i386-pc) where grub-install would have put it. Nothing is mounted, so
 * it needs neither root nor loop devices.
 */
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../commands.ts'

const SECTOR = 512
/** Where partitioning tools begin the first partition: 1 MiB. GRUB's core image lives in the gap before it. */
export const PARTITION_OFFSET = 2048 * SECTOR
/** Three times what the guest's files take: room for a person who tries things. The file is sparse. */
const PARTITION_BYTES = 1024 << 20
const GRUB_FOLDER = '/usr/lib/grub/i386-pc'

/** Writes the disk to `disk`. `enter` is what must stand before a command that has to see the files' real owners. */
export async function makeDisk(
  root: string,
  disk: string,
  rootUuid: string,
  enter: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await writeBootSectors(disk, await coreImage(join(root, '..'), signal))
  const [command = '', ...args] = [
    ...enter,
    // lazy_itable_init=0: the guest's kernel would finish the job in the background of its first minutes.
    ...['mke2fs', '-q', '-F', '-t', 'ext4', '-L', 'root', '-U', rootUuid, '-d', root],
    ...['-E', `offset=${PARTITION_OFFSET},lazy_itable_init=0,lazy_journal_init=0`, '-m', '1'],
    ...[disk, `${PARTITION_BYTES >> 10}k`],
  ]
  await runCommand(command, args, {}, signal)
}

async function coreImage(folder: string, signal: AbortSignal): Promise<Buffer> {
  const core = join(folder, 'core.img')
  const modules = ['biosdisk', 'part_msdos', 'ext2']
  await runCommand(
    'grub-mkimage',
    ['-O', 'i386-pc', '-d', GRUB_FOLDER, '-o', core, '-p', '(hd0,msdos1)/boot/grub', ...modules],
    {},
    signal,
  )
  return readFile(core)
}

/**
 * boot.img and core.img expect each other at sectors 0 and 1 as they come from
 * grub-mkimage, so nothing has to be patched in them.
 */
async function writeBootSectors(disk: string, core: Buffer): Promise<void> {
  if (SECTOR + core.length > PARTITION_OFFSET) throw new Error(`GRUB's core image is too large: ${core.length} bytes`)
  const mbr = Buffer.alloc(SECTOR)
  // 440: the boot code ends where the disk signature and the partition table begin.
  ;(await readFile(join(GRUB_FOLDER, 'boot.img'))).copy(mbr, 0, 0, 440)
  partitionEntry().copy(mbr, 446)
  mbr.writeUInt16LE(0xaa55, 510)
  await using file = await open(disk, 'wx')
  await file.write(mbr, 0, SECTOR, 0)
  await file.write(core, 0, core.length, SECTOR)
  await file.truncate(PARTITION_OFFSET + PARTITION_BYTES)
}

/** One active Linux partition, by sector numbers only: everything since 1994 ignores the cylinder fields. */
function partitionEntry(): Buffer {
  const entry = Buffer.from([0x80, 0xfe, 0xff, 0xff, 0x83, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  entry.writeUInt32LE(PARTITION_OFFSET / SECTOR, 8)
  entry.writeUInt32LE(PARTITION_BYTES / SECTOR, 12)
  return entry
}
