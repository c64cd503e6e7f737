/**
 * Takes rescues from the queue and runs them: many held, few at work, each under
 * two signals (the worker stops; the job was lost), and none forgotten.
 */
import type { Worker } from 'bullmq'
import { sleep } from '../core/base/deadline.ts'
import { RescueError } from '../core/base/errors.ts'
import type { EventLog } from '../core/record/log.ts'
import { replay } from '../core/record/state.ts'
import type { RescueContext, RescueSettings } from '../core/rescue/context.ts'
import { WorkerStopping } from '../core/rescue/ending.ts'
import type { Fence, World } from '../core/rescue/world.ts'
import type { RescueQueue, WorkResult } from '../core/store/queue.ts'
import { HeldRescue } from './held-rescue.ts'
import { Slots, type Urgency } from './slots.ts'

export type RunRescue = (context: RescueContext, signal: AbortSignal) => Promise<void>

/** What happens in a worker that its operator may want to know. */
export type Report = (
  level: 'info' | 'warn' | 'error',
  message: string,
  facts: Readonly<Record<string, unknown>>,
) => void

export interface RescueWorkerOptions {
  readonly log: EventLog
  readonly queue: RescueQueue
  readonly run: RunRescue
  readonly worldFor: (fence: Fence) => World
  readonly settings: RescueSettings
  /** Names this process in the log. */
  readonly workerId: string
  /** Rescues at work at the same time. */
  readonly slots: number
  /** After so long without a sign of life a rescue is given to another worker. */
  readonly lockMs: number
  /** How long rescues get to pay their debts when the worker stops. */
  readonly stopMs: number
  readonly report: Report
}

/** Rescues held at the same time, most of them waiting for people: far above what a team has, far below what a process can. */
const MOST_HELD = 500
/** A rescue can be in the log and not in the queue: bot or worker died between the two, or the queue was lost. */
const LOOK_FOR_LOST_MS = 60_000

export class RescueWorker {
  readonly #options: RescueWorkerOptions
  readonly #slots: Slots
  readonly #stopping = new AbortController()
  readonly #jobs: Worker
  readonly #lookingForLost: Promise<void>
  #stopped: Promise<'in-time' | 'late'> | undefined

  constructor(options: RescueWorkerOptions) {
    this.#options = options
    this.#slots = new Slots(options.slots)
    const onTrouble = (error: unknown) => options.report('warn', 'trouble with the queue', { err: error })
    const { queue, lockMs } = options
    this.#jobs = queue.take({ concurrency: MOST_HELD, lockMs, onTrouble }, (rescue, lost) => this.#work(rescue, lost))
    this.#lookingForLost = this.#lookForLost()
  }

  /** Resolves when jobs are being taken. */
  async ready(): Promise<void> {
    await this.#jobs.waitUntilReady()
  }

  /** Ends all rescues, which pay their debts first, and waits for them; `late` when they need longer than configured. */
  stop(): Promise<'in-time' | 'late'> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async #stop(): Promise<'in-time' | 'late'> {
    this.#stopping.abort(new WorkerStopping())
    await this.#lookingForLost
    const { promise: late, resolve } = Promise.withResolvers<'late'>()
    const timer = setTimeout(() => resolve('late'), this.#options.stopMs)
    const outcome = await Promise.race([this.#jobs.close().then(() => 'in-time' as const), late])
    clearTimeout(timer)
    return outcome
  }

  async #work(rescue: string, lost: AbortSignal): Promise<WorkResult> {
    const signal = AbortSignal.any([this.#stopping.signal, lost])
    const urgency = await urgencyOf(this.#options.log, rescue)
    if (!(await this.#mayBegin(urgency, signal))) return 'later'
    const held = new HeldRescue(this.#slots, urgency, signal)
    try {
      await this.#run(rescue, held, signal)
    } finally {
      held.release()
    }
    return 'done'
  }

  /** Another worker may have a slot free; only a machine that is down is worth holding on to. */
  async #mayBegin(urgency: Urgency, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false
    if (urgency === 'machine-is-up') return this.#slots.tryTake()
    try {
      await this.#slots.take(urgency, signal)
      return true
    } catch (reason) {
      if (signal.aborted) return false
      throw reason
    }
  }

  async #run(rescue: string, held: HeldRescue, signal: AbortSignal): Promise<void> {
    const { log, run, worldFor, settings, workerId, report } = this.#options
    const whileWaiting: RescueContext['whileWaiting'] = (wait) => held.whileWaiting(wait)
    const now = () => new Date()
    const context = { rescue, log, workerId, worldFor: held.watching(worldFor), settings, now, whileWaiting }
    report('info', 'rescue begins', { rescue })
    try {
      await run(context, signal)
      report('info', 'rescue over', { rescue })
    } catch (error) {
      if (error instanceof RescueError && error.code === 'fenced-off') {
        report('warn', 'rescue belongs to another worker', { rescue })
        return
      }
      report('error', 'rescue broke off, and will be taken up again', { rescue, err: error })
      throw error
    }
  }

  async #lookForLost(): Promise<void> {
    const { signal } = this.#stopping
    const { log, queue, report } = this.#options
    while (!signal.aborted) {
      try {
        for (const rescue of await log.live()) await queue.add(rescue)
      } catch (error) {
        report('warn', 'could not look for lost rescues', { err: error })
      }
      await sleep(LOOK_FOR_LOST_MS, signal).catch((reason) => {
        if (!signal.aborted) throw reason
      })
    }
  }
}

/** A rescue that was begun before may have left its machine down. */
async function urgencyOf(log: EventLog, rescue: string): Promise<Urgency> {
  const { debts } = replay((await log.read(rescue, 0)).entries)
  return debts.some(({ kind }) => kind === 'maintenance') ? 'machine-is-down' : 'machine-is-up'
}
