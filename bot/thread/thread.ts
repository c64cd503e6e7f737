/**
 * What a rescue's thread holds, derived from its log: a list of messages by key, in
 * the order in which they appear. The same log gives the same keys, so a bot that
 * starts again finds its own messages, and what is missing is what was not posted.
 */
import type { Entry, EventOf, Phase, ScreenPicture } from '../../core/record/events.ts'
import { type RescueState, START, step } from '../../core/record/state.ts'
import { isLonger } from './change-diff.ts'

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
  /** All that a gate's message has no room for; `seq` as there. */
  | { readonly kind: 'diff'; readonly key: string; readonly seq: number }
  | { readonly kind: 'reminder'; readonly key: string; readonly seq: number }
  /** A gate was opened by one person alone: for the channel that the policy names. */
  | { readonly kind: 'alarm'; readonly key: string; readonly entry: Entry }
  | { readonly kind: 'ask'; readonly key: string; readonly ask: string }
  /** The root shell is open for lines; then a message for each of them. */
  | { readonly kind: 'shell'; readonly key: string }
  | { readonly kind: 'line'; readonly key: string; readonly line: string }
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
  | {
      readonly kind: 'picture'
      readonly key: string
      readonly picture: ScreenPicture
      readonly state: string
      readonly why: EventOf<'saw'>['why']
      readonly at: string
    }
  | { readonly kind: 'diagnosis'; readonly key: string; readonly event: EventOf<'diagnosed'> }
  /** A file that was asked for: what the console has said, or what the screen shows. */
  | { readonly kind: 'capture'; readonly key: string; readonly event: EventOf<'history' | 'screenshot'> }
  | { readonly kind: 'handed-out'; readonly key: string }
  /** How that console is opened: for whoever asked, and nobody else. */
  | { readonly kind: 'console-commands'; readonly key: string }
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
  /** The keys of what Slack did not take and is no longer tried: the log does not know of it either. */
  readonly givenUp: ReadonlySet<string>
}

export function emptyThread(rescue: string): Thread {
  return {
    rescue,
    state: START,
    items: [],
    seen: undefined,
    scrolledLines: 0,
    deliveries: new Map(),
    givenUp: new Set(),
  }
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
    case 'gate-opened': {
      const key = gateKey(thread, event.gate)
      return withDiff(add(thread, { kind: 'gate', key, seq }), event, diffKey(key), seq)
    }
    case 'asked':
      return add(thread, { kind: 'ask', key: `ask-${event.ask}`, ask: event.ask })
    case 'shell-opened':
      return add(thread, { kind: 'shell', key: 'shell' })
    case 'line-sent':
      return isTaken(thread, event.line)
        ? add(thread, { kind: 'line', key: `line-${event.line}`, line: event.line })
        : thread
    case 'shell-closed':
      return milestone(thread, `note-${seq}`, entry)
    case 'handed-over': {
      const { handOver, user } = event
      return add(thread, { kind: 'hand-over', key: `hand-over-${handOver}`, handOver, user })
    }
    case 'claimed':
      return event.epoch > 1 ? milestone(thread, `taken-over-${event.epoch}`, entry) : thread
    case 'decided':
      return decided(thread, event, entry)
    case 'approved':
    case 'stop-requested':
      return milestone(thread, `note-${seq}`, entry)
    case 'noticed':
      return note(thread, entry)
    case 'transferring':
      return transfer(thread, event, entry)
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
      return saw(thread, event, entry)
    case 'diagnosed':
      return add(thread, { kind: 'diagnosis', key: `diagnosis-${event.source}`, event })
    case 'history':
    case 'screenshot':
      return add(thread, { kind: 'capture', key: event.type, event })
    case 'console-handed-out':
      return add(add(thread, { kind: 'console-commands', key: 'console-commands' }), {
        kind: 'handed-out',
        key: 'handed-out',
      })
    case 'ended':
      return end(thread)
    case 'text-kept':
    case 'answered':
    case 'withdrawn':
    case 'screen-asked':
    case 'interrupt-asked':
    case 'line-answered':
    case 'chosen':
    case 'resolved':
    case 'admitted':
    case 'turned-away':
    case 'terms-set':
    case 'refused-click':
    case 'change-began':
    case 'owes':
    case 'typed':
      return thread
    default:
      return event satisfies never
  }
}

/** Not one that came after the shell was closed, or while another line ran. */
function isTaken({ state }: Thread, line: string): boolean {
  return state.shell?.lines.some(({ id }) => id === line) ?? false
}

/** Below the gate, which nobody shall wait for because of a file. */
function withDiff(thread: Thread, { plan }: EventOf<'gate-opened'>, key: string, seq: number): Thread {
  if (plan.gate === 1 || !isLonger(plan, thread.state)) return thread
  return add(thread, { kind: 'diff', key, seq })
}

/** Of the file that belongs to a gate's message. */
export function diffKey(gate: string): string {
  return `diff-${gate}`
}

/** One message for each file and way, that always says the newest. */
function transfer(thread: Thread, { done }: EventOf<'transferring'>, entry: Entry): Thread {
  const known = thread.items.findLast(({ key }) => key.startsWith('transfer-'))
  return countdown(thread, done === 0 || known === undefined ? `transfer-${entry.seq}` : known.key, entry)
}

function decided(thread: Thread, { brokeGlass }: EventOf<'decided'>, entry: Entry): Thread {
  const said = milestone(thread, `note-${entry.seq}`, entry)
  return brokeGlass ? add(said, { kind: 'alarm', key: `alarm-${entry.seq}`, entry }) : said
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

/** What comes in one breath with the message before it, and of itself calls nobody, is said in that message. */
const ONE_BREATH_MS = 15_000
const MOST_IN_ONE_BREATH = 6

function note(thread: Thread, entry: Entry): Thread {
  const last = thread.items.at(-1)
  if (last?.kind !== 'milestone' || !last.key.startsWith('note-')) return milestone(thread, `note-${entry.seq}`, entry)
  const since = Date.parse(entry.at) - Date.parse(last.entries[0]?.at ?? '')
  const inOneBreath = since <= ONE_BREATH_MS && last.entries.length < MOST_IN_ONE_BREATH
  return milestone(thread, inOneBreath ? last.key : `note-${entry.seq}`, entry)
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

function saw(thread: Thread, { state, picture, why }: EventOf<'saw'>, { seq, at }: Entry): Thread {
  const seen = { ...thread, seen: state }
  return picture === undefined ? seen : add(seen, { kind: 'picture', key: `screen-${seq}`, picture, state, why, at })
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
    case 'watch':
      return 'boot'
    case 'find':
    case 'gate-1':
    case 'clean-up':
    case 'capture':
    case 'handed-out':
    case undefined:
      return undefined
    default:
      return phase satisfies never
  }
}
