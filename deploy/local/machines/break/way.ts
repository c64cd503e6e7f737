/** One way in which a guest can be broken, and the disks that it is done to. */
import type { Ext4 } from '../ext4.ts'
import type { BootEnd } from './boot-end.ts'

export interface Way {
  /** What is wrong with the guest, as somebody who knows would say it. */
  readonly what: string
  readonly ends: BootEnd
  /** The class of fault that the serial line gives away; not given when the boot looks as if nothing were wrong. */
  readonly shows?: string
  readonly damage: (guest: GuestDisks) => Promise<void>
}

export interface GuestDisks {
  /** The root file system. */
  readonly root: Ext4
  /** A second disk with an ext4 file system, which nothing mounts yet. There is none before this is called. */
  addDataDisk(): Promise<DataDisk>
}

export interface DataDisk {
  readonly uuid: string
  readonly files: Ext4
}
