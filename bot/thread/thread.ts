/**
 * What a rescue's thread holds, derived from its log: a list of messages by key, in
 * the order in which they appear. The same log gives the same keys, so a bot that
 * starts again finds its own messages, and what is missing is what was not posted.
 */
import type { Entry, EventOf, Phase, ScreenPicture } from '../../core/record/events.ts'
import { type RescueState, START, step } from '../../core/record/state.ts'

/** `in-doubt`: a bot took it and was gone before Slack had said that the message stands there. */
export const DELIVERIES = ['delivered', 'expired', 'unreadable', 'refused', 'in-doubt'] as const
export type Delivery = (typeof DELIVERIES)[number]

/** The console's text as a reader follows it: one live message for each of these. */
export type Section = 'bootloader' | 'shell' | 'boot'

export interface Frame {
  readonly rows: readonly string[]
  /** How many lines the console has said, those on the screen included. */
  readonly line: number
  readonly at: string
}

export type Item =
  | { readonly kind: 'card'; readonly key: string }
  | { readonly kind: 'choice'; readonly key: string }
  /** `seq` of the entry that opened it. */
  | { readonly kind: 'gate'; readonly key: string; readonly seq: number }
  | { readonly kind: 'ask'; readonly key: string; readonly ask: string }
  /** Something that only whoever asked gets, and what became of it. */
  | { readonly kind: 'hand-over'; readonly key: string; readonly handOver: string; readonly user: string }
  /** Sentences about what happened; a group of events of one kind grows in place. */
  | { readonly kind: 'milestone'; readonly key: string; readonly entries: readonly Entry[] }
  | {
      readonly kind: 'tail'
      readonly key: string
      readonly section: Section
      readonly frame: Frame
      readonly frozen: boolean
    }
  | { readonly kind: 'picture'; readonly key: string; readonly picture: ScreenPicture; readonly state: string }
  | { readonly kind: 'result'; readonly key: string }
  | { readonly kind: 'recording'; readonly key: string }
export type ItemOf<K extends Item['kind']> = Extract<Item, { kind: K }>

export interface Thread {
  readonly rescue: string
  readonly state: RescueState
  readonly items: readonly Item[]
  /** What was last recognised on the screen. */
  readonly seen: string | undefined
  readonly scrolledLines: number
  /** What became of each hand-over: the log does not know. */
  readonly deliveries: ReadonlyMap<string, Delivery>
}

export function emptyThread(rescue: string): Thread {
  return { rescue, state: START, items: [], seen: undefined, scrolledLines: 0, deliveries: new Map() }
}

export function follow(thread: Thread, entries: readonly Entry[]): Thread {
  return entries.reduce(grow, thread)
}

function grow(thread: Thread, entry: Entry): Thread {
  return withNews({ ...thread, state: step(thread.state, entry) }, entry)
}

function withNews(thread: Thread, entry: Entry): Thread {
  const { event, seq } = entry
  switch (event.type) {
    case 'requested':
      return add(thread, { kind: 'card', key: 'card' })
    case 'choice-offered':
      return add(thread, { kind: 'choice', key: 'choice' })
    case 'gate-opened':
      return add(thread, { kind: 'gate', key: gateKey(thread, event.gate), seq })
    case 'asked':
      return add(thread, { kind: 'ask', key: `ask-${event.ask}`, ask: event.ask })
    case 'handed-over': {
      const { handOver, user } = event
      return add(thread, { kind: 'hand-over', key: `hand-over-${handOver}`, handOver, user })
    }
    case 'claimed':
      return event.epoch > 1 ? milestone(thread, `taken-over-${event.epoch}`, entry) : thread
    case 'decided':
    case 'stop-requested':
    case 'noticed':
      return milestone(thread, `note-${seq}`, entry)
    case 'console-held':
      return countdown(thread, `held-${event.until}`, entry)
    case 'change-finished':
      return milestone(thread, 'changes', entry)
    case 'proved':
      return milestone(thread, 'proofs', entry)
    case 'paid':
      // Out of maintenance and its login prompt seen come in one breath.
      return milestone(thread, event.debt === 'maintenance' ? 'proofs' : `note-${seq}`, entry)
    case 'phase-began':
      return freezeTails(thread, sectionOf(event.phase))
    case 'console':
      return show(thread, event, entry)
    case 'saw':
      return saw(thread, event, seq)
    case 'ended':
      return end(thread)
    case 'answered':
    case 'withdrawn':
    case 'chosen':
    case 'resolved':
    case 'change-began':
    case 'owes':
    case 'typed':
      return thread
    default:
      return event satisfies never
  }
}

