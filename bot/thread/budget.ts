/**
 * How often we may speak, over all rescues and all bots of a workspace together. Slack counts per method and
 * workspace, and posts per channel, and one 429 pauses everybody; so we stay under its
 * figures (docs.slack.dev/apis/web-api/rate-limits) and never learn them from it.
 */
import {
  type Allowance,
  type Allowances,
  type Cost,
  LIVE_MS,
  LIVE_QUEUE,
  type Standing,
  type Turn,
} from '../../core/store/allowances.ts'

/** Calls arrive unevenly: this much longer than Slack's windows keeps us inside them. */
const SLACK_MINUTE_MS = 61_000

/** chat.update is tier 3: 50 a minute for the whole workspace; a few are left free. */
const UPDATES: readonly Allowance[] = [{ calls: 48, milliseconds: SLACK_MINUTE_MS }]
/** Five of them are kept for gates and cards, which must not wait behind console text. */
const TAIL_UPDATES: readonly Allowance[] = [{ calls: 43, milliseconds: SLACK_MINUTE_MS }]
/** chat.postMessage: one a second per channel, threads included; short bursts are allowed. */
const CHANNEL_POSTS: readonly Allowance[] = [
  { calls: 5, milliseconds: 5500 },
  { calls: 54, milliseconds: SLACK_MINUTE_MS },
]
/** Some of them are kept for what people wait for: rescues in one channel share it. */
const CHANNEL_NOTES: readonly Allowance[] = [
  { calls: 3, milliseconds: 5500 },
  { calls: 40, milliseconds: SLACK_MINUTE_MS },
]
/** And "several hundred" a minute in the workspace. */
const POSTS: readonly Allowance[] = [{ calls: 150, milliseconds: SLACK_MINUTE_MS }]
const NOTES: readonly Allowance[] = [{ calls: 120, milliseconds: SLACK_MINUTE_MS }]
/** Uploads are tier 4, with several calls each; files are large, so they are kept rare. */
const UPLOADS: readonly Allowance[] = [{ calls: 6, milliseconds: SLACK_MINUTE_MS }]
/** What somebody has to read before they decide does not wait behind recordings. */
const GATE_UPLOADS: readonly Allowance[] = [{ calls: 18, milliseconds: SLACK_MINUTE_MS }]
/** Two of them are kept for what comes by itself, however often somebody asks for the screen. */
const ASKED_UPLOADS: readonly Allowance[] = [{ calls: 4, milliseconds: SLACK_MINUTE_MS }]
const UPLOADS_BY_PRIORITY = { prompt: GATE_UPLOADS, note: UPLOADS, asked: ASKED_UPLOADS } as const

/** One live console is edited every 2.5 s at most; many share the minute, a little of which they leave to what people wait for. */
const TAIL_INTERVAL_MS = 2500
const TAIL_SHARE_MS = 1400
/** Whoever waits for a turn asks again within this time. */
const TURN_MS = 1000
/** After a 429 the console is edited half as often for this long. */
const CAUTION_MS = 60_000
/** A console that is live is said to be so again and again, or it counts as one whose bot has died. */
export const SESSION_RENEWAL_MS = LIVE_MS / 3

/** `prompt`: what people wait for; `note`: what only tells them; `tail`: console text, of which only the newest counts. */
export type Spending =
  | { readonly kind: 'post'; readonly channel: string; readonly priority: 'prompt' | 'note'; readonly rescue: string }
  | { readonly kind: 'update'; readonly priority: 'prompt' }
  | { readonly kind: 'update'; readonly priority: 'tail'; readonly rescue: string }
  /** `prompt`: what is to be approved; `asked`: a picture that somebody wanted, of which there may be many. */
  | { readonly kind: 'upload'; readonly channel: string; readonly priority: 'prompt' | 'note' | 'asked' }

export class Budget {
  readonly #allowances: Allowances
  readonly #now: () => number
  /** Consoles that are live here, and when that was last said. */
  readonly #sessions = new Map<string, number>()
  /** What was asked for in vain, and from when on it is worth asking again: waits become longer, never shorter. */
  readonly #notBefore = new Map<string, number>()
  #silentUntil = 0
  /** As the last answer told. */
  #live = 0
  #cautiousUntil = 0

  /** `allowances` are shared with the other bots. `now` in milliseconds, only ever growing. */
  constructor(allowances: Allowances, now: () => number) {
    this.#allowances = allowances
    this.#now = now
  }

