/**
 * One QEMU process: from its command line to the moment when its serial line and
 * its control line are connected. QEMU connects to us, not we to it, so that not
 * one byte of the serial line is written before somebody reads.
 */
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { type RunningProcess, startProcess } from '../processes.ts'
import { type Acceleration, accelerationArguments } from './acceleration.ts'
import type { MachineSpec } from './machine.ts'
import { type Qmp, speakQmp } from './qmp.ts'

export interface PlannedDisk {
  readonly file: string
  readonly format: 'raw' | 'qcow2'
  readonly throwAway: boolean
}

export interface QemuPlan {
  readonly spec: MachineSpec
  readonly acceleration: Acceleration
  /** The disks that are written to: overlays, or those of the spec. */
  readonly disk: PlannedDisk
  readonly dataDisks: readonly PlannedDisk[]
  /** For UEFI: the machine's own copy of the firmware's variables. */
  readonly firmware: { readonly code: string; readonly variables: string } | undefined
  readonly sshd: { readonly host: string; readonly port: number }
  /** A folder with a short name: the path of a unix socket is limited to 107 bytes (unix(7)). */
  readonly sockets: string
  readonly logFile: string
}

export interface RunningQemu {
  readonly process: RunningProcess
  readonly qmp: Qmp
  readonly serial: Socket
  readonly vncSocket: string
}

/** Starts QEMU with the guest's processors halted; QMP's `cont` lets it go. */
export async function startQemu(plan: QemuPlan, signal?: AbortSignal): Promise<RunningQemu> {
  signal?.throwIfAborted()
  const serial = await expectConnection(join(plan.sockets, 'serial'))
  const control = await expectConnection(join(plan.sockets, 'qmp'))
  try {
    const process = await startProcess({
      name: `qemu ${plan.spec.name}`,
      command: 'qemu-system-x86_64',
      args: qemuArguments(plan),
      logFile: plan.logFile,
    })
    try {
      const died = process.exited.then(() => {
        throw new Error('it ended at once')
      })
      const connected = Promise.all([serial.connection, control.connection.then(speakQmp)])
      const [serialSocket, qmp] = await Promise.race([connected, died, whenAborted(signal)])
      return { process, qmp, serial: serialSocket, vncSocket: vncSocket(plan) }
    } catch (cause) {
      await process.close()
      signal?.throwIfAborted()
      throw new Error(`QEMU for ${plan.spec.name} could not start: ${process.lastLines()}`, { cause })
    }
  } finally {
    serial.stopListening()
    control.stopListening()
  }
}

export function qemuArguments(plan: QemuPlan): readonly string[] {
  const { spec, disk, dataDisks, firmware, sshd } = plan
  return [
    ...['-name', spec.name, '-nodefaults', '-no-user-config', '-S'],
    // pc boots quickest. Its screen stays on: without one SeaBIOS would redirect text to the serial line by itself.
    ...['-machine', firmware === undefined ? 'pc' : 'q35'],
    ...[...accelerationArguments(plan.acceleration), '-m', String(spec.memoryMiB)],
    ...firmwareArguments(firmware),
    ...['-vga', 'std', '-display', 'none', '-vnc', `unix:${option(vncSocket(plan))}`],
    ...['-chardev', `socket,id=serial0,path=${option(join(plan.sockets, 'serial'))}`, '-serial', 'chardev:serial0'],
    ...['-chardev', `socket,id=qmp0,path=${option(join(plan.sockets, 'qmp'))}`, '-mon', 'chardev=qmp0,mode=control'],
    ...diskArguments(disk, 0),
    // restrict=on: the guest reaches nothing outside, neither this machine nor the metadata service of a cloud it may run in.
    ...['-netdev', `user,id=net0,restrict=on,hostfwd=tcp:${sshd.host}:${sshd.port}-:22`],
    ...['-device', 'virtio-net-pci,netdev=net0,romfile=', '-device', 'virtio-rng-pci'],
    // Last, so that with and without them all other devices have the same addresses, and the network its name.
    ...dataDisks.flatMap((one, index) => diskArguments(one, index + 1)),
  ]
}

function firmwareArguments(firmware: QemuPlan['firmware']): readonly string[] {
  if (firmware === undefined) return []
  return [
    ...['-drive', `if=pflash,format=raw,readonly=on,file=${option(firmware.code)}`],
    ...['-drive', `if=pflash,format=raw,file=${option(firmware.variables)}`],
  ]
}

function diskArguments(disk: PlannedDisk, index: number): readonly string[] {
  // A disk that dies with the machine need not survive a power cut of the host.
  const cache = disk.throwAway ? ',cache=unsafe' : ''
  return [
    ...['-drive', `id=disk${index},if=none,format=${disk.format}${cache},file=${option(disk.file)}`],
    ...['-device', `virtio-blk-pci,drive=disk${index}${index === 0 ? ',bootindex=0' : ''}`],
  ]
}

function vncSocket(plan: QemuPlan): string {
  return join(plan.sockets, 'vnc')
}

/** QEMU separates options by commas; one inside a value is written twice. */
export function option(value: string): string {
  return value.replaceAll(',', ',,')
}

export interface Expected {
  readonly connection: Promise<Socket>
  stopListening(): void
}

/** Listens on a unix socket for the one connection of a QEMU that is about to start. */
export function expectConnection(path: string): Promise<Expected> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    const connection = new Promise<Socket>((connected) => {
      server.once('connection', (socket) => {
        // A killed QEMU resets the connection; its exit says why.
        socket.on('error', () => socket.destroy())
        connected(socket)
      })
    })
    server.listen(path, () => resolve({ connection, stopListening: () => server.close() }))
  })
}

/** Never resolves. */
function whenAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
