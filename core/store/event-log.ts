/**
 * The event log in Redis: per rescue one stream of entries and one hash that says
 * where it ends. Appending is one Lua script, so of two rivals exactly one wins.
 */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { assertNever, RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import type { Entry, RescueEvent } from '../record/events.ts'
import type { AppendConditions, AppendResult, Draft, EventLog, Head } from '../record/log.ts'
import { APPEND, AppendReply } from './append.ts'
import { broken, type Sealed, seal, unseal } from './chain.ts'
import { askStore } from './connect.ts'
import { Feed } from './feed.ts'
import { entriesKey, FEED, headKey, LIVE, LOCKS } from './keys.ts'
import { run } from './script.ts'

export interface EventLogOptions {
  /** How long an ended rescue can still be read. */
  readonly retentionDays?: number
  /** Hears of lost connections of the part that waits; waiting goes on all the same. */
  readonly onTrouble?: (error: unknown) => void
}

/** A quarter of a year: what change reviews usually look back on. */
export const RETENTION_DAYS = 90

const DAY_SECONDS = 24 * 60 * 60

export class RedisEventLog implements EventLog, AsyncDisposable {
  readonly #redis: Redis
  readonly #retentionSeconds: number
  readonly #feed: Feed

  /** `redis` stays the caller's; the log makes one more connection like it as soon as somebody waits. */
  constructor(redis: Redis, options: EventLogOptions = {}) {
    this.#redis = redis
    this.#retentionSeconds = Math.ceil((options.retentionDays ?? RETENTION_DAYS) * DAY_SECONDS)
    this.#feed = new Feed(redis, options.onTrouble ?? (() => undefined))
  }

  async read(rescue: string, after: number): Promise<{ readonly entries: readonly Entry[]; readonly head: Head }> {
    // The entry at `after` is read again: the first new one must carry its hash.
    const [ends, rows] = await askStore(
      Promise.all([
        this.#redis.hmget(headKey(rescue), 'seq', 'hash'),
        this.#redis.xrange(entriesKey(rescue), `${Math.max(after, 1)}-0`, '+'),
      ]),
    )
    const stored = new Map(rows.map(([id, [, json = '']]) => [id, json]))
    const { entries, head } = unseal(
      rescue,
      [...stored.values()].slice(after === 0 ? 0 : 1),
      before(rescue, stored, after),
    )
    demandWhole(rescue, stored, head, { seq: Number(ends[0] ?? 0), hash: ends[1] ?? '' })
    return { entries, head }
  }

  async append(rescue: string, draft: Draft, { head, epoch }: AppendConditions): Promise<AppendResult> {
    const sealed = seal(rescue, draft, head)
    const keys = [headKey(rescue), entriesKey(rescue), LIVE, LOCKS, FEED]
    const args = [
      ...[rescue, `${sealed.entry.seq}`, head.hash, sealed.hash, sealed.json, randomUUID()],
      ...[epoch === null ? '' : `${epoch}`, draft.event.type, subject(draft.event)],
      ...[`${draft.at.getTime()}`, `${this.#retentionSeconds}`],
    ]
    return result(rescue, sealed, AppendReply.parse(await askStore(run(this.#redis, APPEND, keys, args))))
  }

  grown(rescue: string, after: number, signal: AbortSignal): Promise<void> {
    return this.#feed.grown(rescue, after, signal)
  }

  async epoch(rescue: string): Promise<number> {
    return Number((await askStore(this.#redis.hget(headKey(rescue), 'epoch'))) ?? 0)
  }

  async lockedBy(instanceId: string): Promise<string | undefined> {
    return (await askStore(this.#redis.hget(LOCKS, instanceId))) ?? undefined
  }

  live(): Promise<readonly string[]> {
    return askStore(this.#redis.zrange(LIVE, '0', '-1'))
  }

  /** Every rescue whose log is still kept, by its id. */
  async all(): Promise<readonly string[]> {
    const found = new Set<string>()
    const begin = headKey('')
    for (let cursor = '0'; ; ) {
      const [next, keys] = await askStore(this.#redis.scan(cursor, 'MATCH', `${begin}*`, 'COUNT', 500))
      for (const key of keys) found.add(key.slice(begin.length))
      if (next === '0') return [...found].sort()
      cursor = next
    }
  }

  /** Ends the waiting connection, and with it the waits. Safe to repeat. */
  close(): Promise<void> {
    return this.#feed.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** What the script needs to know of an event besides its type. */
function subject(event: RescueEvent): string {
  if (event.type === 'claimed') return `${event.epoch}`
  return event.type === 'resolved' ? event.instance.id : ''
}

function result(rescue: string, sealed: Sealed, [kind, holder]: AppendReply): AppendResult {
  switch (kind) {
    case 'appended':
      return { kind, entry: sealed.entry, head: { seq: sealed.entry.seq, hash: sealed.hash } }
    case 'instance-locked':
      return { kind, by: holder }
    case 'conflict':
    case 'fenced-off':
    case 'ended':
      return { kind }
    case 'wrong-epoch':
      throw new RescueError('us', 'wrong-epoch', `a claim of ${rescue} must carry the epoch after the newest one`)
    default:
      return assertNever(kind)
  }
}

/** Where the chain stood at `after`. */
function before(rescue: string, stored: ReadonlyMap<string, string>, after: number): Head {
  if (after === 0) return { seq: 0, hash: '' }
  const json = stored.get(`${after}-0`)
  if (json === undefined) throw broken(rescue, `entry ${after} is gone`)
  return { seq: after, hash: sha256(json) }
}

/** The head was read before the entries: they reach at least as far, and the entry it names has the hash it names. */
function demandWhole(rescue: string, stored: ReadonlyMap<string, string>, read: Head, head: Head): void {
  if (head.seq === 0 && read.seq === 0) return
  if (read.seq < head.seq) throw broken(rescue, `it ends at entry ${read.seq} instead of ${head.seq}`)
  const json = stored.get(`${head.seq}-0`)
  if (json === undefined || sha256(json) !== head.hash)
    throw broken(rescue, `entry ${head.seq} is not the one that was appended`)
}
