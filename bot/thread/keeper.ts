/**
 * Keeps one rescue's thread in step with its log, one act at a time: what is missing
 * is posted in order, what has changed is edited, the newest console text wins, and
 * nothing is sent that the budget does not allow yet.
 */
import { orAborted, within } from '../../core/base/deadline.ts'
import { toRescueError } from '../../core/base/errors.ts'
import type { EventLog } from '../../core/record/log.ts'
import type { OneTimePassword } from '../../core/record/one-time-password.ts'
import type { SealedPasswords } from '../../core/store/sealed-hand-overs.ts'
import type { Gatekeeper } from '../gatekeeper.ts'
import type { MessageBody } from '../slack/blocks.ts'
import type { Answer, Place, Poster, Upload } from '../slack/poster.ts'
import { type Budget, SESSION_RENEWAL_MS, type Spending } from './budget.ts'
import { Courier, deliveriesOf } from './courier.ts'
import { contentHash, type Note, type Notes, Outbox } from './outbox.ts'
import { paceOf, RANKS, turnOf } from './pace.ts'
import { nextReminder, withReminder } from './reminders.ts'
import { FIRST_BACKOFF_MS, Retries } from './retries.ts'
import { emptyThread, follow, type Item, type ItemOf, type Thread } from './thread.ts'
import { isMessage, type MessageItem, view } from './view.ts'
import { noteThread } from './whose-thread.ts'
import type { Voice, Voices } from './words.ts'

export interface KeeperParts {
  readonly log: EventLog
  /** Says in the log what the policy demands, where the log waits for it. */
  readonly gatekeeper: Pick<Gatekeeper, 'isNeeded' | 'attend'>
  readonly notes: Notes
  /** Where workers hand over what only one person gets. */
  readonly passwords: Pick<SealedPasswords, 'take' | 'drop'>
  /** Passwords taken out of there, and not yet known to stand in Slack; outlives a keeper that starts over. */
  readonly carried: Map<string, OneTimePassword>
  readonly poster: Poster
  readonly budget: Budget
  /** By the channel that the thread is in. */
  readonly voices: Voices
  /** Milliseconds, only ever growing. */
  readonly now: () => number
  /** By which gates expire. */
  readonly date: () => Date
  /** Makes the files of an item when their turn has come. */
  readonly uploadOf: (item: FileItem, thread: Thread) => Promise<Upload>
  /** What went wrong with one message; the rest of the thread goes on. */
  readonly onTrouble: (what: string, details: Readonly<Record<string, unknown>>) => void
}

/** A message that grows waits so long for more of the same. */
const ONE_BREATH_MS = 1000
/** Over an hour: what Slack never takes must end some time, but not in an outage. */
const MOST_ATTEMPTS = 130
/** About eight minutes: longer than most of Slack's troubles, and shorter than a hand-over lives. */
const DELIVERY_ATTEMPTS = 20
/** Slack did not say who is in which group: asked again after this. */
const MEMBERSHIP_PAUSE_MS = 5000
/** With nothing to do, only the log wakes us; the limit is for the timer's own range. */
const IDLE_MS = 24 * 60 * 60 * 1000

/** Edits that will never work on this message again: a new one has to take its place (docs: chat.update, errors). */
const MESSAGE_IS_GONE: ReadonlySet<string> = new Set([
  ...['message_not_found', 'edit_window_closed', 'cant_update_message', 'block_mismatch'],
])

/** Refusals that whoever runs the workspace can mend, by an invitation or a permission: no last word on a gate. */
const MAY_BE_MENDED: ReadonlySet<string> = new Set([
  ...['not_in_channel', 'channel_not_found', 'is_archived', 'missing_scope', 'no_permission'],
  ...['restricted_action', 'ekm_access_denied', 'org_login_required'],
])

type FileItem = Exclude<Item, MessageItem>
type Untaken = Exclude<Answer<unknown>, { kind: 'done' }>

export type KeeperEnd = { readonly kind: 'complete' } | { readonly kind: 'no-card'; readonly error: string }

export class Keeper {
  readonly #parts: KeeperParts
  readonly #outbox: Outbox
  readonly #courier: Courier
  /** What people have decided, and how it ended, as the card says it now. */
  #cardTurn = ''
  #threadNoted: string | undefined
  /** When each message was last edited, by key. */
  readonly #editedAt = new Map<string, number>()
  /** Since when each message is not what it should be, by key. */
  readonly #staleSince = new Map<string, number>()
  readonly #retries: Retries
  #gatekeeperNotBefore = 0
  /** As the log has it. */
  #log: Thread
  /** With what is due by the clock, and without what nobody is told here. */
  #thread: Thread
  #cardRefused: string | undefined
  readonly #onCard: () => void

