/** How far this computer's clock is from another one's, by an answer that carries the other's time. */
import type { Seen } from './checks.ts'

/** Times of one rescue that come from several computers then no longer stand in order. */
const WORTH_A_WARNING_MS = 30_000

/** The date of an answer is cut off to whole seconds (RFC 9110, section 5.6.7): half a second is its middle. */
const HALF_A_SECOND_MS = 500

/** In ms since 1970, by our clock: when it was asked, and when it was answered. */
export interface Asked {
  readonly from: number
  readonly to: number
}

/** How far ours is ahead, in ms; negative: behind. `theirs` was read at some moment between `from` and `to`. */
export function skewOf(theirs: number, { from, to }: Asked): number {
  return Math.round((from + to) / 2 - theirs)
}

/** By the header `Date` of an answer; undefined when it has none. */
export function skewByDate(date: string | null, asked: Asked): number | undefined {
  const theirs = date === null ? Number.NaN : Date.parse(date)
  return Number.isNaN(theirs) ? undefined : skewOf(theirs + HALF_A_SECOND_MS, asked)
}

/** `refusedFromMs`: from there on, the other side refuses what we send. */
export function skewSeen(whose: string, skewMs: number | undefined, refusedFromMs = Number.POSITIVE_INFINITY): Seen {
  if (skewMs === undefined) return { verdict: 'note', said: `${whose} does not tell its time` }
  const size = Math.abs(skewMs)
  if (size < WORTH_A_WARNING_MS) return { verdict: 'ok', said: `agrees with ${whose}’s` }
  const said = `is ${Math.round(size / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} ${whose}’s`
  const mend = [
    'compare with other clocks: timedatectl status; the wrong one has to be set',
    'here: sudo timedatectl set-ntp true   (with chrony: sudo chronyc makestep)',
  ]
  if (size < refusedFromMs) return { verdict: 'warn', said, mend }
  return { verdict: 'bad', said: `${said}: from ${refusedFromMs / 1000} s on, requests are refused`, mend }
}
