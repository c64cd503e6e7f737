/**
 * A disk with one FAT partition, which BIOS boot loaders and UEFI can both start
 * from. mtools writes it, so nothing is mounted and nobody has to be root.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runCommand } from '../../deploy/local/commands.ts'
import { type BiosLoader, EFI_PARTITION, PARTITION_OFFSET, writePartitionTable } from './partition-table.ts'

/** Room for a kernel and its initramfs; enough for FAT16, which all firmware reads. The file is sparse. */
const PARTITION_BYTES = 64 << 20

export interface FatDisk {
  /** By their paths on the partition. */
  readonly files: ReadonlyMap<string, Uint8Array | string>
  /** For a BIOS. */
  readonly loader?: BiosLoader
}

/** Writes the disk to `file`; its files are laid out in the folder `staging` first. */
export async function makeFatDisk(file: string, disk: FatDisk, staging: string, signal: AbortSignal): Promise<void> {
  for (const [path, content] of disk.files) {
    await mkdir(join(staging, dirname(path)), { recursive: true })
    await writeFile(join(staging, path), content)
  }
  await writePartitionTable(file, EFI_PARTITION, PARTITION_BYTES, disk.loader)
  const partition = `${file}@@${PARTITION_OFFSET}`
  await runCommand('mformat', ['-i', partition, '-T', String(PARTITION_BYTES / 512), '::'], {}, signal)
  const names = new Set([...disk.files.keys()].map((path) => path.split('/')[1] ?? ''))
  const sources = [...names].map((name) => join(staging, name))
  await runCommand('mcopy', ['-i', partition, '-s', '-Q', ...sources, '::/'], {}, signal)
}
