/**
 * How often each method may be called, in sliding windows. The figures are the
 * tiers of Slack's method reference (docs.slack.dev/apis/web-api/rate-limits):
 * per method, per workspace, per app; over them comes HTTP 429 with Retry-After.
 */
import type { Clock } from './clock.ts'

export interface Allowance {
  readonly calls: number
  readonly milliseconds: number
}

const MINUTE = 60_000

export const TIER_2: readonly Allowance[] = [{ calls: 20, milliseconds: MINUTE }]
export const TIER_3: readonly Allowance[] = [{ calls: 50, milliseconds: MINUTE }]
export const TIER_4: readonly Allowance[] = [{ calls: 100, milliseconds: MINUTE }]
/** auth.test and chat.getPermalink: "hundreds per minute"; 600 is what Slack's Java client counts with. */
export const HUNDREDS: readonly Allowance[] = [{ calls: 600, milliseconds: MINUTE }]
/** chat.postMessage over the workspace: "several hundred messages per minute". */
export const POSTS_PER_WORKSPACE: readonly Allowance[] = [{ calls: 300, milliseconds: MINUTE }]
/** chat.postMessage in one channel, threads included: one per second, short bursts allowed (here: of five). */
export const POSTS_PER_CHANNEL: readonly Allowance[] = [
  { calls: 5, milliseconds: 5_000 },
  { calls: 60, milliseconds: MINUTE },
]

export class RateWindows {
  readonly #clock: Clock
  readonly #taken = new Map<string, number[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Counts one call, or says after how many whole seconds it may be tried again. A refused call is not counted. */
  take(key: string, allowances: readonly Allowance[]): number | undefined {
    const now = this.#clock.now()
    const longest = Math.max(...allowances.map((allowance) => allowance.milliseconds))
    const taken = (this.#taken.get(key) ?? []).filter((at) => at > now - longest)
    const waits = allowances.map((allowance) => wait(taken, allowance, now))
    const longestWait = Math.max(...waits)
    this.#taken.set(key, longestWait > 0 ? taken : [...taken, now])
    return longestWait > 0 ? Math.max(1, Math.ceil(longestWait / 1000)) : undefined
  }
}

/** Milliseconds until one more call fits, 0 when it fits now. */
function wait(taken: readonly number[], allowance: Allowance, now: number): number {
  const oldest = taken.at(-allowance.calls)
  return oldest === undefined ? 0 : Math.max(0, oldest + allowance.milliseconds - now)
}
