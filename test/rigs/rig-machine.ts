/**
 * The machine of a rig: one QEMU process with a disk, a serial line and a reset
 * button, and nothing else that would cost time at a boot.
 */
import { copyFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { orAborted } from '../../core/base/deadline.ts'
import { expectConnection, option } from '../../deploy/local/machines/qemu.ts'
import { type Qmp, speakQmp } from '../../deploy/local/machines/qmp.ts'
import { type RunningProcess, startProcess } from '../../deploy/local/processes.ts'
import type { RigParts } from './classes.ts'

export interface RigMachine {
  readonly process: RunningProcess
  readonly qmp: Qmp
  readonly serial: Socket
}

export interface RigMachinePlan {
  readonly parts: RigParts
  readonly disk: string
  readonly memoryMiB: number
  /** How long UEFI waits for the key that leads into its menus, ms. */
  readonly firmwareMs: number
  /** For its sockets and variables. */
  readonly folder: string
}

/** Starts it with its processor halted: QMP's `cont` lets it go. */
export async function startRigMachine(plan: RigMachinePlan, signal: AbortSignal): Promise<RigMachine> {
  const { parts, disk, memoryMiB, firmwareMs, folder } = plan
  const serial = await expectConnection(join(folder, 'serial'))
  const control = await expectConnection(join(folder, 'qmp'))
  try {
    const process = await startProcess({
      name: 'rig',
      command: parts.firmware === 'uefi-arm64' ? 'qemu-system-aarch64' : 'qemu-system-x86_64',
      args: [
        ...['-nodefaults', '-no-user-config', '-S', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
        ...['-m', String(memoryMiB), '-display', 'none', ...(await platform(parts, folder))],
        ...['-chardev', `socket,id=serial0,path=${option(join(folder, 'serial'))}`, '-serial', 'chardev:serial0'],
        ...['-chardev', `socket,id=qmp0,path=${option(join(folder, 'qmp'))}`, '-mon', 'chardev=qmp0,mode=control'],
        ...(firmwareMs === 0 ? [] : ['-boot', `menu=on,splash-time=${firmwareMs}`]),
        // A disk that dies with the rig need not survive a power cut of the host.
        ...['-drive', `id=disk0,if=none,format=raw,cache=unsafe,file=${option(disk)}`],
        ...['-device', 'virtio-blk-pci,drive=disk0,bootindex=0'],
      ],
      // It has nothing to say goodbye to.
      graceMs: 1000,
    })
    try {
      const died = process.exited.then(() => {
        throw new Error(`the rig's QEMU ended at once: ${process.lastLines()}`)
      })
      const connected = Promise.all([serial.connection, control.connection.then(speakQmp)])
      const [socket, qmp] = await orAborted(Promise.race([connected, died]), signal)
      return { process, qmp, serial: socket }
    } catch (thrown) {
      await process.close()
      throw thrown
    }
  } finally {
    serial.stopListening()
    control.stopListening()
  }
}

async function platform({ firmware, machine }: RigParts, folder: string): Promise<readonly string[]> {
  const display = machine === 'pc' || machine === 'q35' ? ['-vga', 'std'] : []
  const hardware = ['-machine', machine, ...display]
  switch (firmware) {
    case 'bios':
      return hardware
    case 'uefi':
      return [...hardware, ...(await flash('/usr/share/OVMF/OVMF', '_4M.fd', folder))]
    case 'uefi-arm64':
      return [...hardware, ...(await flash('/usr/share/AAVMF/AAVMF', '.fd', folder))]
  }
}

/** Debian's build of edk2, with variables of the rig's own. */
async function flash(name: string, ending: string, folder: string): Promise<readonly string[]> {
  const variables = join(folder, 'variables.fd')
  await copyFile(`${name}_VARS${ending}`, variables)
  return [
    ...['-drive', `if=pflash,format=raw,readonly=on,file=${name}_CODE${ending}`],
    ...['-drive', `if=pflash,format=raw,file=${option(variables)}`],
  ]
}
