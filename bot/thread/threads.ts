/**
 * The threads that are not complete yet: one keeper each, in one of the bots that are there. Which they are, and
 * which bot keeps them, stands in Redis, so that what a bot leaves is picked up by another one or by the next, those
 * included whose rescue ended while no bot was there.
 */
import { sleep } from '../../core/base/deadline.ts'
import { toRescueError } from '../../core/base/errors.ts'
import { isUnreadable } from '../../core/record/log.ts'
import type { OneTimePassword } from '../../core/record/one-time-password.ts'
import { type Keepers, PRESENCE_MS } from '../../core/store/keepers.ts'
import { Keeper, type KeeperEnd, type KeeperParts } from './keeper.ts'
import { type Notes, Outbox } from './outbox.ts'
import { takeBack } from './unseen.ts'
import { rescueOfThread } from './whose-thread.ts'

export interface OpenThreads extends Notes {
  delete(rescue: string, part: string): Promise<void>
  /** Throws `thread-taken` when another bot keeps the thread of `kept`. */
  setAsKeeper(bot: string, kept: string, rescue: string, part: string, value: string): Promise<void>
}

export interface ThreadsParts extends Omit<KeeperParts, 'carried'> {
  readonly notes: OpenThreads
  readonly keepers: Keepers
}

/** Not a rescue's id, so that it can not meet one. */
const OPEN = 'open-threads'
/** Redis was away, or something in us broke: the keeper starts over from the log after this. */
const PAUSE_AFTER_TROUBLE_MS = 3000

