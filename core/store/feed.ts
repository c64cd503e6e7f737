/**
 * Wakes those who wait for a log to grow. However many rescues wait, one connection
 * of the process blocks on the feed and hands out what it hears. The feed is a
 * stream, so what was noted while the connection was away is read afterwards; and
 * because a stream can be trimmed, everybody is looked after every few seconds too.
 */
import type { Redis } from 'ioredis'
import { orAborted, sleep } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import { askStore } from './connect.ts'
import { FEED, headKey } from './keys.ts'

/** Rare enough to cost nothing, soon enough that a note that was missed does not spoil a rescue. */
const SAFETY_CHECK_MS = 5000
/** An answer, if only an empty one, comes so often; a connection that is silent for three times as long is dead. */
const BLOCK_MS = 5000
const PAUSE_AFTER_TROUBLE_MS = 250
const NOTES_AT_ONCE = 500

interface Waiter {
  readonly rescue: string
  readonly after: number
  readonly wake: () => void
  readonly fail: (reason: unknown) => void
}

export class Feed {
  readonly #redis: Redis
  readonly #onTrouble: (error: unknown) => void
  readonly #waiters = new Set<Waiter>()
  readonly #closing = new AbortController()
  #blocking: Redis | undefined
  #listening: Promise<void> | undefined
  #loops: Promise<unknown> = Promise.resolve()

  /** `onTrouble` hears of lost connections; waiting goes on all the same. */
  constructor(redis: Redis, onTrouble: (error: unknown) => void) {
    this.#redis = redis
    this.#onTrouble = onTrouble
  }

  /** Resolves when the log of `rescue` is longer than `after`; throws the signal's reason. */
  async grown(rescue: string, after: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#closing.signal.throwIfAborted()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const waiter = { rescue, after, wake: resolve, fail: reject }
    this.#waiters.add(waiter)
    try {
      this.#beginWith(waiter).catch(reject)
      await orAborted(promise, signal)
    } finally {
      this.#waiters.delete(waiter)
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new RescueError('us', 'log-closed', 'the event log was closed'))
    for (const waiter of this.#waiters) waiter.fail(this.#closing.signal.reason)
    this.#blocking?.disconnect()
    await this.#loops
  }

  /** First a place in the feed, then the look: what comes after the look stands in the feed behind that place. */
  async #beginWith(waiter: Waiter): Promise<void> {
    await this.#listen()
    if ((await askStore(this.#length(waiter.rescue))) > waiter.after) waiter.wake()
  }

  async #length(rescue: string): Promise<number> {
    return Number((await this.#redis.hget(headKey(rescue), 'seq')) ?? 0)
  }

  #listen(): Promise<void> {
    this.#listening ??= this.#start().catch((error) => {
      this.#listening = undefined
      this.#blocking?.disconnect()
      throw error
    })
    return this.#listening
  }

  async #start(): Promise<void> {
    const blocking = this.#redis.duplicate({ maxRetriesPerRequest: null, socketTimeout: 3 * BLOCK_MS })
    blocking.on('error', this.#onTrouble)
    this.#blocking = blocking
    const [newest] = await askStore(blocking.xrevrange(FEED, '+', '-', 'COUNT', 1))
    this.#loops = Promise.all([this.#follow(blocking, newest?.[0] ?? '0-0'), this.#lookAfterAll()])
  }

  async #follow(blocking: Redis, from: string): Promise<void> {
    for (let last = from; !this.#closing.signal.aborted; ) {
      try {
        last = await this.#hear(blocking, last)
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#onTrouble(error)
        await this.#pause(PAUSE_AFTER_TROUBLE_MS)
      }
    }
  }

  /** Hands out the notes after `last`; returns the id of the newest. */
  async #hear(blocking: Redis, last: string): Promise<string> {
    const heard = await blocking.xread('COUNT', NOTES_AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', FEED, last)
    const notes = heard?.[0]?.[1] ?? []
    for (const [, [, rescue = '', , seq = '0']] of notes) this.#wake(rescue, Number(seq))
    return notes.at(-1)?.[0] ?? last
  }

  async #lookAfterAll(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#pause(SAFETY_CHECK_MS)
      try {
        await Promise.all(
          [...new Set([...this.#waiters].map(({ rescue }) => rescue))].map((rescue) => this.#look(rescue)),
        )
      } catch (error) {
        this.#onTrouble(error)
      }
    }
  }

  async #look(rescue: string): Promise<void> {
    this.#wake(rescue, await this.#length(rescue))
  }

  #wake(rescue: string, length: number): void {
    for (const waiter of this.#waiters) if (waiter.rescue === rescue && waiter.after < length) waiter.wake()
  }

  /** Ends early, and quietly, when the feed is closed. */
  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, this.#closing.signal).catch((reason) => {
      if (!this.#closing.signal.aborted) throw reason
    })
  }
}
