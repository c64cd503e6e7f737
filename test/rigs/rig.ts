/**
 * A rig: a real boot loader in QEMU, on its way to a kernel that reports which
 * command line it was booted with. What drives boot loaders is tried on it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Channel } from '../../core/console/channel.ts'
import type { SerialLine } from '../../deploy/local/machines/machine.ts'
import { createSerialLine } from '../../deploy/local/machines/serial-line.ts'
import { KERNEL } from './grub-config.ts'
import { makeGrubDisk } from './grub-disk.ts'
import { debianKernel, type Kernel } from './linux.ts'
import { DEFAULT_MENU, type LinuxEntry, type RigMenu, type RigOptions } from './options.ts'
import { hearReports } from './reports.ts'
import { RigChannel } from './rig-channel.ts'
import { type RigMachine, startRigMachine } from './rig-machine.ts'
import { stubKernel } from './stub-kernel.ts'

export interface Rig extends AsyncDisposable {
  /** The line for whoever wants to put something between it and a channel: a gateway, a fault. */
  readonly serial: SerialLine
  /** The command line that the first entry boots with when nobody edits it. */
  readonly unedited: string
  readonly pid: number
  /** A new channel on the serial line; it hears what comes from now on. */
  openChannel(): Channel
  /** Like the reset button. The machine is off until the first one. */
  reset(): Promise<void>
  /** The command line that was really booted since the last reset, as soon as a kernel reports it. */
  bootedWith(signal: AbortSignal): Promise<string>
  close(): Promise<void>
}

/** Enough for a boot loader and each kernel. */
const MEMORY_MIB = { stub: 128, linux: 256 }

const STUB: Kernel = { kernel: stubKernel(), initrd: Buffer.alloc(512) }

/** Makes the boot loader's disk and has the machine ready; `reset()` switches it on. */
export async function startRig(options: RigOptions, signal: AbortSignal): Promise<Rig> {
  await using undo = new AsyncDisposableStack()
  // A short name: the path of a unix socket is limited to 107 bytes (unix(7)).
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-rig-'))
  undo.defer(() => rm(folder, { recursive: true, force: true }))
  const menu = { ...DEFAULT_MENU, ...options.menu }
  const disk = join(folder, 'disk')
  const work = join(folder, 'work')
  await mkdir(work)
  const wanted = options.kernel ?? 'stub'
  const kernel = wanted === 'linux' ? await debianKernel('amd64', signal) : STUB
  await makeGrubDisk(disk, options.class, menu, kernel, work, signal)
  const machine = await startRigMachine(options.class, disk, MEMORY_MIB[wanted], folder, signal)
  undo.use(machine.process)
  return assemble(machine, menu, undo.move())
}

function assemble(machine: RigMachine, menu: RigMenu, belongings: AsyncDisposableStack): Rig {
  const serial = createSerialLine()
  serial.plugIn(machine.serial)
  const reports = hearReports(serial)
  let isOn = false
  const close = () => belongings.disposeAsync()
  return {
    serial,
    unedited: `BOOT_IMAGE=${KERNEL} ${firstEntry(menu).arguments}`,
    pid: machine.process.pid,
    openChannel: () => new RigChannel(serial),
    reset: async () => {
      reports.forget()
      await machine.qmp.execute(isOn ? 'system_reset' : 'cont')
      isOn = true
    },
    bootedWith: (signal) => reports.next(signal),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function firstEntry({ entries }: RigMenu): LinuxEntry {
  const [first] = entries
  if (first === undefined) throw new Error('a menu needs an entry')
  if ('arguments' in first) return first
  return firstEntry({ ...DEFAULT_MENU, entries: first.entries })
}
