/** The start of a disk with one partition: boot code, a table, and what a BIOS boot loader keeps in the gap behind it. */
import { open } from 'node:fs/promises'

const SECTOR = 512
/** Where partitioning tools begin the first partition: 1 MiB. */
export const PARTITION_OFFSET = 2048 * SECTOR
export const LINUX_PARTITION = 0x83
/** UEFI starts from it; a BIOS does not care. */
export const EFI_PARTITION = 0xef

export interface BiosLoader {
  /** The boot sector's. */
  readonly bootCode: Uint8Array
  /** What it loads, from the sectors behind it. */
  readonly core: Uint8Array
}

/** Makes `file`, sparse, with an empty partition. */
export async function writePartitionTable(
  file: string,
  type: number,
  bytes: number,
  loader?: BiosLoader,
): Promise<void> {
  const mbr = Buffer.alloc(SECTOR)
  // 440: the boot code ends where the disk signature and the partition table begin.
  mbr.set(loader?.bootCode.subarray(0, 440) ?? [])
  partitionEntry(type, bytes).copy(mbr, 446)
  mbr.writeUInt16LE(0xaa55, 510)
  const core = loader?.core ?? new Uint8Array()
  if (SECTOR + core.length > PARTITION_OFFSET) throw new Error(`the boot loader is too large: ${core.length} bytes`)
  await using disk = await open(file, 'wx')
  await disk.write(mbr, 0, SECTOR, 0)
  await disk.write(core, 0, core.length, SECTOR)
  await disk.truncate(PARTITION_OFFSET + bytes)
}

/** One active partition, by sector numbers only: everything since 1994 ignores the cylinder fields. */
function partitionEntry(type: number, bytes: number): Buffer {
  const entry = Buffer.from([0x80, 0xfe, 0xff, 0xff, type, 0xfe, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0])
  entry.writeUInt32LE(PARTITION_OFFSET / SECTOR, 8)
  entry.writeUInt32LE(bytes / SECTOR, 12)
  return entry
}
