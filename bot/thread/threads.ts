/**
 * The threads that are not complete yet: one keeper each. Which they are stands in
 * Redis, so that a bot that starts again picks them up, those included whose rescue
 * ended while no bot was there.
 */
import { sleep } from '../../core/base/deadline.ts'
import { toRescueError } from '../../core/base/errors.ts'
import { Keeper, type KeeperEnd, type KeeperParts } from './keeper.ts'
import { type Notes, Outbox } from './outbox.ts'
import { isFirstHearing, rescueOfThread } from './whose-thread.ts'

export interface OpenThreads extends Notes {
  delete(rescue: string, part: string): Promise<void>
}

export interface ThreadsParts extends KeeperParts {
  readonly notes: OpenThreads
}

/** Not a rescue's id, so that it can not meet one. */
const OPEN = 'open-threads'
/** Redis was away, or something in us broke: the keeper starts over from the log after this. */
const PAUSE_AFTER_TROUBLE_MS = 3000

/** Longer than Slack needs to answer on a bad day. */
const WAIT_FOR_CARDS_MS = 10_000

export type CardResult = 'posted' | 'slow' | { readonly refused: string }

interface Kept {
  readonly card: Promise<CardResult>
  readonly ended: Promise<void>
}

export class Threads implements AsyncDisposable {
  readonly #parts: ThreadsParts
  readonly #closing = new AbortController()
  readonly #kept = new Map<string, Kept>()
  readonly #links = new Map<string, string>()

  constructor(parts: ThreadsParts) {
    this.#parts = parts
  }

  /** Begins to keep the thread of a rescue; noted first, so that it is kept whatever happens next. */
  async open(rescue: string): Promise<void> {
    await this.#parts.notes.set(OPEN, rescue, 'open')
    this.#keep(rescue)
  }

  /** Picks up what an earlier bot left. */
  async resume(): Promise<void> {
    const open = await this.#parts.notes.all(OPEN)
    const live = await this.#parts.log.live()
    for (const rescue of new Set([...open.keys(), ...live])) await this.open(rescue)
  }

  /** Whether the parent message stands, as soon as that is known; `slow` after `milliseconds`. */
  async card(rescue: string, milliseconds: number): Promise<CardResult> {
    const kept = this.#kept.get(rescue)
    if (kept === undefined) return 'posted'
    const { promise, resolve } = Promise.withResolvers<'slow'>()
    const timer = setTimeout(() => resolve('slow'), milliseconds)
    try {
      return await Promise.race([kept.card, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** The address of a rescue's parent message, asked for once; undefined when there is none, or Slack does not say. */
  async linkTo(rescue: string, channel: string): Promise<string | undefined> {
    const known = this.#links.get(rescue)
    if (known !== undefined) return known
    const card = (await Outbox.open(this.#parts.notes, rescue)).get('card')
    if (card?.state !== 'posted') return undefined
    const answer = await this.#parts.poster.permalink(channel, card.ts)
    if (answer.kind !== 'done') return undefined
    this.#links.set(rescue, answer.value)
    return answer.value
  }

  /**
   * The rescue whose thread it is, whether or not it has ended; undefined when it is none's. People may see a card before
   * Slack has told us where it stands.
   */
  async rescueOf(channel: string, parent: string): Promise<string | undefined> {
    const known = await rescueOfThread(this.#parts.notes, channel, parent)
    if (known !== undefined) return known
    await Promise.all([...this.#kept.keys()].map((rescue) => this.card(rescue, WAIT_FOR_CARDS_MS)))
    return await rescueOfThread(this.#parts.notes, channel, parent)
  }

  /** False for a reply that was heard before. */
  isFirstHearing(rescue: string, reply: string): Promise<boolean> {
    return isFirstHearing(this.#parts.notes, rescue, reply)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#kept.values()].map(({ ended }) => ended))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #keep(rescue: string): void {
    if (this.#kept.has(rescue) || this.#closing.signal.aborted) return
    const card = Promise.withResolvers<CardResult>()
    const ended = this.#run(rescue, card.resolve).finally(() => this.#kept.delete(rescue))
    this.#kept.set(rescue, { card: card.promise, ended })
  }

  async #run(rescue: string, onCard: (result: CardResult) => void): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        const end = await Keeper.keep(this.#parts, rescue, () => onCard('posted'), signal)
        return await this.#finish(rescue, end, onCard)
      } catch (thrown) {
        if (signal.aborted) return
        const error = toRescueError(thrown)
        this.#parts.onTrouble('a thread could not be kept', { rescue, error })
        if (!isPassing(error.code)) return
        await sleep(PAUSE_AFTER_TROUBLE_MS, signal).catch(() => undefined)
      }
    }
  }

  async #finish(rescue: string, end: KeeperEnd, onCard: (result: CardResult) => void): Promise<void> {
    if (end.kind === 'no-card') onCard({ refused: end.error })
    await this.#parts.notes.delete(OPEN, rescue)
    this.#links.delete(rescue)
  }
}

/** A log that can not be trusted or read stays so. */
function isPassing(code: string): boolean {
  return code !== 'log-broken' && code !== 'log-from-another-version'
}
