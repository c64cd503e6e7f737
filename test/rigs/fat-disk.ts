/**
 * A disk with one FAT partition, which BIOS boot loaders and UEFI can both start
 * from. mtools writes it, so nothing is mounted and nobody has to be root.
 */
import { mkdir, open, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runCommand } from '../../deploy/local/commands.ts'

const SECTOR = 512
/** Where partitioning tools begin the first partition: 1 MiB. A BIOS boot loader lives in the gap before it. */
const PARTITION_OFFSET = 2048 * SECTOR
/** Room for a kernel and its initramfs; enough for FAT16, which all firmware reads. The file is sparse. */
const PARTITION_BYTES = 64 << 20

export interface FatDisk {
  /** By their paths on the partition. */
  readonly files: ReadonlyMap<string, Uint8Array | string>
  /** For a BIOS: the boot sector's code and what it loads from the sectors behind it. */
  readonly bios?: { readonly bootCode: Uint8Array; readonly core: Uint8Array }
}

/** Writes the disk to `file`; its files are laid out in the folder `staging` first. */
export async function makeFatDisk(file: string, disk: FatDisk, staging: string, signal: AbortSignal): Promise<void> {
  for (const [path, content] of disk.files) {
    await mkdir(join(staging, dirname(path)), { recursive: true })
    await writeFile(join(staging, path), content)
  }
  await writeBootSectors(file, disk.bios)
  const partition = `${file}@@${PARTITION_OFFSET}`
  await runCommand('mformat', ['-i', partition, '-T', String(PARTITION_BYTES / SECTOR), '::'], {}, signal)
  const folders = new Set([...disk.files.keys()].map((path) => path.split('/')[1] ?? ''))
  const sources = [...folders].map((name) => join(staging, name))
  await runCommand('mcopy', ['-i', partition, '-s', '-Q', ...sources, '::/'], {}, signal)
}

async function writeBootSectors(file: string, bios: FatDisk['bios']): Promise<void> {
  const mbr = Buffer.alloc(SECTOR)
  // 440: the boot code ends where the disk signature and the partition table begin.
  mbr.set(bios?.bootCode.subarray(0, 440) ?? [])
  partitionEntry().copy(mbr, 446)
  mbr.writeUInt16LE(0xaa55, 510)
  const core = bios?.core ?? new Uint8Array()
  if (SECTOR + core.length > PARTITION_OFFSET) throw new Error(`the boot loader is too large: ${core.length} bytes`)
  await using disk = await open(file, 'wx')
  await disk.write(mbr, 0, SECTOR, 0)
  await disk.write(core, 0, core.length, SECTOR)
  await disk.truncate(PARTITION_OFFSET + PARTITION_BYTES)
}

/** One active partition of type EF, which tells UEFI that it may start from it; a BIOS does not care. */
function partitionEntry(): Buffer {
  const entry = Buffer.from([0x80, 0xfe, 0xff, 0xff, 0xef, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  entry.writeUInt32LE(PARTITION_OFFSET / SECTOR, 8)
  entry.writeUInt32LE(PARTITION_BYTES / SECTOR, 12)
  return entry
}
