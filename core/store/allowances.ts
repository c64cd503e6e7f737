/**
 * What all bots of one workspace together may still do: how often something was done within the allowances for it, who
 * is next where there is not enough for everybody, and for how long all of them must be silent. Each question is one
 * script in Redis, by Redis' own clock, so that no two bots spend the same. Nothing here outlives its use.
 */
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { orAborted } from '../base/deadline.ts'
import { askStore } from './connect.ts'
import { budgetKey } from './keys.ts'
import { run, type Script, script } from './script.ts'

/** At most `calls` in any stretch of `milliseconds`. */
export interface Allowance {
  readonly calls: number
  readonly milliseconds: number
}

/** One call that is counted under a name, and must fit into all of these. */
export interface Cost {
  readonly name: string
  readonly allowances: readonly Allowance[]
}

/** A place in a queue of those for whom there is not enough; whoever has waited longest in it is next. */
export interface Turn {
  readonly queue: string
  readonly who: string
  /** What whoever is not next is told to wait, in milliseconds. */
  readonly milliseconds: number
}

export interface Standing {
  /** How many are live, over all bots. */
  readonly live: number
  /** For how many milliseconds all are cautious still, since they had to be silent. */
  readonly cautiousMs: number
}

export interface TakeAnswer extends Standing {
  /** Milliseconds after which to ask again; 0 when it was spent. */
  readonly wait: number
}

/** Calls are remembered for so long: no allowance may be for a longer stretch. */
const REMEMBERED_MS = 120_000
/** Whoever has a place in the queue and does not ask for so long wants nothing any more. */
const FORGOTTEN_MS = 5000
/** Whoever is live and does not say so again within this time has died. */
export const LIVE_MS = 45_000
/** Of those that are live. */
export const LIVE_QUEUE = 'live'
/** Much longer than a question takes. A Redis that is silent for so long is treated as one that is gone. */
const ANSWER_LIMIT_MS = 5000

/**
 * The time in Redis, which never goes back, also when its clock is set back: nobody shall be silent for an hour then.
 * `write` keeps how far it has come; `standing` is the answer to every question.
 */
const BEGIN = `
local now, state, waiting, live = tonumber(ARGV[1]), KEYS[1], KEYS[2], KEYS[3]
local FORGOTTEN, LIVE, REMEMBERED = ${FORGOTTEN_MS}, ${LIVE_MS}, ${REMEMBERED_MS}
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local known = redis.call('HMGET', state, 'newest', 'ahead', 'silent', 'cautious')
local newest, ahead = tonumber(known[1] or '0'), tonumber(known[2] or '0')
local silent, cautious = tonumber(known[3] or '0'), tonumber(known[4] or '0')
local isBack = newest > now + ahead
if isBack then ahead = newest - now end
now = now + ahead

local function text(number) return string.format('%.0f', number) end

local function write()
  redis.call('HSET', state, 'newest', text(now), 'ahead', text(ahead), 'silent', text(silent), 'cautious', text(cautious))
  redis.call('PEXPIRE', state, text(math.max(cautious - now, 0) + REMEMBERED))
end
if isBack then write() end

local function standing(wait)
  local alive = redis.call('ZCOUNT', live, '(' .. text(now - LIVE), '+inf')
  return {math.ceil(wait), alive, math.ceil(math.max(cautious - now, 0))}
end
`

/**
 * KEYS from the fourth on are the calls by name, oldest first; ARGV: the time or nothing, the allowances of each name as
 * JSON, and whose turn it would be, if it goes by turns, with what others are to wait.
 */
