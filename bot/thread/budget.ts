/**
 * How often we may speak, over all rescues together. Slack counts per method and
 * workspace, and posts per channel, and one 429 pauses everybody; so we stay under its
 * figures (docs.slack.dev/apis/web-api/rate-limits) and never learn them from it.
 */

/** At most `calls` in any stretch of `milliseconds`. */
interface Allowance {
  readonly calls: number
  readonly milliseconds: number
}

/** Calls arrive unevenly: this much longer than Slack's windows keeps us inside them. */
const SLACK_MINUTE_MS = 61_000

/** chat.update is tier 3: 50 a minute for the whole workspace; a few are left free. */
const UPDATES: readonly Allowance[] = [{ calls: 48, milliseconds: SLACK_MINUTE_MS }]
/** Eight of them are kept for gates and cards, which must not wait behind console text. */
const TAIL_UPDATES: readonly Allowance[] = [{ calls: 40, milliseconds: SLACK_MINUTE_MS }]
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
/** Two of them are kept for what comes by itself, however often somebody asks for the screen. */
const ASKED_UPLOADS: readonly Allowance[] = [{ calls: 4, milliseconds: SLACK_MINUTE_MS }]

/** One live console is edited every 2.5 s at most; many share the minute, a little of which they leave to what people wait for. */
const TAIL_INTERVAL_MS = 2500
const TAIL_SHARE_MS = 1500
/** A console that waits for its turn asks again within this time; one that does not ask for longer wants none any more. */
const TURN_MS = 1000
const FORGOTTEN_MS = 5000
/** After a 429 the console is edited half as often for this long. */
const CAUTION_MS = 60_000

/** `prompt`: what people wait for; `note`: what only tells them; `tail`: console text, of which only the newest counts. */
export type Spending =
  | { readonly kind: 'post'; readonly channel: string; readonly priority: 'prompt' | 'note' }
  | { readonly kind: 'update'; readonly priority: 'prompt' }
  | { readonly kind: 'update'; readonly priority: 'tail'; readonly rescue: string }
  /** `isAsked`: a picture that somebody wanted, of which there may be many. */
  | { readonly kind: 'upload'; readonly channel: string; readonly isAsked: boolean }

export class Budget {
  readonly #now: () => number
  readonly #updates = new Window()
  readonly #posts = new Window()
  readonly #uploads = new Window()
  readonly #channels = new Map<string, Window>()
  readonly #sessions = new Set<string>()
  /** Consoles that were due and could not be edited yet, by rescue. */
  readonly #waiting = new Map<string, { readonly since: number; readonly asked: number }>()
  #pausedUntil = 0
  #cautiousUntil = 0

  /** `now` in milliseconds, only ever growing. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Milliseconds to wait until this may be spent; 0 spends it. */
  take(spending: Spending): number {
    if (spending.kind === 'update' && spending.priority === 'tail') return this.#takeInTurn(spending)
    return this.#take(spending)
  }

  /** Whoever has waited longest is next: otherwise the one that happens to ask first would always be. */
  #takeInTurn(spending: Spending & { rescue: string }): number {
    const now = this.#now()
    const { rescue } = spending
    const since = this.#waiting.get(rescue)?.since ?? now
    this.#waiting.set(rescue, { since, asked: now })
    const others = [...this.#waiting].filter(([other, { asked }]) => other !== rescue && asked > now - FORGOTTEN_MS)
    if (others.some(([, other]) => other.since < since)) return TURN_MS
    const wait = this.#take(spending)
    if (wait === 0) this.#waiting.delete(rescue)
    return Math.min(wait, TURN_MS)
  }

  #take(spending: Spending): number {
    const now = this.#now()
    const costs = this.#costs(spending)
    const waits = costs.map(({ window, allowances }) => window.wait(allowances, now))
    const wait = Math.max(this.#pausedUntil - now, ...waits)
    if (wait > 0) return Math.ceil(wait)
    for (const { window } of costs) window.add(now)
    return 0
  }

  /** How long a console's message stays as it is before it is edited again. */
  tailInterval(): number {
    const interval = Math.max(TAIL_INTERVAL_MS, TAIL_SHARE_MS * this.#sessions.size)
    return this.#now() < this.#cautiousUntil ? 2 * interval : interval
  }

  /** A rescue whose console is live shares the minute with the others. */
  sessionIs(rescue: string, live: boolean): void {
    if (live) this.#sessions.add(rescue)
    else this.#sessions.delete(rescue)
    if (!live) this.#waiting.delete(rescue)
  }

  /** Slack said 429: nobody speaks for a while. */
  pause(milliseconds: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + milliseconds)
    this.#cautiousUntil = this.#pausedUntil + CAUTION_MS
  }

  #costs(spending: Spending): readonly { window: Window; allowances: readonly Allowance[] }[] {
    switch (spending.kind) {
      case 'update':
        return [{ window: this.#updates, allowances: spending.priority === 'tail' ? TAIL_UPDATES : UPDATES }]
      case 'post': {
        const [here, everywhere] = spending.priority === 'prompt' ? [CHANNEL_POSTS, POSTS] : [CHANNEL_NOTES, NOTES]
        return [this.#inChannel(spending.channel, here), { window: this.#posts, allowances: everywhere }]
      }
      case 'upload':
        // A file appears as a message, so it takes a post's place as well.
        return [
          this.#inChannel(spending.channel, CHANNEL_NOTES),
          { window: this.#uploads, allowances: spending.isAsked ? ASKED_UPLOADS : UPLOADS },
        ]
      default:
        return spending satisfies never
    }
  }

  #inChannel(channel: string, allowances: readonly Allowance[]) {
    const window = this.#channels.get(channel) ?? new Window()
    this.#channels.set(channel, window)
    return { window, allowances }
  }
}

/** When calls were made, as far back as any allowance looks. */
class Window {
  #calls: number[] = []

  wait(allowances: readonly Allowance[], now: number): number {
    this.#calls = this.#calls.filter((at) => at > now - SLACK_MINUTE_MS)
    const waits = allowances.map(({ calls, milliseconds }) => {
      const oldest = this.#calls.at(-calls)
      return oldest === undefined ? 0 : oldest + milliseconds - now
    })
    return Math.max(0, ...waits)
  }

  add(now: number): void {
    this.#calls.push(now)
  }
}