/** Longer than Slack needs to answer on a bad day. */
const WAIT_FOR_CARDS_MS = 10_000
const LOOK_FOR_CARD_MS = 250

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
  /** By rescue, what Slack said to its card: somebody may ask only afterwards. */
  readonly #refused = new Map<string, string>()
  /** Their logs can not be read by this bot, but perhaps by another one. */
  readonly #unreadable = new Set<string>()
  #picking: Promise<void> = Promise.resolve()

  constructor(parts: ThreadsParts) {
    this.#parts = parts
  }

  /** Begins to keep the thread of a rescue, unless another bot does; noted first, so that it is kept whatever happens next. */
  async open(rescue: string): Promise<void> {
    await this.#parts.notes.set(OPEN, rescue, 'open')
    this.#keep(rescue)
  }

  /** Picks up what an earlier bot left, and from then on what others leave. */
  async resume(): Promise<void> {
    for (const rescue of await this.#left()) await this.open(rescue)
    this.#picking = this.#pickUp()
  }

  /** Whether the parent message stands, as soon as that is known; `slow` after `milliseconds`. */
  async card(rescue: string, milliseconds: number): Promise<CardResult> {
    const kept = this.#kept.get(rescue)
    const refused = this.#refused.get(rescue)
    if (refused !== undefined) return { refused }
    if (kept === undefined) return 'posted'
    const { promise, resolve } = Promise.withResolvers<'slow'>()
    const timer = setTimeout(() => resolve('slow'), milliseconds)
    try {
      const card = await Promise.race([kept.card, promise])
      // Another bot may keep it, and have posted it.
      return card === 'slow' && (await this.#cardStands(rescue)) ? 'posted' : card
    } finally {
      clearTimeout(timer)
    }
  }

  async #cardStands(rescue: string): Promise<boolean> {
    return (await Outbox.open(this.#parts.notes, rescue)).get('card')?.state === 'posted'
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
    const here = [...this.#kept.keys()].map((rescue) => this.card(rescue, WAIT_FOR_CARDS_MS))
    await Promise.all([...here, this.#cardsElsewhere()])
    return await rescueOfThread(this.#parts.notes, channel, parent)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#kept.values()].map(({ ended }) => ended))
    await this.#picking
    // Where that can not be said, others find out by themselves.
    await this.#parts.keepers.leave().catch(() => undefined)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Says that this bot is there, and looks for threads that no bot keeps, again and again. */
  async #pickUp(): Promise<void> {
    const { signal } = this.#closing
    for (let before: readonly string[] = []; ; ) {
      await sleep(PRESENCE_MS, signal).catch(() => undefined)
      if (signal.aborted) return
      try {
        await this.#parts.keepers.sayPresent()
        const left = (await this.#left()).filter(
          (rescue) => !this.#refused.has(rescue) && !this.#unreadable.has(rescue),
        )
        // Seen twice: a bot may be about to open it, or to say that it is there after Redis was away.
        for (const rescue of left.filter((one) => before.includes(one))) await this.open(rescue)
        before = left
      } catch (thrown) {
        this.#parts.onTrouble('the threads of other bots could not be looked at', { error: toRescueError(thrown) })
      }
    }
  }

  async #left(): Promise<readonly string[]> {
    const { notes, log, keepers } = this.#parts
    const [open, live] = await Promise.all([notes.all(OPEN), log.live()])
    return await keepers.withoutKeeper([...new Set([...open.keys(), ...live])])
  }

  /** Until the parent messages that other bots are just posting stand. */
  async #cardsElsewhere(): Promise<void> {
    const open = await this.#parts.notes.all(OPEN)
    const elsewhere = [...open.keys()].filter((rescue) => !this.#kept.has(rescue))
    const limit = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(WAIT_FOR_CARDS_MS)])
    await Promise.all(elsewhere.map((rescue) => this.#untilCardStands(rescue, limit)))
  }

  async #untilCardStands(rescue: string, limit: AbortSignal): Promise<void> {
    while (!limit.aborted) {
      if ((await Outbox.open(this.#parts.notes, rescue)).get('card')?.state !== 'posting') return
      await sleep(LOOK_FOR_CARD_MS, limit).catch(() => undefined)
    }
  }

  #keep(rescue: string): void {
    if (this.#kept.has(rescue) || this.#closing.signal.aborted) return
    const card = Promise.withResolvers<CardResult>()
    const ended = this.#run(rescue, card.resolve).finally(() => this.#kept.delete(rescue))
    this.#kept.set(rescue, { card: card.promise, ended })
  }

  async #run(rescue: string, onCard: (result: CardResult) => void): Promise<void> {
    const { signal } = this.#closing
    // Beyond a start from the log anew: what was taken for one person is nowhere else.
    const carried = new Map<string, OneTimePassword>()
    while (!signal.aborted) {
      try {
        if (!(await this.#parts.keepers.claim(rescue))) return onCard('slow')
        const parts = { ...this.#parts, carried, notes: this.#notesOf(rescue) }
        const end = await Keeper.keep(parts, rescue, () => onCard('posted'), signal)
        return await this.#finish(rescue, end, onCard)
      } catch (thrown) {
        if (signal.aborted) return
        const error = toRescueError(thrown)
        this.#parts.onTrouble('a thread could not be kept', { rescue, error })
        // Another bot has taken it.
        if (error.code === 'thread-taken') return
        if (isUnreadable(error)) return await this.#leave(rescue)
        await sleep(PAUSE_AFTER_TROUBLE_MS, signal).catch(() => undefined)
      }
    }
  }

  /** To a bot that can read its log; this one looks at it no more. */
  async #leave(rescue: string): Promise<void> {
    this.#unreadable.add(rescue)
    const { keepers, onTrouble } = this.#parts
    // Then it is free when this bot ends.
    await keepers.release(rescue).catch((error) => onTrouble('a thread could not be given back', { rescue, error }))
  }

  /** What is noted of the thread, for as long as this bot keeps it: one that wakes up late does not post what is posted. */
  #notesOf(kept: string): Notes {
    const { notes, keepers } = this.#parts
    return {
      all: (rescue) => notes.all(rescue),
      set: (rescue, part, value) => notes.setAsKeeper(keepers.bot, kept, rescue, part, value),
    }
  }

  async #finish(rescue: string, end: KeeperEnd, onCard: (result: CardResult) => void): Promise<void> {
    if (end.kind === 'no-card') {
      this.#refused.set(rescue, end.error)
      await takeBack(this.#parts.log, rescue, this.#parts.date)
      onCard({ refused: end.error })
    }
    // In this order: what dies in between is picked up once more, and found complete.
    await this.#parts.keepers.release(rescue)
    await this.#parts.notes.delete(OPEN, rescue)
    this.#links.delete(rescue)
  }
}
