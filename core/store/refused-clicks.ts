/**
 * Refused clicks that belong to no live rescue: it has ended, or there is none. A log of its own, chained like the logs of
 * rescues, with room for so many an hour of each person, and for the newest of all.
 */
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import { Origin, Person } from '../record/events.ts'
import { RefusedClick } from '../record/refused-clicks.ts'
import { askStore } from './connect.ts'
import { REFUSED_CLICKS, REFUSED_CLICKS_HEAD, refusedClicksOf } from './keys.ts'
import { run, script } from './script.ts'

const StrayClick = z.object({
  v: z.literal(1),
  seq: z.number().int().min(1),
  prev: z.string(),
  at: z.iso.datetime(),
  actor: Person,
  from: Origin,
  /** As the button named it; null when it named none that can be read. */
  rescue: z.string().nullable(),
  click: RefusedClick,
})
type StrayClick = z.infer<typeof StrayClick>
export type StrayClickDraft = Pick<StrayClick, 'actor' | 'from' | 'rescue' | 'click'>

const MOST_PER_HOUR = 20
const HOUR_SECONDS = 60 * 60
/** The newest; older ones are pushed out. */
const MOST_KEPT = 10_000
/** Against others who append at the same moment. */
const MOST_TRIES = 20

/** As with the logs of rescues: what was seen is compared, and then it is written, in one step. */
const APPEND = script(`
local stream, headKey, counter = unpack(KEYS)
local seq, prev, hash, entry, count, kept, seconds = unpack(ARGV)
local head = redis.call('HMGET', headKey, 'seq', 'hash')
if tonumber(head[1] or '0') + 1 ~= tonumber(seq) or (head[2] or '') ~= prev then return 'conflict' end
if (redis.call('GET', counter) or '0') ~= count then return 'conflict' end
redis.call('XADD', stream, 'MAXLEN', '~', kept, seq .. '-0', 'entry', entry)
redis.call('HSET', headKey, 'seq', seq, 'hash', hash)
redis.call('INCR', counter)
if count == '0' then redis.call('EXPIRE', counter, seconds) end
return 'appended'
`)

export class RefusedClicks {
  readonly #redis: Redis
  readonly #now: () => Date

  constructor(redis: Redis, now: () => Date) {
    this.#redis = redis
    this.#now = now
  }

  /** False when this person has no room left. */
  async add(draft: StrayClickDraft): Promise<boolean> {
    const counter = refusedClicksOf(draft.actor)
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const [count, head] = await askStore(
        Promise.all([this.#redis.get(counter), this.#redis.hmget(REFUSED_CLICKS_HEAD, 'seq', 'hash')]),
      )
      const before = Number(count ?? 0)
      if (before >= MOST_PER_HOUR) return false
      const [seq, prev] = [Number(head[0] ?? 0) + 1, head[1] ?? '']
      const click = before === MOST_PER_HOUR - 1 ? { ...draft.click, isLast: true } : draft.click
      const json = JSON.stringify(StrayClick.parse({ v: 1, seq, prev, at: this.#now().toISOString(), ...draft, click }))
      const args = [`${seq}`, prev, sha256(json), json, `${before}`, `${MOST_KEPT}`, `${HOUR_SECONDS}`]
      const keys = [REFUSED_CLICKS, REFUSED_CLICKS_HEAD, counter]
      if ((await askStore(run(this.#redis, APPEND, keys, args))) === 'appended') return true
    }
    throw new RescueError('operator', 'store-refused', 'a refused click could not be recorded: too many at one moment')
  }

  /**
   * Each with the hash that the next one carries. The oldest may have been pushed out.
   * @throws RescueError `log-broken`
   */
  async read(): Promise<readonly (StrayClick & { readonly hash: string })[]> {
    const [head, rows] = await askStore(
      Promise.all([
        this.#redis.hmget(REFUSED_CLICKS_HEAD, 'seq', 'hash'),
        this.#redis.xrange(REFUSED_CLICKS, '-', '+'),
      ]),
    )
    const entries: (StrayClick & { hash: string })[] = []
    for (const [, [, json = '']] of rows) {
      const entry = parse(json)
      const before = entries.at(-1)
      if (before !== undefined && (entry.seq !== before.seq + 1 || entry.prev !== before.hash))
        throw broken(`entry ${entry.seq} does not follow entry ${before.seq}`)
      entries.push({ ...entry, hash: sha256(json) })
    }
    // More may have come since the head was read.
    const atHead = entries.find(({ seq }) => seq === Number(head[0] ?? 0))
    if ((head[1] ?? '') !== (atHead?.hash ?? '')) throw broken(`it does not end with entry ${head[0]}`)
    return entries
  }
}

function parse(json: string): StrayClick {
  try {
    return StrayClick.parse(JSON.parse(json))
  } catch (cause) {
    throw broken('an entry is not of its form', { cause })
  }
}

function broken(why: string, options: ErrorOptions = {}): RescueError {
  const details = { rescue: 'refused-clicks', why }
  return new RescueError('operator', 'log-broken', `the log of refused clicks can not be trusted: ${why}`, {
    ...options,
    details,
  })
}
