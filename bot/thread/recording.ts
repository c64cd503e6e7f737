/**
 * The whole console of a rescue out of its log: as text to read and search, and as
 * asciicast v2 to play. Masked already, for so it was logged.
 * Format: docs.asciinema.org/manual/asciicast/v2.
 */
import type { Actor, Entry, EventOf } from '../../core/record/events.ts'
import { mask } from '../../core/record/masking.ts'

interface Shown {
  readonly at: number
  readonly event: EventOf<'console'>
}

const COLUMNS = 80
const ROWS = 24
/** Longer pauses (an approval, a slow reboot) are shortened by the player. */
const IDLE_TIME_LIMIT_SECONDS = 2
const CLEAR = '\u001b[2J\u001b[H'

export interface Recording {
  readonly transcript: string
  readonly cast: string
}

export function recordingOf(title: string, entries: readonly Entry[]): Recording {
  const shown = entries.flatMap(({ event, at }): readonly Shown[] =>
    event.type === 'console' ? [{ at: Date.parse(at), event }] : [],
  )
  const typed = entries.flatMap(({ event }) => (event.type === 'typed' ? [event] : []))
  return { transcript: transcript(entries), cast: cast({ title, ...sizeOf(entries) }, shown, typed) }
}

/**
 * Every line that left the screen, and the screens that were wiped: a menu or a prompt that
 * never scrolled away is only there. Between them, what the rescue did and when.
 */
function transcript(entries: readonly Entry[]): string {
  const lines: string[] = []
  let screen: readonly string[] = []
  for (const { event, at, actor } of entries) {
    if (event.type === 'console') {
      if (isNewScreen(screen, event)) lines.push(...screen)
      lines.push(...event.scrolled)
      screen = event.rows
    } else if (event.type === 'line-sent') {
      lines.push(...screen, '', `--- ${at} ${who(actor)} typed ---`, '', `# ${mask(event.text)}`)
      screen = []
    } else if (event.type === 'interrupt-asked') {
      lines.push(...screen, '', `--- ${at} ${who(actor)} wants it interrupted ---`, '')
      screen = []
    } else if (event.type === 'line-answered') {
      lines.push(...screen, '', `--- ${at} ${event.how} with ${event.exitCode ?? 'no exit code'}, and said ---`, '')
      lines.push(...event.output.split('\n').map(literal), '--- end of what it said ---', '')
      screen = []
    } else if (event.type === 'phase-began') {
      lines.push(...screen, '', `--- ${at} ${event.phase} ---`, '')
      screen = []
    }
  }
  return `${[...lines, ...screen].join('\n').replaceAll(/\n{4,}/g, '\n\n\n')}\n`
}

function who(actor: Actor): string {
  if (actor.kind === 'person') return actor.user
  return actor.kind === 'worker' ? actor.id : actor.kind
}

/** The rows that were there have neither scrolled away nor stayed: they were wiped. */
function isNewScreen(before: readonly string[], { scrolled, rows }: EventOf<'console'>): boolean {
  const first = before.find((row) => row.trim() !== '')
  return first !== undefined && !scrolled.includes(first) && !rows.includes(first)
}

/**
 * Of the terminal that it is played on. A row of the log may be a line that went over several rows of the screen, so how
 * wide that was is known from pictures of it; and the terminal breaks the line again where the screen did.
 */
function sizeOf(entries: readonly Entry[]): { readonly width: number; readonly height: number } {
  const events = entries.map(({ event }) => event)
  const wide = events.flatMap((event) => (event.type === 'saw' && event.picture ? [event.picture.columns] : []))
  const width = Math.max(COLUMNS, ...wide)
  const heightOf = (rows: readonly string[]) =>
    rows.reduce((sum, row) => sum + Math.max(1, Math.ceil(row.length / width)), 0)
  const high = events.flatMap((event) => (event.type === 'console' ? [heightOf(event.rows)] : []))
  return { width, height: Math.max(ROWS, ...high) }
}

interface About {
  readonly title: string
  readonly width: number
  readonly height: number
}

/** What was shown and what was typed, by the times at which it was: a flush of the log comes a little later. */
function cast(about: About, shown: readonly Shown[], typed: readonly EventOf<'typed'>[]): string {
  const start = Math.min(shown[0]?.at ?? Infinity, Date.parse(typed[0]?.at ?? '') || Infinity)
  const header = {
    version: 2,
    ...about,
    timestamp: Number.isFinite(start) ? Math.floor(start / 1000) : 0,
    idle_time_limit: IDLE_TIME_LIMIT_SECONDS,
  }
  const frames = [
    ...shown.map(({ at, event }) => ({ at, code: 'o', text: CLEAR + event.rows.map(literal).join('\r\n') })),
    ...typed.map(({ at, keys }) => ({ at: Date.parse(at), code: 'i', text: keys })),
  ].toSorted((one, other) => one.at - other.at)
  const lines = [header, ...frames.map(({ at, code, text }) => [seconds(at - start), code, text])]
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}

/** Whoever plays the recording gets text, not control sequences of ours or of the machine. */
function literal(row: string): string {
  return row.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ')
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds) / 1000)
}
