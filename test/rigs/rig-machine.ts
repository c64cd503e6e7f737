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
import type { RigClass } from './options.ts'

export interface RigMachine {
  readonly process: RunningProcess
  readonly qmp: Qmp
  readonly serial: Socket
}

/** Starts it with its processor halted: QMP's `cont` lets it go. `folder` is for its sockets and variables. */
export async function startRigMachine(
  rigClass: RigClass,
  disk: string,
  memoryMiB: number,
  folder: string,
  signal: AbortSignal,
): Promise<RigMachine> {
  const serial = await expectConnection(join(folder, 'serial'))
  const control = await expectConnection(join(folder, 'qmp'))
  try {
    const process = await startProcess({
      name: `rig ${rigClass}`,
      command: 'qemu-system-x86_64',
      args: [
        ...['-nodefaults', '-no-user-config', '-S', '-accel', 'tcg,thread=multi', '-cpu', 'max'],
        ...['-m', String(memoryMiB), '-display', 'none', ...(await platform(rigClass, folder))],
        ...['-chardev', `socket,id=serial0,path=${option(join(folder, 'serial'))}`, '-serial', 'chardev:serial0'],
        ...['-chardev', `socket,id=qmp0,path=${option(join(folder, 'qmp'))}`, '-mon', 'chardev=qmp0,mode=control'],
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

async function platform(rigClass: RigClass, folder: string): Promise<readonly string[]> {
  switch (rigClass) {
    case 'bios-serial':
      return ['-machine', 'pc', '-vga', 'std']
    case 'bios-console':
      // Without a screen QEMU tells SeaBIOS to show its text on the serial line.
      return ['-machine', 'pc,graphics=off']
    case 'uefi-serial':
    case 'uefi-console':
    case 'uefi-both':
      return ['-machine', 'q35', '-vga', 'std', ...(await firmware(folder))]
  }
}

/** Debian's OVMF, with variables of the rig's own. */
async function firmware(folder: string): Promise<readonly string[]> {
  const variables = join(folder, 'variables.fd')
  await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables)
  return [
    ...['-drive', 'if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd'],
    ...['-drive', `if=pflash,format=raw,file=${option(variables)}`],
  ]
}
