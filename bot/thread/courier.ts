/**
 * Takes what a worker has handed over, once, and gives it to whoever asked for the rescue, by a private message. What
 * became of it is noted; what it was is in memory only, and only until Slack has it.
 */
import { RescueError } from '../../core/base/errors.ts'
import type { HandOver } from '../../core/record/hand-over.ts'
import { type OneTimePassword, PASSWORD } from '../../core/record/one-time-password.ts'
import type { SealedPasswords } from '../../core/store/sealed-hand-overs.ts'
import type { Answer, Mark, Place, Poster } from '../slack/poster.ts'
import { passwordMessage } from './hand-over.ts'
import type { Note, Outbox } from './outbox.ts'
import { DELIVERIES, type Delivery, type ItemOf, type Thread } from './thread.ts'
import type { Voices } from './words.ts'

export interface CourierParts {
  /** Taken out of the store, and not yet known to stand in Slack; outlives this courier. */
  readonly carried: Map<string, OneTimePassword>
  readonly passwords: Pick<SealedPasswords, 'take' | 'drop'>
  readonly poster: Pick<Poster, 'openDirect' | 'post' | 'find'>
  readonly voices: Pick<Voices, 'of'>
  readonly onTrouble: (what: string, details: Readonly<Record<string, unknown>>) => void
}

type Item = ItemOf<'hand-over'>
/** What was refused is settled, too. */
type Settled = Exclude<Answer<void>, { kind: 'refused' }>

export class Courier {
  readonly #parts: CourierParts
  readonly #outbox: Outbox

  constructor(parts: CourierParts, outbox: Outbox) {
    this.#parts = parts
    this.#outbox = outbox
  }

  /**
   * Done when it is known what became of it, which need not be good. After a lost answer the message is looked for by its
   * mark, and given again only where it does not stand.
   */
  async deliver(thread: Thread, item: Item): Promise<Settled> {
    const { poster, voices } = this.#parts
    const { by } = thread.state.request ?? {}
    if (by?.kind !== 'person') return await this.#refused(thread, item, 'nobody to give it to')
    const direct = await poster.openDirect(by.user)
    if (direct.kind === 'refused') return await this.#refused(thread, item, direct.error)
    if (direct.kind !== 'done') return direct
    const place = { channel: direct.value, thread: undefined }
    const mark = { rescue: thread.rescue, key: partOf(item) }
    const found = this.#isBegun(item) ? await this.#find(place, mark) : ABSENT
    if (found.kind !== 'done') return found
    if (found.value !== 'absent') return await this.#settle(item, 'delivered')
    const password = await this.#take(thread, item)
    if (password === undefined) return DONE
    const body = passwordMessage(await voices.of(by.user), thread, item, password.password)
    const answer = await poster.post(place, body, { ...mark, seq: thread.state.seq })
    if (answer.kind === 'refused') return await this.#refused(thread, item, answer.error)
    if (answer.kind !== 'done') return answer
    return await this.#settle(item, 'delivered')
  }

  /** After Slack has said nothing for so long that nobody waits for it any more. */
  async giveUp(thread: Thread, item: Item): Promise<void> {
    const isBegun = this.#isBegun(item)
    await this.#parts.passwords.drop(placeOf(thread, item))
    await this.#settle(item, isBegun ? 'in-doubt' : 'refused')
  }

  /** By this bot, or by one before it: the message may stand there. */
  #isBegun(item: Item): boolean {
    return this.#outbox.get(partOf(item))?.state === 'posting'
  }

  /** Where Slack does not let us look it counts as absent: the same person may then read it twice, and nobody else does. */
  async #find(place: Place, mark: Mark): Promise<Exclude<Answer<string>, { kind: 'refused' }>> {
    const found = await this.#parts.poster.find(place, mark)
    if (found.kind !== 'refused') return found
    this.#parts.onTrouble('a lost private message can not be looked for', { ...mark, error: found.error })
    return ABSENT
  }

  /** Undefined when there is nothing to give, which then is settled. */
  async #take(thread: Thread, item: Item): Promise<OneTimePassword | undefined> {
    const carried = this.#parts.carried.get(item.handOver)
    if (carried !== undefined) return carried
    const wasBegun = this.#isBegun(item)
    await this.#outbox.note(partOf(item), { state: 'posting' })
    const password = await this.#open(thread, item)
    if (password === 'unreadable') await this.#settle(item, 'unreadable')
    else if (password === undefined) await this.#settle(item, wasBegun ? 'in-doubt' : 'expired')
    else this.#parts.carried.set(item.handOver, password)
    return this.#parts.carried.get(item.handOver)
  }

  async #open(thread: Thread, item: Item): Promise<OneTimePassword | 'unreadable' | undefined> {
    try {
      return await this.#parts.passwords.take(placeOf(thread, item))
    } catch (thrown) {
      if (thrown instanceof RescueError && thrown.code === 'password-unreadable') return 'unreadable'
      throw thrown
    }
  }

  async #refused(thread: Thread, item: Item, error: string): Promise<Settled> {
    this.#parts.onTrouble('a private message was refused', { rescue: thread.rescue, message: item.key, error })
    await this.#parts.passwords.drop(placeOf(thread, item))
    return await this.#settle(item, 'refused')
  }

  async #settle(item: Item, delivery: Delivery): Promise<Settled> {
    this.#parts.carried.delete(item.handOver)
    await this.#outbox.note(partOf(item), noteOf(delivery))
    return DONE
  }
}

const DONE: Settled = { kind: 'done', value: undefined }
const ABSENT = { kind: 'done', value: 'absent' } as const

/** As far as it is known yet. */
export function deliveriesOf({ items }: Thread, outbox: Outbox): ReadonlyMap<string, Delivery> {
  const known = items.flatMap((item): readonly (readonly [string, Delivery])[] => {
    const delivery = item.kind === 'hand-over' ? deliveryOf(outbox.get(partOf(item))) : undefined
    return item.kind === 'hand-over' && delivery !== undefined ? [[item.handOver, delivery]] : []
  })
  return new Map(known)
}

/** The private message is a part of its own, beside the one in the thread. */
function partOf({ handOver }: Item): string {
  return `private-${handOver}`
}

function placeOf({ rescue }: Thread, { handOver }: Item): HandOver {
  return { rescue, about: PASSWORD, handOver }
}

/** Nothing of what was sent: not even its hash. */
function noteOf(delivery: Delivery): Note {
  return delivery === 'delivered' ? { state: 'posted', ts: '', content: '' } : { state: 'given-up', error: delivery }
}

function deliveryOf(note: Note | undefined): Delivery | undefined {
  if (note?.state === 'posted') return 'delivered'
  return note?.state === 'given-up' ? DELIVERIES.find((one) => one === note.error) : undefined
}
