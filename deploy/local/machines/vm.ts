/**
 * A machine that QEMU runs. What it was switched on and off, its disk, its serial
 * history and the port of its sshd stay over all its boots; the QEMU process does
 * not, for a guest that powers itself off ends it.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { runCommand } from '../commands.ts'
import { freePort } from '../ports.ts'
import type { Acceleration } from './acceleration.ts'
import type { DiskFile, Machine, MachineSpec } from './machine.ts'
import { type PlannedDisk, type QemuPlan, type RunningQemu, startQemu } from './qemu.ts'
import { createSerialLine } from './serial-line.ts'

export interface MachineOptions {
  /** For the overlay, the firmware's variables and QEMU's log. Made when missing. */
  readonly directory: string
  readonly acceleration: Acceleration
  /** A loopback address, 127.0.0.1 when not given. All of 127/8 can be used without being set up. */
  readonly sshdHost?: string
  /** A free one is taken when not given. */
  readonly sshdPort?: number
  /** Everything is there, serial line and VNC too, but the guest does not run before `start()` or `reset()`. */
  readonly paused?: boolean
  /** Told when QEMU ends in a way that nobody asked for. */
  readonly onFault?: (error: Error) => void
}

/** Resolves when the guest runs: at its firmware, not at its login prompt. */
export async function startMachine(spec: MachineSpec, options: MachineOptions, signal?: AbortSignal): Promise<Machine> {
  await mkdir(options.directory, { recursive: true })
  await using undo = new AsyncDisposableStack()
  const sockets = await mkdtemp(join(tmpdir(), 'oci-rescue-'))
  undo.defer(() => rm(sockets, { recursive: true, force: true }))
  const [disk, ...dataDisks] = await Promise.all([
    prepareDisk(spec, spec.keep, join(options.directory, `${spec.name}.qcow2`), signal),
    ...(spec.dataDisks ?? []).map((one, index) =>
      prepareDisk(one, spec.keep, join(options.directory, `${spec.name}-data-${index + 1}.qcow2`), signal),
    ),
  ])
  for (const { file, throwAway } of [disk, ...dataDisks]) if (throwAway) undo.defer(() => rm(file, { force: true }))
  const host = options.sshdHost ?? '127.0.0.1'
  const plan: QemuPlan = {
    spec,
    acceleration: options.acceleration,
    disk,
    dataDisks,
    firmware: spec.firmware === 'uefi' ? await prepareFirmware(spec, options.directory) : undefined,
    sshd: { host, port: options.sshdPort ?? (await freePort(host)) },
    sockets,
    logFile: join(options.directory, `${spec.name}.qemu.log`),
  }
  const machine = new VirtualMachine(plan, options.onFault)
  undo.use(machine)
  await machine.prepare(signal)
  if (options.paused !== true) await machine.start()
  machine.ownsAlso(undo.move())
  return machine
}

async function prepareDisk(
  { disk, format }: DiskFile,
  keep: boolean,
  overlay: string,
  signal?: AbortSignal,
): Promise<PlannedDisk> {
  if (keep) return { file: disk, format, throwAway: false }
  await runCommand('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', disk, '-F', format, overlay], {}, signal)
  return { file: overlay, format: 'qcow2', throwAway: true }
}

/** Debian's OVMF. The variables (boot order and the like) are each machine's own. */
async function prepareFirmware(spec: MachineSpec, directory: string): Promise<QemuPlan['firmware']> {
  const variables = join(directory, `${spec.name}.efi-vars.fd`)
  await copyFile('/usr/share/OVMF/OVMF_VARS_4M.fd', variables)
  return { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', variables }
}

class VirtualMachine implements Machine {
  readonly spec: MachineSpec
  readonly serial = createSerialLine()
  readonly sshd: { readonly host: string; readonly port: number }
  readonly #plan: QemuPlan
  readonly #onFault: ((error: Error) => void) | undefined
  #qemu: RunningQemu | undefined
  #guestRuns = false
  #closed = false
  #belongings: AsyncDisposable | undefined
  /** Power actions are taken one after the other, in the order in which they were asked for. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(plan: QemuPlan, onFault: ((error: Error) => void) | undefined) {
    this.spec = plan.spec
    this.sshd = plan.sshd
    this.#plan = plan
    this.#onFault = onFault
  }

  get pid(): number | undefined {
    return this.#qemu?.process.pid
  }

  power(): 'on' | 'off' {
    return this.#guestRuns ? 'on' : 'off'
  }

  /** Has QEMU ready, with the guest halted. */
  prepare(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(() => this.#prepare(signal).then(() => undefined))
  }

  /** What is cleaned up together with the machine. */
  ownsAlso(belongings: AsyncDisposable): void {
    this.#belongings = belongings
  }

  start(): Promise<void> {
    return this.#inTurn(() => this.#letRun())
  }

  reset(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#guestRuns) await this.#qemu?.qmp.execute('system_reset')
      else await this.#letRun()
    })
  }

  stop(): Promise<void> {
    return this.#inTurn(() => this.#end())
  }

  async pressPowerButton(): Promise<void> {
    if (!this.#guestRuns) throw new Error(`${this.spec.name} is off: it has no power button to press`)
    await this.#qemu?.qmp.execute('system_powerdown')
  }

  async interrupt(): Promise<void> {
    if (!this.#guestRuns) throw new Error(`${this.spec.name} is off: it has no processor to interrupt`)
    await this.#qemu?.qmp.execute('inject-nmi')
  }

  connectVnc(): Promise<Duplex> {
    const path = this.#qemu?.vncSocket
    if (path === undefined) return Promise.reject(new Error(`${this.spec.name} is off: it has no screen`))
    return new Promise((resolve, reject) => {
      const socket = connect(path, () => resolve(socket))
      socket.once('error', reject)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#turn
    await this.#end()
    const belongings = this.#belongings
    this.#belongings = undefined
    await belongings?.[Symbol.asyncDispose]()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const taken = this.#turn.then(() => {
      if (this.#closed) throw new Error(`${this.spec.name} is no more: it was closed`)
      return action()
    })
    this.#turn = taken.catch(() => undefined)
    return taken
  }

  async #letRun(): Promise<void> {
    const qemu = await this.#prepare()
    await qemu.qmp.execute('cont')
    this.#guestRuns = true
  }

  async #prepare(signal?: AbortSignal): Promise<RunningQemu> {
    if (this.#qemu !== undefined) return this.#qemu
    const qemu = await startQemu(this.#plan, signal)
    this.#qemu = qemu
    this.serial.plugIn(qemu.serial)
    void qemu.process.exited.then((exit) => {
      if (this.#qemu !== qemu) return
      this.#forget()
      // 0: the guest powered itself off.
      if (exit.code !== 0) this.#reportFault(`${exit.signal ?? `code ${exit.code}`}\n${qemu.process.lastLines()}`)
    })
    return qemu
  }

  async #end(): Promise<void> {
    const qemu = this.#qemu
    this.#forget()
    await qemu?.process.close()
  }

  #forget(): void {
    this.#qemu = undefined
    this.#guestRuns = false
  }

  #reportFault(how: string): void {
    this.#onFault?.(new Error(`QEMU for ${this.spec.name} ended by itself: ${how}`))
  }
}
