/** Takes its turns at listing all instances, so that the bot can offer them; rescues do not depend on it. */
import type { Worker } from 'bullmq'
import { within } from '../core/base/deadline.ts'
import { RescueError } from '../core/base/errors.ts'
import type { Inventory, Listing } from '../core/record/inventory.ts'
import { WorkerStopping } from '../core/rescue/ending.ts'
import type { Inventories } from '../core/store/inventories.ts'
import type { InventorySchedule } from '../core/store/inventory-schedule.ts'
import type { InventoryOptions } from './oci/inventory.ts'
import type { Report } from './rescue-worker.ts'

export interface InventoryWorkerOptions {
  readonly schedule: InventorySchedule
  readonly inventories: Inventories
  readonly list: (
    options: Pick<InventoryOptions, 'before' | 'now' | 'onTrouble'>,
    signal: AbortSignal,
  ) => Promise<Listing>
  readonly everyMinutes: number
  readonly report: Report
}

/** Ten thousand instances take half a minute; this is for a cloud that is slow. */
const TURN_LIMIT_MS = 10 * 60_000

export class InventoryWorker {
  readonly #options: InventoryWorkerOptions
  readonly #stopping = new AbortController()
  readonly #turns: Worker

  constructor(options: InventoryWorkerOptions) {
    this.#options = options
    this.#turns = options.schedule.take((lost) => this.#turn(lost))
  }

  /** Resolves when turns are taken, and there will be some. */
  async ready(): Promise<void> {
    await this.#turns.waitUntilReady()
    await this.#options.schedule.every(this.#options.everyMinutes)
  }

  /** A list that is being made is given up: the one before stays. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stopping.abort(new WorkerStopping())
    await this.#turns.close()
  }

  async #turn(lost: AbortSignal): Promise<void> {
    const { inventories, list, report } = this.#options
    const over = AbortSignal.any([this.#stopping.signal, lost])
    using limit = within(over, TURN_LIMIT_MS)
    const onTrouble = (error: unknown) => report('warn', 'instances are listed without some addresses', { err: error })
    try {
      const listing = await list({ before: await this.#before(), now: new Date(), onTrouble }, limit.signal)
      const { instances, leftOut } = listing.inventory
      const isNewest = await inventories.replace(listing)
      report('info', 'instances listed', { instances: instances.length, leftOut, isNewest })
    } catch (error) {
      if (!over.aborted) report('warn', 'instances could not be listed; the list before stays', { err: error })
    }
  }

  /** What another version has written is no help, and no hindrance. */
  async #before(): Promise<Inventory | undefined> {
    try {
      return (await this.#options.inventories.read())?.inventory
    } catch (error) {
      if (error instanceof RescueError && error.code === 'inventory-unreadable') return undefined
      throw error
    }
  }
}
