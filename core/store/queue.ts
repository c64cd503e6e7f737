/**
 * The queue between bot and workers. A job says only which rescue it is; its id is
 * the rescue's id, so that a rescue can be queued as often as somebody wants to be
 * sure of it, and stands in the queue once.
 */
import { DelayedError, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'
import { QUEUE_NAME, RescueJob } from '../record/jobs.ts'
import { askStore } from './connect.ts'
import { PREFIX } from './keys.ts'

const JOB_NAME = 'rescue'

export class RescueQueue implements AsyncDisposable {
  readonly #redis: Redis
  readonly #queue: Queue

  /** `redis` stays the caller's. `onTrouble` hears of lost connections. */
  constructor(redis: Redis, onTrouble: (error: unknown) => void = () => undefined) {
    this.#redis = redis
    this.#queue = new Queue(QUEUE_NAME, { connection: redis, prefix: PREFIX })
    this.#queue.on('error', onTrouble)
  }

  /** Does nothing when the rescue is queued or being worked on already. */
  async add(rescue: string): Promise<void> {
    // What happened stands in the log, so a job that is over leaves nothing behind that could stop a second one.
    const options = { jobId: rescue, attempts: 1, removeOnComplete: true, removeOnFail: true }
    await askStore(this.#queue.add(JOB_NAME, RescueJob.parse({ rescue }), options))
  }

  /**
   * Takes jobs until the worker that is returned is closed. `work` gets the rescue's id and a signal that ends when
   * the job's lock was lost; a job that is not of its form is dropped with a report.
   */
  take(options: TakeOptions, work: Work): Worker {
    return takeJobs(this.#redis, options, work)
  }

  close(): Promise<void> {
    return this.#queue.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

export interface TakeOptions {
  /** Jobs held at the same time, waiting ones included. */
  readonly concurrency: number
  /** After so long without a sign of life a job is given to another worker. */
  readonly lockMs: number
  /** Hears of lost connections, of jobs whose lock was lost, and of what `work` throws. */
  readonly onTrouble: (error: unknown) => void
}

/** `later`: not here, not now; the job goes back to the queue, and to whichever worker asks next. */
export type WorkResult = 'done' | 'later'

export type Work = (rescue: string, signal: AbortSignal) => Promise<WorkResult>

/** Soon enough that nobody notices, rare enough that a full worker is not busy with refusing. */
const LATER_MS = 1000

function takeJobs(redis: Redis, options: TakeOptions, work: Work): Worker {
  const worker = new Worker(
    QUEUE_NAME,
    // Exactly these parameters: BullMQ counts them (`Function.length`) to decide whether there is to be a signal.
    async (job, token, signal) => {
      const { rescue } = RescueJob.parse(job.data)
      if ((await work(rescue, lockOf(rescue, signal))) === 'done') return
      await job.moveToDelayed(Date.now() + LATER_MS, token)
      throw new DelayedError()
    },
    {
      connection: redis,
      prefix: PREFIX,
      concurrency: options.concurrency,
      lockDuration: options.lockMs,
      // A worker that died is noticed at the second look after its lock ran out.
      stalledInterval: Math.max(1000, options.lockMs / 2),
      // A rescue is never given up because workers died: whoever comes next pays its debts.
      maxStalledCount: Number.MAX_SAFE_INTEGER,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  )
  worker.on('error', options.onTrouble)
  worker.on('failed', (_job, error) => options.onTrouble(error))
  worker.on('lockRenewalFailed', (rescues) => {
    for (const rescue of rescues) worker.cancelJob(rescue, 'lock-lost')
  })
  return worker
}

/** BullMQ gives reasons as text; ours are errors. */
function lockOf(rescue: string, held: AbortSignal | undefined): AbortSignal {
  const controller = new AbortController()
  const lost = () =>
    controller.abort(new RescueError('us', 'lock-lost', `the job of ${rescue} may be another worker's now`))
  held?.addEventListener('abort', lost, { once: true })
  return controller.signal
}