  /**
   * Milliseconds to wait until this may be spent; 0 spends it.
   * @throws RescueError `store-unreachable`, `store-refused`: nothing may be said then.
   */
  async take(spending: Spending): Promise<number> {
    const name = nameOf(spending)
    const known = Math.max(this.#silentUntil, this.#notBefore.get(name) ?? 0) - this.#now()
    if (known > 0) return Math.ceil(known)
    const wait = await this.#ask(spending)
    if (wait === 0) this.#notBefore.delete(name)
    else this.#notBefore.set(name, this.#now() + wait)
    return wait
  }

  /** How long a console's message stays as it is before it is edited again, as far as is known here. */
  tailInterval(): number {
    const interval = Math.max(TAIL_INTERVAL_MS, TAIL_SHARE_MS * this.#live)
    return this.#now() < this.#cautiousUntil ? 2 * interval : interval
  }

  /** A rescue whose console is live shares the minute with the others; to be called every `SESSION_RENEWAL_MS` while it is. */
  async sessionIs(rescue: string, live: boolean): Promise<void> {
    const saidAt = this.#sessions.get(rescue)
    const isKnown = live ? saidAt !== undefined && this.#now() < saidAt + SESSION_RENEWAL_MS : saidAt === undefined
    if (isKnown) return
    const now = this.#now()
    this.#sessions.delete(rescue)
    this.#notice(await this.#allowances.sayLive(rescue, live))
    if (live) this.#sessions.set(rescue, now)
  }

  /** Slack said 429: nobody speaks for a while. Where the others can not be told, Slack tells them. */
  async pause(milliseconds: number): Promise<void> {
    this.#silentUntil = Math.max(this.#silentUntil, this.#now() + milliseconds)
    const told = this.#allowances.silence(milliseconds, CAUTION_MS)
    await told.then(
      (standing) => this.#notice(standing),
      () => undefined,
    )
  }

  async #ask(spending: Spending): Promise<number> {
    const turn = turnOf(spending)
    const answer = await this.#allowances.take(costsOf(spending), turn)
    this.#notice(answer)
    return turn === undefined ? answer.wait : Math.min(answer.wait, turn.milliseconds)
  }

  #notice({ live, cautiousMs }: Standing): void {
    this.#live = live
    this.#cautiousUntil = this.#now() + cautiousMs
  }
}

/**
 * Of consoles, and of rescues that post in one channel, whoever has waited longest is next: otherwise the one that happens to
 * ask first would always be. What people wait for has a queue of its own.
 */
function turnOf(spending: Spending): Turn | undefined {
  if (spending.kind === 'upload' || (spending.kind === 'update' && spending.priority === 'prompt')) return undefined
  const queue = spending.kind === 'post' ? `${spending.priority}:${spending.channel}` : LIVE_QUEUE
  return { queue, who: spending.rescue, milliseconds: TURN_MS }
}

/** The same for all that would be answered alike. */
function nameOf(spending: Spending): string {
  switch (spending.kind) {
    case 'update':
      return spending.priority === 'tail' ? `tail:${spending.rescue}` : 'update'
    case 'post':
      return `${spending.priority}:${spending.channel}:${spending.rescue}`
    case 'upload':
      return `${spending.priority}-upload:${spending.channel}`
    default:
      return spending satisfies never
  }
}

function costsOf(spending: Spending): readonly Cost[] {
  switch (spending.kind) {
    case 'update':
      return [{ name: 'updates', allowances: spending.priority === 'tail' ? TAIL_UPDATES : UPDATES }]
    case 'post': {
      const [here, everywhere] = spending.priority === 'prompt' ? [CHANNEL_POSTS, POSTS] : [CHANNEL_NOTES, NOTES]
      return [inChannel(spending.channel, here), { name: 'posts', allowances: everywhere }]
    }
    case 'upload':
      // A file appears as a message, so it takes a post's place as well.
      return [
        inChannel(spending.channel, spending.priority === 'prompt' ? CHANNEL_POSTS : CHANNEL_NOTES),
        { name: 'uploads', allowances: UPLOADS_BY_PRIORITY[spending.priority] },
      ]
    default:
      return spending satisfies never
  }
}

function inChannel(channel: string, allowances: readonly Allowance[]): Cost {
  return { name: `channel:${channel}`, allowances }
}
