/**
 * A rescue's log as its readers and writers see it. `core/store/event-log.ts` keeps
 * it in Redis; `test/contracts/event-log.ts` is the suite of every implementation.
 */
import { RescueError } from '../base/errors.ts'
import type { Actor, Entry, Origin, RescueEvent } from './events.ts'

/** Where a log ends: what an append must have seen, so that exactly one of two rivals wins. */
export interface Head {
  /** 0 for a log that does not exist yet. */
  readonly seq: number
  /** SHA-256 in hex of the last entry as it is stored; empty when there is none. */
  readonly hash: string
}

export interface Draft {
  readonly at: Date
  readonly actor: Actor
  readonly from?: Origin | undefined
  readonly event: RescueEvent
}

/** What must hold at the moment of an append, checked in the same step. */
export interface AppendConditions {
  readonly head: Head
  /** The writer's epoch, for workers: refused when another has claimed the rescue since. Null for people. */
  readonly epoch: number | null
}

export type AppendResult =
  | { readonly kind: 'appended'; readonly head: Head; readonly entry: Entry }
  /** Somebody else appended first: read on, and decide again. */
  | { readonly kind: 'conflict' }
  /** Another worker has claimed the rescue: stop at once. */
  | { readonly kind: 'fenced-off' }
  /** A `resolved` whose instance belongs to another live rescue. */
  | { readonly kind: 'instance-locked'; readonly by: string }
  /** The log has ended; nothing is appended to it any more. */
  | { readonly kind: 'ended' }

export interface EventLog {
  /** The entries after sequence number `after`, oldest first, and where the log ends. */
  read(rescue: string, after: number): Promise<{ readonly entries: readonly Entry[]; readonly head: Head }>
  /**
   * Appends one entry. `claimed` sets the epoch; `resolved` takes the instance's lock; `ended` gives it back:
   * each in the same step as the append.
   */
  append(rescue: string, draft: Draft, conditions: AppendConditions): Promise<AppendResult>
  /** Resolves when the log has more than `after` entries; throws the signal's reason if that comes first. */
  grown(rescue: string, after: number, signal: AbortSignal): Promise<void>
  /** The epoch of the newest claim; 0 when no worker has claimed the rescue. */
  epoch(rescue: string): Promise<number>
  /** The live rescue that has the instance's lock. */
  lockedBy(instanceId: string): Promise<string | undefined>
  /** Rescues that have not ended, oldest first. */
  live(): Promise<readonly string[]>
}

/** Whether a log can not be read, now and later: it is damaged, or of a newer version. */
export function isUnreadable(thrown: unknown): boolean {
  return thrown instanceof RescueError && UNREADABLE.has(thrown.code)
}

const UNREADABLE: ReadonlySet<string> = new Set(['log-broken', 'log-from-another-version'])
