/** An instance as OCI tells about it: life cycle states around a machine, and power actions that act on it. */
import { createHash } from 'node:crypto'
import type { Machine } from '../machines/machine.ts'
import { newOcid } from './ocid.ts'
import { inBackground, type Pace, pause } from './pace.ts'
import { incorrectState, ServiceError } from './service-error.ts'

export type InstanceState =
  | 'MOVING'
  | 'PROVISIONING'
  | 'RUNNING'
  | 'STARTING'
  | 'STOPPING'
  | 'STOPPED'
  | 'CREATING_IMAGE'
  | 'TERMINATING'
  | 'TERMINATED'

export const POWER_ACTIONS = ['START', 'STOP', 'RESET', 'SOFTSTOP', 'SOFTRESET', 'SENDDIAGNOSTICINTERRUPT'] as const
export type PowerAction = (typeof POWER_ACTIONS)[number]

export interface InstanceSetup {
  readonly machine: Machine
  readonly displayName: string
  readonly ocid?: string
  /** Holds until the first power action. Without it the state follows the machine's power. */
  readonly lifecycleState?: InstanceState
  /** Default: what the machine's spec says. */
  readonly image?: { readonly operatingSystem: string; readonly operatingSystemVersion: string }
  readonly shape?: string
  /** Of its network card; without one it has only the private address. */
  readonly publicIp?: string
  readonly freeformTags?: Readonly<Record<string, string>>
  /** By namespace. */
  readonly definedTags?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** How often a guest that was asked to shut down is looked at, in ms. */
const POWER_POLL = 100

export class Instance {
  readonly id: string
  readonly vnicId: string
  readonly vnicAttachmentId: string
  readonly imageId: string
  readonly timeCreated = new Date()
  readonly setup: InstanceSetup
  #fixed: InstanceState | undefined
  #moving: InstanceState | undefined

  constructor(setup: InstanceSetup, region: string, imageId: string) {
    this.setup = setup
    this.id = setup.ocid ?? newOcid('instance', region)
    this.vnicId = newOcid('vnic', region)
    this.vnicAttachmentId = newOcid('vnicattachment', region)
    this.imageId = imageId
    this.#fixed = setup.lifecycleState
  }

  get lifecycleState(): InstanceState {
    return this.#moving ?? this.#fixed ?? (this.setup.machine.power() === 'on' ? 'RUNNING' : 'STOPPED')
  }

  get etag(): string {
    return createHash('sha256').update(`${this.id} ${this.lifecycleState}`).digest('hex')
  }

  /**
   * Begins a power action and resolves once the machine has been told; the states in
   * between pass afterwards. Rejects with OCI's 409 when the state does not allow it.
   */
  async act(action: PowerAction, pace: Pace, signal: AbortSignal): Promise<void> {
    this.#demandStateFor(action)
    const before = this.#fixed
    this.#fixed = undefined
    this.#moving = firstState(action)
    try {
      await tell(this.setup.machine, action)
    } catch (error) {
      this.#fixed = before
      this.#moving = undefined
      throw error
    }
    inBackground(this.#settle(action, pace, signal), signal)
  }

  #demandStateFor(action: PowerAction): void {
    const state = this.lifecycleState
    if (state === 'STARTING' || state === 'STOPPING') {
      // OCI's words, seen in the field.
      throw new ServiceError(409, 'Conflict', `instance ${this.id} is currently being modified, try again later`)
    }
    const needed = action === 'START' ? 'STOPPED' : 'RUNNING'
    if (state !== needed) {
      throw incorrectState(`Instance ${this.id} is in state ${state}; ${action} needs it in state ${needed}.`)
    }
  }

  async #settle(action: PowerAction, pace: Pace, signal: AbortSignal): Promise<void> {
    try {
      if (action === 'SOFTSTOP' || action === 'SOFTRESET') await this.#awaitShutdown(action, pace, signal)
      if (this.#moving === 'STOPPING') await pause(pace.instanceStopping, signal)
      if (action === 'RESET' || action === 'SOFTRESET') this.#moving = 'STARTING'
      if (this.#moving === 'STARTING') await pause(pace.instanceStarting, signal)
    } finally {
      this.#moving = undefined
    }
  }

  async #awaitShutdown(action: 'SOFTSTOP' | 'SOFTRESET', pace: Pace, signal: AbortSignal): Promise<void> {
    const { machine } = this.setup
    const deadline = performance.now() + pace.guestShutdown
    while (machine.power() === 'on' && performance.now() < deadline) await pause(POWER_POLL, signal)
    if (action === 'SOFTRESET') await machine.reset()
    else if (machine.power() === 'on') await machine.stop()
  }
}

function firstState(action: PowerAction): InstanceState | undefined {
  if (action === 'SENDDIAGNOSTICINTERRUPT') return undefined
  return action === 'START' ? 'STARTING' : 'STOPPING'
}

async function tell(machine: Machine, action: PowerAction): Promise<void> {
  switch (action) {
    case 'START':
      return await machine.start()
    case 'STOP':
      return await machine.stop()
    case 'RESET':
      return await machine.reset()
    case 'SENDDIAGNOSTICINTERRUPT':
      return await machine.interrupt()
    case 'SOFTSTOP':
    case 'SOFTRESET':
      return await machine.pressPowerButton()
  }
}