/** The first of each has the key that it has always had: a bot that starts again finds the messages of older ones. */
function gateKey({ items }: Thread, gate: 1 | 2): string {
  const rounds = items.filter(({ kind, key }) => kind === 'gate' && key.startsWith(`gate-${gate}`)).length
  return rounds === 0 ? `gate-${gate}` : `gate-${gate}-${rounds + 1}`
}

function add(thread: Thread, item: Item): Thread {
  if (thread.items.some(({ key }) => key === item.key)) return thread
  return { ...thread, items: [...thread.items, item] }
}

function milestone(thread: Thread, key: string, entry: Entry): Thread {
  const known = thread.items.find((item) => item.key === key)
  if (known?.kind !== 'milestone') return add(thread, { kind: 'milestone', key, entries: [entry] })
  return replace(thread, { ...known, entries: [...known.entries, entry] })
}

/** One message that always says the newest. */
function countdown(thread: Thread, key: string, entry: Entry): Thread {
  const item = { kind: 'milestone', key, entries: [entry] } as const
  return thread.items.some((known) => known.key === key) ? replace(thread, item) : add(thread, item)
}

function show(thread: Thread, { scrolled, rows }: EventOf<'console'>, { seq, at }: Entry): Thread {
  const scrolledLines = thread.scrolledLines + scrolled.length
  const frame = { rows, line: scrolledLines + rows.length, at }
  const counted = { ...thread, scrolledLines }
  const section = sectionOf(thread.state.phases.at(-1)?.phase)
  const tail = thread.items.findLast((item) => item.kind === 'tail')
  if (tail !== undefined && (section === undefined || tail.section === section))
    return replace(counted, { ...tail, frame })
  const key = `console-${seq}`
  return add(freezeTails(counted, section), {
    kind: 'tail',
    key,
    section: section ?? 'bootloader',
    frame,
    frozen: thread.state.ended !== undefined,
  })
}

function saw(thread: Thread, { state, picture }: EventOf<'saw'>, seq: number): Thread {
  const seen = { ...thread, seen: state }
  return picture === undefined ? seen : add(seen, { kind: 'picture', key: `screen-${seq}`, picture, state })
}

/** The result comes first: whoever waits for it should not wait for an upload. */
function end(thread: Thread): Thread {
  const ended = add(freezeTails(thread, undefined, true), { kind: 'result', key: 'result' })
  const wasOpen = thread.items.some((item) => item.kind === 'tail')
  return wasOpen ? add(ended, { kind: 'recording', key: 'recording' }) : ended
}

/** What was shown of a section that is over stays as it was. */
function freezeTails(thread: Thread, section: Section | undefined, all = false): Thread {
  if (section === undefined && !all) return thread
  const items = thread.items.map((item) =>
    item.kind === 'tail' && item.section !== section ? { ...item, frozen: true } : item,
  )
  return { ...thread, items }
}

function replace(thread: Thread, changed: Item): Thread {
  return { ...thread, items: thread.items.map((item) => (item.key === changed.key ? changed : item)) }
}

/** Undefined where the console says nothing new to a reader. */
function sectionOf(phase: Phase | undefined): Section | undefined {
  switch (phase) {
    case 'connect':
    case 'bootloader':
      return 'bootloader'
    case 'shell':
    case 'look':
    case 'gate-2':
    case 'apply':
      return 'shell'
    case 'boot':
    case 'prove':
      return 'boot'
    case 'find':
    case 'gate-1':
    case 'clean-up':
    case undefined:
      return undefined
    default:
      return phase satisfies never
  }
}
