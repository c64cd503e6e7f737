/** Console histories: what stood on an instance's serial line, captured at one moment. */
import type { Faults } from './faults.ts'
import type { Instance } from './instance.ts'
import { newOcid } from './ocid.ts'
import { inBackground, type Pace, pause } from './pace.ts'
import { incorrectState, notFound } from './service-error.ts'
import type { Tags } from './tags.ts'

export interface ConsoleHistory {
  readonly id: string
  readonly instance: Instance
  readonly displayName: string
  readonly tags: Tags
  readonly timeCreated: Date
  readonly content: Uint8Array
  lifecycleState: 'REQUESTED' | 'GETTING-HISTORY' | 'SUCCEEDED' | 'FAILED'
}

/** OCI keeps the most recent megabyte. */
const MOST_BYTES = 1024 * 1024

export interface ConsoleHistoriesOptions {
  readonly region: string
  readonly pace: Pace
  readonly faults: Faults
  readonly now: () => number
}

export class ConsoleHistories {
  readonly #region: string
  readonly #pace: Pace
  readonly #faults: Faults
  readonly #now: () => number
  readonly #signal: AbortSignal
  readonly #byId = new Map<string, ConsoleHistory>()

  constructor({ region, pace, faults, now }: ConsoleHistoriesOptions, signal: AbortSignal) {
    this.#region = region
    this.#pace = pace
    this.#faults = faults
    this.#now = now
    this.#signal = signal
  }

  capture(instance: Instance, displayName: string | undefined, tags: Tags): ConsoleHistory {
    const id = newOcid('consolehistory', this.#region)
    const timeCreated = new Date(this.#now())
    const history: ConsoleHistory = {
      id,
      instance,
      displayName: displayName ?? `consolehistory${timeCreated.getTime()}`,
      tags,
      timeCreated,
      content: instance.setup.machine.serial.history().slice(-MOST_BYTES),
      lifecycleState: 'REQUESTED',
    }
    this.#byId.set(id, history)
    inBackground(this.#fetch(history), this.#signal)
    return history
  }

  get(id: string): ConsoleHistory {
    const history = this.#byId.get(id)
    if (!history) throw notFound()
    return history
  }

  list(): readonly ConsoleHistory[] {
    return [...this.#byId.values()]
  }

  delete(id: string): void {
    this.get(id)
    this.#byId.delete(id)
  }

  /** A piece of the content, and how many bytes come after it. */
  read(id: string, offset: number, length: number): { bytes: Uint8Array; remaining: number } {
    const history = this.get(id)
    if (history.lifecycleState !== 'SUCCEEDED') {
      throw incorrectState(`Console history ${id} is in state ${history.lifecycleState}.`)
    }
    const bytes = history.content.subarray(offset, offset + length)
    return { bytes, remaining: Math.max(0, history.content.length - offset - bytes.length) }
  }

  async #fetch(history: ConsoleHistory): Promise<void> {
    const fate = this.#faults.consoleHistories
    if (fate === 'stays-requested') return
    await pause(this.#pace.historyStep, this.#signal)
    history.lifecycleState = 'GETTING-HISTORY'
    await pause(this.#pace.historyStep, this.#signal)
    history.lifecycleState = fate === 'failed' ? 'FAILED' : 'SUCCEEDED'
  }
}
