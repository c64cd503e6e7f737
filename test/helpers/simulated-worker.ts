/** A worker that runs one rescue, and can be told to stop, or be frozen: then it neither reads nor writes anything. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Entry } from '../../core/record/events.ts'
import type { AppendConditions, AppendResult, Draft, EventLog, Head } from '../../core/record/log.ts'
import type { RescueContext, RescueSettings } from '../../core/rescue/context.ts'
import { WorkerStopping } from '../../core/rescue/ending.ts'
import { rescue } from '../../core/rescue/rescue.ts'
import type { Fence } from '../../core/rescue/world.ts'
import type { SimulatedCloud, SimulatedWorld } from './simulated-world.ts'

export interface WorkerParts {
  readonly id: string
  readonly rescue: string
  readonly log: EventLog
  readonly cloud: SimulatedCloud
  readonly settings: RescueSettings
  /** How long it waits for a free slot after people have answered. */
  readonly turnTakesMs: () => number
}

export class SimulatedWorker {
  /** Settles as the rescue does in this worker. */
  readonly done: Promise<void>
  /** What it did in the world while others had its slot. */
  actsOutOfTurn = 0
  readonly #ice = new Ice()
  readonly #stopping = new AbortController()
  #world: SimulatedWorld | undefined
  #hasTurn = true

  constructor({ id, rescue: rescueId, log, cloud, settings, turnTakesMs }: WorkerParts) {
    const frozenLog = new FreezableLog(log, this.#ice)
    const context: RescueContext = {
      rescue: rescueId,
      log: frozenLog,
      workerId: id,
      settings,
      now: () => new Date(),
      whileWaiting: async (wait) => {
        this.#hasTurn = false
        try {
          return await wait()
        } finally {
          await pause(turnTakesMs())
          this.#hasTurn = true
        }
      },
      worldFor: (fence) => {
        const inTurn: Fence = (signal) => {
          if (!this.#hasTurn) this.actsOutOfTurn += 1
          return fence(signal)
        }
        const world = cloud.worldFor(inTurn, this.#ice)
        this.#world = world
        return world
      },
    }
    this.done = rescue(context, this.#stopping.signal)
    // Whoever awaits `done` hears of it; a test that only looks at the log does not.
    this.done.catch(() => undefined)
  }

  /** How many bytes it has typed so far. */
  get typed(): number {
    return this.#world?.typed ?? 0
  }

  /** SIGTERM. */
  stop(): void {
    this.#stopping.abort(new WorkerStopping())
  }

  /** SIGSTOP. */
  freeze(): void {
    this.#ice.freeze()
  }

  /** SIGCONT. */
  thaw(): void {
    this.#ice.thaw()
  }
}

/** Stops a worker where it passes: before it reads, writes, or acts. */
export class Ice {
  #thawed: PromiseWithResolvers<void> | undefined
  #frozenMs = 0

  freeze(): void {
    this.#thawed ??= Promise.withResolvers()
  }

  thaw(): void {
    if (this.#thawed !== undefined) this.#frozenMs += 60_000
    this.#thawed?.resolve()
    this.#thawed = undefined
  }

  /** The worker's monotonic clock: whoever was frozen, was so for a minute. */
  now(): number {
    return this.#frozenMs
  }

  async pass(): Promise<void> {
    while (this.#thawed !== undefined) await this.#thawed.promise
  }
}

class FreezableLog implements EventLog {
  readonly #log: EventLog
  readonly #ice: Ice

  constructor(log: EventLog, ice: Ice) {
    this.#log = log
    this.#ice = ice
  }

  read(rescueId: string, after: number): Promise<{ readonly entries: readonly Entry[]; readonly head: Head }> {
    return this.#unfrozen(() => this.#log.read(rescueId, after))
  }

  append(rescueId: string, draft: Draft, conditions: AppendConditions): Promise<AppendResult> {
    return this.#unfrozen(() => this.#log.append(rescueId, draft, conditions))
  }

  grown(rescueId: string, after: number, signal: AbortSignal): Promise<void> {
    return this.#unfrozen(() => this.#log.grown(rescueId, after, signal))
  }

  epoch(rescueId: string): Promise<number> {
    return this.#unfrozen(() => this.#log.epoch(rescueId))
  }

  lockedBy(instanceId: string): Promise<string | undefined> {
    return this.#unfrozen(() => this.#log.lockedBy(instanceId))
  }

  live(): Promise<readonly string[]> {
    return this.#unfrozen(() => this.#log.live())
  }

  /** Frozen before it asks, or before it hears the answer. */
  async #unfrozen<T>(ask: () => Promise<T>): Promise<T> {
    await this.#ice.pass()
    const answer = await ask()
    await this.#ice.pass()
    return answer
  }
}
