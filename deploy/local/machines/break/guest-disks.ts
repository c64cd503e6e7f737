/** A guest's disks as files of this machine, for the time in which they are broken. */
import { randomUUID } from 'node:crypto'
import { truncate, writeFile } from 'node:fs/promises'
import { runCommand } from '../../commands.ts'
import { Ext4 } from '../ext4.ts'
import type { DataDisk, GuestDisks } from './way.ts'

/** Enough for a file system with a journal. The file is sparse. */
const DATA_DISK_BYTES = 64 << 20

export interface OpenDisks {
  readonly guest: GuestDisks
  /** Whether a way has asked for the data disk. */
  hasDataDisk(): boolean
}

/** `disk` is a raw image whose root file system begins at `offset`; `dataDisk` is made when a way asks for it. */
export function openGuestDisks(disk: string, offset: number, dataDisk: string, signal: AbortSignal): OpenDisks {
  let added = false
  const addDataDisk = async (): Promise<DataDisk> => {
    const uuid = randomUUID()
    await writeFile(dataDisk, '')
    await truncate(dataDisk, DATA_DISK_BYTES)
    const options = ['-q', '-F', '-t', 'ext4', '-L', 'data', '-U', uuid, '-E', 'root_owner=0:0']
    await runCommand('mke2fs', [...options, dataDisk], {}, signal)
    added = true
    return { uuid, files: new Ext4(dataDisk, 0, signal) }
  }
  return { guest: { root: new Ext4(disk, offset, signal), addDataDisk }, hasDataDisk: () => added }
}
