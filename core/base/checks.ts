/**
 * A check-up of an installation, for `npm run doctor`: checks that look at one thing
 * each, within a time limit, and say what they saw and how to mend it. One that fails
 * does not stop the others.
 */
import { orAborted, TimeLimit, within } from './deadline.ts'
import { describeError } from './errors.ts'

/**
 * `note`: it was not tried, for trying would change something, or for want of something that was found missing before;
 * `warn`: it works, but less well or less surely than it should; `bad`: something will fail.
 */
export type Verdict = 'ok' | 'note' | 'warn' | 'bad'

export interface Seen {
  readonly verdict: Verdict
  /** What was seen. Never a secret. */
  readonly said: string
  /** How to mend it: commands, statements and places, ready to be copied. */
  readonly mend?: readonly string[]
  /** What can be looked at only now. */
  readonly next?: readonly Check[]
}

export interface Check {
  /** What is looked at, e.g. `Slack bot token`. */
  readonly what: string
  /** What it throws is a finding, too. */
  readonly look: (signal: AbortSignal) => Promise<Seen>
  /** How to mend what it throws. */
  readonly mend?: readonly string[]
}

export interface Finding {
  readonly what: string
  readonly verdict: Verdict
  readonly said: string
  readonly mend: readonly string[]
}

/** Long enough for a connection from far away, short enough for somebody who waits for a dozen of them. */
const LIMIT_MS = 10_000

/** A check of what is known already. */
export function settled(what: string, seen: Seen): Check {
  return { what, look: async () => seen }
}

/** One finding for each check, in their order; what a check leads to comes right behind it. */
export async function* examine(
  checks: readonly Check[],
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): AsyncGenerator<Finding> {
  for (const check of checks) {
    const { verdict, said, mend = [], next = [] } = await lookAt(check, signal, limitMs)
    yield { what: check.what, verdict, said, mend }
    yield* examine(next, signal, limitMs)
  }
}

async function lookAt({ look, mend = [] }: Check, signal: AbortSignal, limitMs: number): Promise<Seen> {
  using limit = within(signal, limitMs)
  try {
    return await orAborted(look(limit.signal), limit.signal)
  } catch (thrown) {
    signal.throwIfAborted()
    const said = thrown instanceof TimeLimit ? `no answer within ${limitMs / 1000} s` : whyOf(thrown)
    return { verdict: 'bad', said, mend }
  }
}

/** With what it wraps: libraries say `fetch failed` and no more, or repeat in their own words what the cause says. */
export function whyOf(thrown: unknown): string {
  const own = wordsOf(thrown)
  if (!(thrown instanceof Error) || thrown.cause === undefined) return own
  const inner = wordsOf(thrown.cause)
  return `${own.endsWith(inner) ? own.slice(0, -inner.length) : `${own}: `}${whyOf(thrown.cause)}`
}

/** Where several addresses were tried, Node's message is empty. */
function wordsOf(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
  return describeError(thrown) || code || 'it failed without a word'
}

export interface ReportOptions {
  /** Whose installation it is: `bot`, `worker`. */
  readonly side: string
  /** A line of JSON for each finding, in place of words. */
  readonly json: boolean
  /** Hidden wherever somebody else's words should have them in it. */
  readonly secrets: readonly string[]
  readonly say: (line: string) => void
}

/** Says each finding as soon as it is known. False when anything is bad. */
export async function report(
  checks: readonly Check[],
  { side, json, secrets, say }: ReportOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const counts = { ok: 0, note: 0, warn: 0, bad: 0 }
  for await (const seen of examine(checks, signal)) {
    counts[seen.verdict] += 1
    const finding = without(secrets, seen)
    say(json ? JSON.stringify({ side, ...finding }) : asText(side, finding))
  }
  const sums = Object.entries(counts).map(([verdict, count]) => `${count} ${verdict}`)
  if (!json) say(`${side}: ${sums.join(', ')}`)
  return counts.bad === 0
}

function without(secrets: readonly string[], { what, verdict, said, mend }: Finding): Finding {
  const hide = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[hidden]'), text)
  return { what, verdict, said: hide(said), mend: mend.map(hide) }
}

function asText(side: string, { verdict, what, said, mend }: Finding): string {
  return [`${verdict.padEnd(4)}  ${side}: ${what}: ${said}`, ...mend.map((line) => `      > ${line}`)].join('\n')
}
