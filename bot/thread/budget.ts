/**
 * How often we may speak, over all rescues together. Slack counts per method and
 * workspace, and posts per channel, and one 429 pauses everybody; so we stay under its
 * figures (docs.slack.dev/apis/web-api/rate-limits) and never learn them from it.
 */

/** chat.update is tier 3: 50 a minute for the whole workspace. Four fifths of it leave room for other replies' edits. */
const UPDATES_PER_MINUTE = 40
/** Of those, so many are kept for gates and cards, which must not wait behind console text. */
const RESERVED_UPDATES = 10
/** chat.postMessage: about one a second per channel, threads included; short bursts are allowed. */
const POST_INTERVAL_MS = 1100
const POST_BURST = 3
/** And "several hundred" a minute in the workspace. */
const POSTS_PER_MINUTE = 150
/** Uploads are tier 4, two calls each; files are large, so they are kept rare. */
const UPLOAD_INTERVAL_MS = 10_000
const UPLOAD_BURST = 3

const MINUTE_MS = 60_000

/** One live console is edited every 2.5 s at most; many share the minute. */
const TAIL_INTERVAL_MS = 2500
const TAIL_SHARE_MS = 2000
/** After a 429 the console is edited half as often for this long. */
const CAUTION_MS = 60_000

/** `prompt`: what people wait for; `tail`: console text, of which only the newest counts. */
export type Spending =
  | { readonly kind: 'post'; readonly channel: string }
  | { readonly kind: 'update'; readonly priority: 'prompt' | 'tail' }
  | { readonly kind: 'upload'; readonly channel: string }

export class Budget {
  readonly #now: () => number
  readonly #updates: number[] = []
  readonly #posts: number[] = []
  readonly #channels = new Map<string, Bucket>()
  readonly #uploads: Bucket
  readonly #sessions = new Set<string>()
  #pausedUntil = 0
  #cautiousUntil = 0

  /** `now` in milliseconds, only ever growing. */
  constructor(now: () => number) {
    this.#now = now
    this.#uploads = new Bucket(UPLOAD_BURST, UPLOAD_INTERVAL_MS, now())
  }

  /** Milliseconds to wait until this may be spent; 0 spends it. */
  take(spending: Spending): number {
    const now = this.#now()
    const wait = Math.max(this.#pausedUntil - now, this.#wait(spending, now))
    if (wait > 0) return Math.ceil(wait)
    this.#spend(spending, now)
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
  }

  /** Slack said 429: nobody speaks for a while. */
  pause(milliseconds: number): void {
    const now = this.#now()
    this.#pausedUntil = Math.max(this.#pausedUntil, now + milliseconds)
    this.#cautiousUntil = this.#pausedUntil + CAUTION_MS
  }

  #wait(spending: Spending, now: number): number {
    switch (spending.kind) {
      case 'update': {
        const allowed = spending.priority === 'tail' ? UPDATES_PER_MINUTE - RESERVED_UPDATES : UPDATES_PER_MINUTE
        return waitInMinute(this.#updates, allowed, now)
      }
      case 'post':
        return Math.max(this.#channel(spending.channel).wait(now), waitInMinute(this.#posts, POSTS_PER_MINUTE, now))
      case 'upload':
        // A file appears in the thread as a message, so it takes a post's place as well.
        return Math.max(this.#uploads.wait(now), this.#channel(spending.channel).wait(now))
      default:
        return spending satisfies never
    }
  }

  #spend(spending: Spending, now: number): void {
    if (spending.kind === 'update') this.#updates.push(now)
    else this.#channel(spending.channel).take(now)
    if (spending.kind === 'post') this.#posts.push(now)
    if (spending.kind === 'upload') this.#uploads.take(now)
  }

  #channel(channel: string): Bucket {
    const known = this.#channels.get(channel)
    if (known !== undefined) return known
    const bucket = new Bucket(POST_BURST, POST_INTERVAL_MS, this.#now())
    this.#channels.set(channel, bucket)
    return bucket
  }
}

/** Holds `burst` tokens and gets one more every `interval` milliseconds. */
class Bucket {
  readonly #burst: number
  readonly #interval: number
  #tokens: number
  #at: number

  constructor(burst: number, interval: number, now: number) {
    this.#burst = burst
    this.#interval = interval
    this.#tokens = burst
    this.#at = now
  }

  wait(now: number): number {
    this.#refill(now)
    return this.#tokens >= 1 ? 0 : (1 - this.#tokens) * this.#interval
  }

  take(now: number): void {
    this.#refill(now)
    this.#tokens -= 1
  }

  #refill(now: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (now - this.#at) / this.#interval)
    this.#at = now
  }
}

/** Forgets what is older than a minute, and says when the next call fits into it. */
function waitInMinute(calls: number[], allowed: number, now: number): number {
  while (calls.length > 0 && (calls[0] ?? now) <= now - MINUTE_MS) calls.shift()
  const oldest = calls.at(-allowed)
  return oldest === undefined ? 0 : oldest + MINUTE_MS - now
}
