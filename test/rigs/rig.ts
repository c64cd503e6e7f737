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
import { partsOf, type RigParts } from './classes.ts'
import { makeGrubDisk } from './grub-disk.ts'
import { INITRD, KERNEL, type Kernel } from './kernel.ts'
import { makeLegacyDisk } from './legacy-disk.ts'
import { debianKernel } from './linux.ts'
import { defaultMenu, linuxEntries, type RigKernel, type RigMenu, type RigOptions } from './options.ts'
import { hearReports } from './reports.ts'
import { RigChannel } from './rig-channel.ts'
import { type RigMachine, startRigMachine } from './rig-machine.ts'
import { stubApplication } from './stub-application.ts'
import { stubKernel } from './stub-kernel.ts'
import { makeSystemdBootDisk } from './systemd-boot-disk.ts'

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

/** Makes the boot loader's disk and has the machine ready; `reset()` switches it on. */
export async function startRig(options: RigOptions, signal: AbortSignal): Promise<Rig> {
  await using undo = new AsyncDisposableStack()
  // A short name: the path of a unix socket is limited to 107 bytes (unix(7)).
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-rig-'))
  undo.defer(() => rm(folder, { recursive: true, force: true }))
  const parts = partsOf(options.class)
  const menu = { ...defaultMenu(parts), ...options.menu }
  const kernel = parts.firmware === 'uefi-arm64' ? 'linux' : (options.kernel ?? 'stub')
  const disk = join(folder, 'disk')
  await makeDisk(disk, parts, menu, kernel, join(folder, 'work'), signal)
  const machine = await startRigMachine(
    { parts, disk, memoryMiB: MEMORY_MIB[kernel], firmwareMs: options.firmwareMs ?? 0, folder },
    signal,
  )
  undo.use(machine.process)
  return assemble(machine, uneditedCommandLine(parts, menu), undo.move())
}

async function makeDisk(
  file: string,
  parts: RigParts,
  menu: RigMenu,
  wanted: RigKernel,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(work)
  const kernel = await kernelFor(parts, wanted, signal)
  switch (parts.loader) {
    case 'grub':
      return await makeGrubDisk(file, parts, menu, kernel, work, signal)
    case 'grub-legacy':
      return await makeLegacyDisk(file, menu, kernel, work, signal)
    case 'systemd-boot':
      return await makeSystemdBootDisk(file, menu, kernel, work, signal)
  }
}

async function kernelFor({ loader, firmware }: RigParts, wanted: RigKernel, signal: AbortSignal): Promise<Kernel> {
  if (wanted === 'linux') return await debianKernel(firmware === 'uefi-arm64' ? 'arm64' : 'amd64', signal)
  // systemd-boot lets the firmware start kernels, which are applications to it.
  return { kernel: loader === 'systemd-boot' ? stubApplication() : stubKernel(), initrd: Buffer.alloc(512) }
}

/** Each boot loader adds a word of its own before the entry's. */
function uneditedCommandLine({ loader }: RigParts, { entries }: RigMenu): string {
  const args = linuxEntries(entries)[0]?.arguments ?? ''
  switch (loader) {
    case 'grub':
      return `BOOT_IMAGE=${KERNEL} ${args}`
    case 'grub-legacy':
      return args
    case 'systemd-boot':
      return `initrd=${INITRD.replaceAll('/', '\\')} ${args}`
  }
}

function assemble(machine: RigMachine, unedited: string, belongings: AsyncDisposableStack): Rig {
  const serial = createSerialLine()
  serial.plugIn(machine.serial)
  const reports = hearReports(serial)
  let isOn = false
  const close = () => belongings.disposeAsync()
  return {
    serial,
    unedited,
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