const TAKE = script(`${BEGIN}
local costs, who, turn = cjson.decode(ARGV[2]), ARGV[3], tonumber(ARGV[4])

if who ~= '' then
  local mine, first = now, now
  local places = redis.call('HGETALL', waiting)
  for i = 1, #places, 2 do
    local since, asked = places[i + 1]:match('(%d+) (%d+)')
    if tonumber(asked) <= now - FORGOTTEN then redis.call('HDEL', waiting, places[i])
    elseif places[i] == who then mine = tonumber(since)
    else first = math.min(first, tonumber(since)) end
  end
  redis.call('HSET', waiting, who, text(mine) .. ' ' .. text(now))
  redis.call('PEXPIRE', waiting, FORGOTTEN)
  write()
  if first < mine then return standing(turn) end
end

local wait = silent - now
for i, allowances in ipairs(costs) do
  for _, allowance in ipairs(allowances) do
    local oldest = redis.call('LINDEX', KEYS[3 + i], text(-allowance[1]))
    if oldest then wait = math.max(wait, oldest + allowance[2] - now) end
  end
end
if wait > 0 then return standing(wait) end

for i = 1, #costs do
  local calls = KEYS[3 + i]
  while tonumber(redis.call('LINDEX', calls, 0) or now) <= now - REMEMBERED do redis.call('LPOP', calls) end
  redis.call('RPUSH', calls, text(now))
  redis.call('PEXPIRE', calls, REMEMBERED)
end
if who ~= '' then redis.call('HDEL', waiting, who) end
write()
return standing(0)
`)

const SAY_LIVE = script(`${BEGIN}
local who, is = ARGV[2], ARGV[3]
redis.call('ZREMRANGEBYSCORE', live, '-inf', text(now - LIVE))
if is == '1' then
  redis.call('ZADD', live, text(now), who)
  redis.call('PEXPIRE', live, LIVE)
else
  redis.call('ZREM', live, who)
  redis.call('HDEL', waiting, who)
end
write()
return standing(0)
`)

const SILENCE = script(`${BEGIN}
silent = math.max(silent, now + tonumber(ARGV[2]))
cautious = silent + tonumber(ARGV[3])
write()
return standing(0)
`)

const Reply = z.tuple([z.number(), z.number(), z.number()])

export class Allowances {
  readonly #redis: Redis
  readonly #team: string
  readonly #now: (() => number) | undefined

  /** `team`: the workspace. `now`: in milliseconds, for those who do not want to go by Redis' clock. */
  constructor(redis: Redis, team: string, now?: () => number) {
    this.#redis = redis
    this.#team = team
    this.#now = now
  }

  /** Spends all costs, or none. @throws RescueError `store-unreachable`, `store-refused`: nothing may be done then. */
  take(costs: readonly Cost[], turn?: Turn): Promise<TakeAnswer> {
    const allowances = costs.map((cost) => cost.allowances.map(({ calls, milliseconds }) => [calls, milliseconds]))
    const args = [JSON.stringify(allowances), turn?.who ?? '', `${turn?.milliseconds ?? 0}`]
    const names = costs.map(({ name }) => `calls:${name}`)
    return this.#ask(TAKE, names, args, turn?.queue)
  }

  /** To be said again within `LIVE_MS`. Whoever is live no more gives up its place in the queue of those, too. */
  sayLive(who: string, is: boolean): Promise<Standing> {
    return this.#ask(SAY_LIVE, [], [who, is ? '1' : '0'])
  }

  /** Nobody does anything for so long, and all are cautious for `thenMs` more. */
  silence(milliseconds: number, thenMs: number): Promise<Standing> {
    return this.#ask(SILENCE, [], [`${Math.ceil(milliseconds)}`, `${thenMs}`])
  }

  async #ask(
    question: Script,
    names: readonly string[],
    args: readonly string[],
    queue = LIVE_QUEUE,
  ): Promise<TakeAnswer> {
    const keys = ['state', `waiting:${queue}`, 'live', ...names].map((part) => budgetKey(this.#team, part))
    const now = this.#now === undefined ? '' : `${Math.floor(this.#now())}`
    const [wait, live, cautiousMs] = Reply.parse(await answered(run(this.#redis, question, keys, [now, ...args])))
    return { wait, live, cautiousMs }
  }
}

/** A question that is answered later than that may have spent something for nothing: too little is said then, not too much. */
async function answered(question: Promise<unknown>): Promise<unknown> {
  return await askStore(orAborted(question, AbortSignal.timeout(ANSWER_LIMIT_MS)))
}
