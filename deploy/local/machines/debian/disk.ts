/**
 * Makes a bootable disk: an MBR with its partitions, and GRUB 2 (i386-pc) where grub-install
 * would have put it; and on one ext4 partition a root file system, from a folder. Nothing is
 * mounted, so it needs neither root nor loop devices.
 */
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../commands.ts'

const SECTOR = 512
/** Where partitioning tools begin the first partition: 1 MiB. GRUB's core image lives in the gap before it. */
export const PARTITION_OFFSET = 2048 * SECTOR
/** Three times what the guest's files take: room for a person who tries things. The file is sparse. */
const PARTITION_BYTES = 1024 << 20
const GRUB_FOLDER = '/usr/lib/grub/i386-pc'

export interface Partition {
  readonly bytes: number
  /** 0x83 for a file system of Linux, 0x8e for LVM. */
  readonly type: number
}

/** Writes the disk to `disk`. `enter` is what must stand before a command that has to see the files' real owners. */
export async function makeDisk(
  root: string,
  disk: string,
  rootUuid: string,
  enter: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  await makeEmptyDisk(disk, [{ bytes: PARTITION_BYTES, type: 0x83 }], '/boot/grub', signal)
  const [command = '', ...args] = [
    ...enter,
    // lazy_itable_init=0: the guest's kernel would finish the job in the background of its first minutes.
    ...['mke2fs', '-q', '-F', '-t', 'ext4', '-L', 'root', '-U', rootUuid, '-d', root],
    ...['-E', `offset=${PARTITION_OFFSET},lazy_itable_init=0,lazy_journal_init=0`, '-m', '1'],
    ...[disk, `${PARTITION_BYTES >> 10}k`],
  ]
  await runCommand(command, args, {}, signal)
}

/** Nothing is on its partitions yet; GRUB will look for its files in `grubFolder` of the first, an ext4 file system. */
export async function makeEmptyDisk(
  disk: string,
  partitions: readonly Partition[],
  grubFolder: string,
  signal: AbortSignal,
): Promise<void> {
  await writeBootSectors(disk, partitions, await coreImage(`(hd0,msdos1)${grubFolder}`, signal))
}

async function coreImage(prefix: string, signal: AbortSignal): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-grub-'))
  try {
    const core = join(folder, 'core.img')
    const modules = ['biosdisk', 'part_msdos', 'ext2']
    const args = ['-O', 'i386-pc', '-d', GRUB_FOLDER, '-o', core, '-p', prefix, ...modules]
    await runCommand('grub-mkimage', args, {}, signal)
    return await readFile(core)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * boot.img and core.img expect each other at sectors 0 and 1 as they come from
 * grub-mkimage, so nothing has to be patched in them.
 */
async function writeBootSectors(disk: string, partitions: readonly Partition[], core: Buffer): Promise<void> {
  if (SECTOR + core.length > PARTITION_OFFSET) throw new Error(`GRUB's core image is too large: ${core.length} bytes`)
  const mbr = Buffer.alloc(SECTOR)
  // 440: the boot code ends where the disk signature and the partition table begin.
  ;(await readFile(join(GRUB_FOLDER, 'boot.img'))).copy(mbr, 0, 0, 440)
  let end = PARTITION_OFFSET
  for (const [index, partition] of partitions.entries()) {
    partitionEntry(partition, end, index === 0).copy(mbr, 446 + 16 * index)
    end += partition.bytes
  }
  mbr.writeUInt16LE(0xaa55, 510)
  await using file = await open(disk, 'wx')
  await file.write(mbr, 0, SECTOR, 0)
  await file.write(core, 0, core.length, SECTOR)
  await file.truncate(end)
}

/** By sector numbers only: everything since 1994 ignores the cylinder fields. */
function partitionEntry({ bytes, type }: Partition, offset: number, isActive: boolean): Buffer {
  const entry = Buffer.from([isActive ? 0x80 : 0, 0xfe, 0xff, 0xff, type, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  entry.writeUInt32LE(offset / SECTOR, 8)
  entry.writeUInt32LE(bytes / SECTOR, 12)
  return entry
}