  private constructor(parts: KeeperParts, rescue: string, outbox: Outbox, onCard: () => void) {
    this.#parts = parts
    this.#outbox = outbox
    this.#courier = new Courier(parts, outbox)
    this.#retries = new Retries(parts.now)
    this.#log = emptyThread(rescue)
    this.#thread = this.#log
    this.#onCard = onCard
  }

  /**
   * Follows the rescue until it has ended and all of it stands in the thread. Throws the signal's reason, and
   * whatever the log or the notes throw. `onCard` is called when the parent message stands.
   */
  static async keep(parts: KeeperParts, rescue: string, onCard: () => void, signal: AbortSignal): Promise<KeeperEnd> {
    const keeper = new Keeper(parts, rescue, await Outbox.open(parts.notes, rescue), onCard)
    try {
      return await keeper.#run(signal)
    } finally {
      // Where that can not be said, the session ends by itself.
      await parts.budget.sessionIs(rescue, false).catch(() => undefined)
    }
  }

  async #run(signal: AbortSignal): Promise<KeeperEnd> {
    for (;;) {
      signal.throwIfAborted()
      await this.#read()
      await this.#noteThread()
      const next = await this.#next()
      if (this.#cardRefused !== undefined) return { kind: 'no-card', error: this.#cardRefused }
      if (next.kind === 'complete') return { kind: 'complete' }
      if (next.kind === 'act') await next.act()
      else await this.#wait(next.milliseconds, signal)
    }
  }

