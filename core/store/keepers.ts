/**
 * Which bot keeps which thread: of several exactly one, until it has not said for some time that it is there. One that
 * wakes up after that finds another's name here.
 */
import type { Redis } from 'ioredis'
import { newTicket } from '../base/ids.ts'
import { askStore } from './connect.ts'
import { BOTS, KEEPERS } from './keys.ts'
import { run, type Script, script } from './script.ts'

/** How often a bot has to say that it is there. */
export const PRESENCE_MS = 2500
/** Three times unheard, and others go on where it stopped. */
const ABSENT_MS = 3 * PRESENCE_MS

const BEGIN = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local bots, keepers = unpack(KEYS)

local function isThere(bot)
  return bot and tonumber(redis.call('ZSCORE', bots, bot) or '0') > now - ${ABSENT_MS}
end

local function sayPresent(bot)
  redis.call('ZREMRANGEBYSCORE', bots, '-inf', string.format('%.0f', now - ${ABSENT_MS}))
  redis.call('ZADD', bots, string.format('%.0f', now), bot)
  redis.call('PEXPIRE', bots, ${ABSENT_MS})
end
`

const SAY_PRESENT = script(`${BEGIN}
sayPresent(ARGV[1])
return 1
`)

const CLAIM = script(`${BEGIN}
local bot, rescue = unpack(ARGV)
local keeper = redis.call('HGET', keepers, rescue)
if keeper ~= bot and isThere(keeper) then return 0 end
sayPresent(bot)
redis.call('HSET', keepers, rescue, bot)
return 1
`)

const WITHOUT_KEEPER = script(`${BEGIN}
local free = {}
for _, rescue in ipairs(ARGV) do
  if not isThere(redis.call('HGET', keepers, rescue)) then table.insert(free, rescue) end
end
return free
`)

const RELEASE = script(`
if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[1] then redis.call('HDEL', KEYS[2], ARGV[2]) end
return 1
`)

export class Keepers {
  readonly #redis: Redis
  /** This process, and none after it. */
  readonly bot = newTicket()

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** To be said every `PRESENCE_MS`. */
  async sayPresent(): Promise<void> {
    await this.#run(SAY_PRESENT, this.bot)
  }

  /** False when a bot that is there keeps it. */
  async claim(rescue: string): Promise<boolean> {
    return (await this.#run(CLAIM, this.bot, rescue)) === 1
  }

  /** Those of `rescues` whose thread no bot keeps that is there. */
  async withoutKeeper(rescues: readonly string[]): Promise<readonly string[]> {
    const free = await this.#run(WITHOUT_KEEPER, ...rescues)
    return Array.isArray(free) ? free.map(String) : []
  }

  /** Nothing of it is left to be kept. */
  async release(rescue: string): Promise<void> {
    await this.#run(RELEASE, this.bot, rescue)
  }

  /** Others may go on at once with all that this bot keeps. */
  async leave(): Promise<void> {
    await askStore(this.#redis.zrem(BOTS, this.bot))
  }

  #run(what: Script, ...args: readonly string[]): Promise<unknown> {
    return askStore(run(this.#redis, what, [BOTS, KEEPERS], args))
  }
}
