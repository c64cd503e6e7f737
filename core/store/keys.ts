/**
 * The names of everything we keep in Redis. One hash tag, `{oci-rescue}`, keeps all
 * of it in one slot, so that one script may touch all of it also on a Redis Cluster.
 */
import type { HandOver } from '../record/hand-over.ts'

export const PREFIX = '{oci-rescue}'

/** Sorted set: rescues that have not ended, by the time they were requested. */
export const LIVE = `${PREFIX}:live`

/** Hash: instance OCID → the live rescue that has its lock. */
export const LOCKS = `${PREFIX}:locks`

/** Stream: which rescue's log has grown, and to which sequence number. */
export const FEED = `${PREFIX}:feed`

/** Hash: `listedAt` (ms), `digest`, `body`: the newest list of instances. */
export const INVENTORY = `${PREFIX}:inventory`

/** Hash: `bot` or `worker` → by what its SEALING_KEY can be told from another one. */
export const SEALING_KEYS = `${PREFIX}:sealing-keys`

/** Hash: `seq`, `hash`, `epoch`, `instance`, `ended`. */
export function headKey(rescue: string): string {
  return `${PREFIX}:head:${rescue}`
}

/** Stream: the entries; the id of entry 7 is `7-0`. */
export function entriesKey(rescue: string): string {
  return `${PREFIX}:entries:${rescue}`
}

/** Stream: refused clicks of no live rescue; the id of entry 7 is `7-0`. */
export const REFUSED_CLICKS = `${PREFIX}:refused-clicks`

/** Hash: `seq` and `hash` of the last of them. */
export const REFUSED_CLICKS_HEAD = `${PREFIX}:refused-clicks-head`

/** String: how many of one person's are recorded there in this hour. */
export function refusedClicksOf({ team, user }: { readonly team: string; readonly user: string }): string {
  return `${PREFIX}:refused-clicks-of:${team}:${user}`
}

/** Hash: part of the thread → what the bot notes about it. */
export function postsKey(rescue: string): string {
  return `${PREFIX}:posts:${rescue}`
}

/** String: which hearing of this press, command, reply or decision was the first; `name` is its digest. */
export function heardKey(name: string): string {
  return `${PREFIX}:heard:${name}`
}

/** Hash: rescue → the bot that keeps its thread. */
export const KEEPERS = `${PREFIX}:keepers`

/** Sorted set: bots that are there, by when each last said so. */
export const BOTS = `${PREFIX}:bots`

/** What all bots of a workspace have spent of what Slack allows: `part` is `state`, `live`, `waiting:…`, or `calls:…`. */
export function budgetKey(team: string, part: string): string {
  return `${PREFIX}:budget:${team}:${part}`
}

/** String: what is handed over between bot and worker, encrypted. */
export function sealedKey({ rescue, about, handOver }: HandOver): string {
  return `${PREFIX}:sealed:${rescue}:${about}:${handOver}`
}