  async #read(): Promise<void> {
    const { log, budget } = this.#parts
    const { entries } = await log.read(this.#thread.rescue, this.#thread.state.seq)
    this.#log = follow(this.#log, entries)
    const { policy } = this.#voice()
    const isTold = ({ kind }: Item) => kind !== 'alarm' || policy.audit !== null
    const thread = withReminder(policy, this.#log, this.#parts.date())
    const items = thread.items.filter(isTold)
    const givenUp = items.map(({ key }) => key).filter((key) => this.#outbox.get(key)?.state === 'given-up')
    this.#thread = { ...thread, items, deliveries: deliveriesOf(thread, this.#outbox), givenUp: new Set(givenUp) }
    await budget.sessionIs(this.#thread.rescue, this.#isLive())
  }

  #isLive(): boolean {
    return this.#thread.items.some((item) => item.kind === 'tail' && !item.frozen)
  }

  async #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    using limit = within(signal, milliseconds)
    try {
      await orAborted(this.#parts.log.grown(this.#thread.rescue, this.#thread.state.seq, limit.signal), limit.signal)
    } catch (thrown) {
      if (signal.aborted || !limit.signal.aborted) throw thrown
    }
  }

  /** The first act that is due, or how long until one is. */
  async #next(): Promise<Next> {
    const acts = [...this.#posts(), ...this.#edits()].toSorted((one, other) => one.rank - other.rank)
    const waits: number[] = []
    if (this.#parts.gatekeeper.isNeeded(this.#thread.state)) {
      const wait = this.#gatekeeperNotBefore - this.#parts.now()
      if (wait <= 0) return { kind: 'act', act: () => this.#attendGate() }
      waits.push(wait)
    }
    for (const { item, spending, due, act } of acts) {
      const wait = Math.max(due, this.#retries.dueAt(item.key)) - this.#parts.now()
      const cost = wait > 0 ? wait : await this.#parts.budget.take(spending)
      if (cost <= 0) return { kind: 'act', act }
      waits.push(cost)
    }
    if (acts.length === 0 && this.#thread.state.ended !== undefined) return { kind: 'complete' }
    const reminder = nextReminder(this.#voice().policy, this.#thread, this.#parts.date())
    if (reminder !== undefined) waits.push(reminder)
    return { kind: 'wait', milliseconds: Math.min(this.#isLive() ? SESSION_RENEWAL_MS : IDLE_MS, ...waits) }
  }

  /** First of all: what a gate needs is shown with it, and a worker may wait for it. */
  async #attendGate(): Promise<void> {
    const { gatekeeper, now, onTrouble } = this.#parts
    const { rescue } = this.#thread
    try {
      await gatekeeper.attend(rescue)
    } catch (thrown) {
      if (toRescueError(thrown).code !== 'membership-unknown') throw thrown
      onTrouble('the policy could not be asked yet', { rescue, error: thrown })
      this.#gatekeeperNotBefore = now() + MEMBERSHIP_PAUSE_MS
    }
  }

  /** The order of the thread is the order of the posts; but nobody waits for a file to be sent. */
  #posts(): readonly Act[] {
    const channel = this.#thread.state.request?.channel
    if (channel === undefined) return []
    const missing = this.#thread.items.filter(({ key }) => isMissing(this.#outbox.get(key)))
    // What people wait for may stand behind what only tells them.
    const priority = missing.some(isPrompt) ? 'prompt' : 'note'
    const inOrder = missing.filter(({ key }) => !this.#retries.isPassed(key))
    const message = inOrder.find(isMessage)
    const files = inOrder.slice(0, message === undefined ? undefined : inOrder.indexOf(message)).filter(isFile)
    const file = files.find(({ kind }) => kind === 'diff') ?? files[0]
    const next = [message, file, ...missing.filter(({ key }) => this.#retries.isPassed(key))]
    return next
      .filter((item) => item !== undefined)
      .map((item) => (isMessage(item) ? this.#postOf(item, channel, priority) : this.#uploadOf(item, channel)))
  }

  #postOf(item: MessageItem, channel: string, priority: 'prompt' | 'note'): Act {
    const isToBeDelivered = item.kind === 'hand-over' && !this.#thread.deliveries.has(item.handOver)
    const act = () => (isToBeDelivered ? this.#deliver(item) : this.#post(item, channel))
    // The newest may still grow; whatever stands behind it is not to wait for that.
    const due = item.kind === 'milestone' && item === this.#thread.items.at(-1) ? this.#breathEnd(item) : 0
    const { audit } = this.#voice().policy
    const place = item.kind === 'alarm' && audit !== null ? audit.channel : channel
    const spending: Spending = { kind: 'post', channel: place, priority, rescue: this.#thread.rescue }
    return { item, rank: RANKS.post, spending, due, act }
  }

  #uploadOf(item: FileItem, channel: string): Act {
    const isDiff = item.kind === 'diff'
    const priority = item.kind === 'picture' && item.why === 'asked' ? 'asked' : isDiff ? 'prompt' : 'note'
    const act = () => this.#upload(item, channel)
    const rank = isDiff ? RANKS.gate : RANKS.upload
    return { item, rank, spending: { kind: 'upload', channel, priority }, due: 0, act }
  }

  /** What only one person gets comes before the message that says so. */
  async #deliver(item: ItemOf<'hand-over'>): Promise<void> {
    const answer = await this.#courier.deliver(this.#thread, item)
    if (answer.kind === 'done') return
    const attempts = await this.#later(item, answer)
    if (attempts >= DELIVERY_ATTEMPTS) await this.#courier.giveUp(this.#thread, item)
  }

  #edits(): readonly Act[] {
    const { budget } = this.#parts
    const channel = this.#thread.state.request?.channel
    if (channel === undefined) return []
    const voice = this.#voice()
    // What was said elsewhere stays as it was said.
    const ours = this.#thread.items
      .filter(isMessage)
      .filter(({ kind }) => kind !== 'console-commands' && kind !== 'alarm')
    return ours.flatMap((item): readonly Act[] => {
      const note = this.#outbox.get(item.key)
      if (note?.state !== 'posted') return []
      const body = view(voice, this.#thread, item)
      if (contentHash(body) === note.content) return []
      const { rank, interval, priority } = paceOf(item, budget.tailInterval())
      const isTurn = item.kind === 'card' && turnOf(this.#thread) !== this.#cardTurn
      const rested = (this.#editedAt.get(item.key) ?? Number.NEGATIVE_INFINITY) + interval
      const due = isTurn ? 0 : Math.max(rested, this.#breathEnd(item))
      const spending: Spending =
        priority === 'tail' ? { kind: 'update', priority, rescue: this.#thread.rescue } : { kind: 'update', priority }
      return [{ item, spending, due, rank, act: () => this.#edit(item, channel, note.ts, body) }]
    })
  }

  /** Until when more of the same may come; what has come when the rescue is over is all. */
  #breathEnd(item: MessageItem): number {
    if ((item.kind !== 'milestone' && item.kind !== 'card') || this.#thread.state.ended !== undefined) return 0
    const now = this.#parts.now()
    const since = this.#staleSince.get(item.key) ?? now
    this.#staleSince.set(item.key, since)
    return since + ONE_BREATH_MS
  }

  async #post(item: MessageItem, channel: string): Promise<void> {
    const { poster } = this.#parts
    const place = await this.#placeFor(item, channel)
    if (place.kind !== 'done') return await this.#notTaken(item, place)
    if (this.#outbox.get(item.key)?.state === 'posting' && (await this.#isFound(item, place.value))) return
    const body = view(await this.#voiceFor(item, place.value.channel), this.#thread, item)
    await this.#outbox.note(item.key, { state: 'posting' })
    const { rescue, state } = this.#thread
    const answer = await poster.post(place.value, body, { rescue, key: item.key, seq: state.seq })
    if (answer.kind === 'done') {
      // A card that was just posted may be edited soon: a rescue's first steps follow each other quickly.
      if (item.kind === 'card') this.#cardTurn = turnOf(this.#thread)
      else this.#editedAt.set(item.key, this.#parts.now())
      return await this.#stands(item, answer.value, contentHash(body))
    }
    await this.#notSent(item, answer)
  }

  /** After a lost answer it may stand there all the same, and is looked for before it is sent again. */
  async #notSent(item: Item, answer: Untaken): Promise<void> {
    if (answer.kind !== 'lost') await this.#outbox.note(item.key, { state: 'absent' })
    await this.#notTaken(item, answer)
  }

  /** What was refused for good is given up; all else is tried again. */
  async #notTaken(item: Item, answer: Untaken): Promise<void> {
    if (answer.kind === 'refused' && (item.kind === 'card' || !MAY_BE_MENDED.has(answer.error)))
      return await this.#giveUp(item, answer.error)
    const attempts = await this.#later(item, answer)
    if (attempts >= MOST_ATTEMPTS && (isFile(item) || this.#retries.isPassed(item.key)))
      await this.#giveUp(item, answer.kind === 'refused' ? answer.error : answer.kind)
  }

  #voice(): Voice {
    return this.#parts.voices.in(this.#log.state.request?.channel)
  }

  async #voiceFor(item: MessageItem, channel: string): Promise<Voice> {
    const { voices } = this.#parts
    const by = this.#thread.state.request?.by
    const isPrivate = item.kind === 'console-commands' && by?.kind === 'person'
    return isPrivate ? await voices.of(by.user) : voices.in(channel)
  }

  /** In the thread, but for what only whoever asked may read, and what is for another channel. */
  async #placeFor(item: MessageItem, channel: string): Promise<Answer<Place>> {
    const { audit } = this.#voice().policy
    if (item.kind === 'alarm' && audit !== null)
      return { kind: 'done', value: { channel: audit.channel, thread: undefined } }
    const by = this.#thread.state.request?.by
    if (item.kind !== 'console-commands' || by?.kind !== 'person')
      return { kind: 'done', value: { channel, thread: item.kind === 'card' ? undefined : this.#parent() } }
    const direct = await this.#parts.poster.openDirect(by.user)
    return direct.kind === 'done' ? { kind: 'done', value: { channel: direct.value, thread: undefined } } : direct
  }

  /** A post whose answer was lost may stand there: looked for by its mark before it is posted again. */
  async #isFound(item: MessageItem, place: { channel: string; thread: string | undefined }): Promise<boolean> {
    return await this.#isThere(
      item,
      await this.#parts.poster.find(place, { rescue: this.#thread.rescue, key: item.key }),
    )
  }

  async #isThere(item: Item, found: Answer<string | 'absent'>): Promise<boolean> {
    if (found.kind === 'done' && found.value === 'absent') return false
    if (found.kind === 'done') {
      await this.#stands(item, found.value, '')
      return true
    }
    if (found.kind === 'refused') {
      // Not allowed to read the channel: a message that comes twice is better than a gate that nobody sees.
      this.#trouble('a lost post can not be looked for', item, { error: found.error })
      return false
    }
    await this.#later(item, found)
    return true
  }

  async #edit(item: MessageItem, channel: string, ts: string, body: MessageBody): Promise<void> {
    const turn = turnOf(this.#thread)
    const answer = await this.#parts.poster.update(channel, ts, body)
    this.#editedAt.set(item.key, this.#parts.now())
    if (item.kind === 'card') this.#cardTurn = turn
    if (answer.kind === 'done') return await this.#stands(item, ts, contentHash(body))
    if (answer.kind !== 'refused') {
      await this.#later(item, answer)
      return
    }
    if (MAY_BE_MENDED.has(answer.error) && (await this.#later(item, answer)) < MOST_ATTEMPTS) return
    this.#trouble('an edit was refused', item, { error: answer.error })
    const isGone = MESSAGE_IS_GONE.has(answer.error) && item.kind !== 'card'
    // Anything else would be refused again: this content counts as shown, and the next one is tried.
    await this.#outbox.note(
      item.key,
      isGone ? { state: 'absent' } : { state: 'posted', ts, content: contentHash(body) },
    )
  }

  async #upload(item: FileItem, channel: string): Promise<void> {
    const upload = await this.#parts.uploadOf(item, this.#thread)
    const place = { channel, thread: this.#parent() }
    const isInDoubt = this.#outbox.get(item.key)?.state === 'posting'
    if (isInDoubt && (await this.#isThere(item, await this.#parts.poster.findUpload(place, upload)))) return
    await this.#outbox.note(item.key, { state: 'posting' })
    const answer = await this.#parts.poster.upload(channel, place.thread ?? '', upload)
    if (answer.kind === 'done') return await this.#stands(item, '', '')
    await this.#notSent(item, answer)
  }

  async #stands(item: Item, ts: string, content: string): Promise<void> {
    this.#retries.took(item.key)
    this.#staleSince.delete(item.key)
    await this.#outbox.note(item.key, { state: 'posted', ts, content })
  }

  /** From when its card stands, or stood already for an earlier bot, replies to it are replies in this rescue's thread. */
  async #noteThread(): Promise<void> {
    const { rescue, state } = this.#thread
    const parent = this.#parent()
    if (parent === undefined || parent === this.#threadNoted || state.request === undefined) return
    await noteThread(this.#parts.notes, rescue, state.request.channel, parent)
    this.#threadNoted = parent
    this.#onCard()
  }

  async #giveUp(item: Item, error: string): Promise<void> {
    this.#trouble('Slack refused a message', item, { error })
    if (item.kind === 'card') {
      this.#cardRefused = error
      return await this.#outbox.note(item.key, { state: 'absent' })
    }
    await this.#outbox.note(item.key, { state: 'given-up', error })
  }

  /** Returns how often it was tried. */
  async #later(item: Item, answer: Untaken): Promise<number> {
    const attempts = this.#retries.failed(item.key, answer.kind)
    this.#trouble('Slack did not take a message yet', item, { cause: causeOf(answer), attempts })
    if (answer.kind === 'rate-limited')
      await this.#parts.budget.pause(answer.retryAfterMs + Math.random() * FIRST_BACKOFF_MS)
    return attempts
  }

  #parent(): string | undefined {
    const note = this.#outbox.get('card')
    return note?.state === 'posted' ? note.ts : undefined
  }

  #trouble(what: string, item: Item, details: Readonly<Record<string, unknown>>): void {
    this.#parts.onTrouble(what, { rescue: this.#thread.rescue, message: item.key, ...details })
  }
}

interface Act {
  readonly item: Item
  /** The lowest of those that are due comes first. */
  readonly rank: number
  readonly spending: Spending
  /** On the clock of `now`. */
  readonly due: number
  readonly act: () => Promise<void>
}

type Next =
  | { readonly kind: 'act'; readonly act: () => Promise<void> }
  | { readonly kind: 'wait'; readonly milliseconds: number }
  | { readonly kind: 'complete' }

function causeOf(answer: Untaken): unknown {
  switch (answer.kind) {
    case 'lost':
      return answer.cause
    case 'rate-limited':
      return `429, retry after ${answer.retryAfterMs} ms`
    case 'refused':
      return `refused: ${answer.error}`
    default:
      return answer satisfies never
  }
}

function isFile(item: Item): item is FileItem {
  return !isMessage(item)
}

function isMissing(note: Note | undefined): boolean {
  return note === undefined || note.state === 'posting' || note.state === 'absent'
}

/** The console, too, when it begins to be shown: until then people see nothing happen. */
function isPrompt(item: Item): boolean {
  return isMessage(item) && item.kind !== 'milestone'
}
