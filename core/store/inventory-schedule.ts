/** When the next inventory is made, and by whom: jobs that Redis schedules, given to one worker of all at a time. */
import { Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { INVENTORY_QUEUE_NAME } from '../record/jobs.ts'
import { askStore } from './connect.ts'
import { PREFIX } from './keys.ts'

/** One schedule, however many workers set it. */
const SCHEDULER = 'inventory'

export class InventorySchedule implements AsyncDisposable {
  readonly #redis: Redis
  readonly #queue: Queue
  readonly #onTrouble: (error: unknown) => void

  /** `redis` stays the caller's. `onTrouble` hears of lost connections, and of what the work throws. */
  constructor(redis: Redis, onTrouble: (error: unknown) => void) {
    this.#redis = redis
    this.#onTrouble = onTrouble
    this.#queue = new Queue(INVENTORY_QUEUE_NAME, { connection: redis, prefix: PREFIX })
    this.#queue.on('error', onTrouble)
  }

  /** The first is due now, unless there is a schedule of the same pace already. A run that fails is followed by the next. */
  async every(minutes: number): Promise<void> {
    await askStore(this.#queue.setGlobalConcurrency(1))
    const template = { name: SCHEDULER, opts: { attempts: 1, removeOnComplete: true, removeOnFail: true } }
    await askStore(this.#queue.upsertJobScheduler(SCHEDULER, { every: Math.ceil(minutes * 60_000) }, template))
  }

  /** Takes its turns until the worker that is returned is closed. The signal ends when the turn may be another's now. */
  take(work: (lost: AbortSignal) => Promise<void>): Worker {
    const worker = new Worker(
      INVENTORY_QUEUE_NAME,
      // Exactly these parameters: BullMQ counts them (`Function.length`) to decide whether there is to be a signal.
      async (_job, _token, signal) => await work(signal ?? new AbortController().signal),
      { connection: this.#redis, prefix: PREFIX, concurrency: 1 },
    )
    worker.on('error', this.#onTrouble)
    worker.on('failed', (_job, error) => this.#onTrouble(error))
    worker.on('lockRenewalFailed', (jobs) => {
      for (const job of jobs) worker.cancelJob(job, 'lock-lost')
    })
    return worker
  }

  close(): Promise<void> {
    return this.#queue.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
