/**
 * Where the bot notes which Slack message shows which part of a rescue's thread.
 * Small strings by part, kept as long as the rescue's log.
 */
import type { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'
import { askStore } from './connect.ts'
import { RETENTION_DAYS } from './event-log.ts'
import { KEEPERS, postsKey } from './keys.ts'
import { run, script } from './script.ts'

const SET_AS_KEEPER = script(`
if redis.call('HGET', KEYS[2], ARGV[4]) ~= ARGV[5] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
`)

export class Posts {
  readonly #redis: Redis
  readonly #retentionSeconds: number

  constructor(redis: Redis, retentionDays: number = RETENTION_DAYS) {
    this.#redis = redis
    // Counted from the last note, and an ended rescue gets none: never gone before the log.
    this.#retentionSeconds = Math.ceil((retentionDays + 1) * 24 * 60 * 60)
  }

  async all(rescue: string): Promise<ReadonlyMap<string, string>> {
    return new Map(Object.entries(await askStore(this.#redis.hgetall(postsKey(rescue)))))
  }

  async set(rescue: string, part: string, value: string): Promise<void> {
    const key = postsKey(rescue)
    await askStore(Promise.all([this.#redis.hset(key, part, value), this.#redis.expire(key, this.#retentionSeconds)]))
  }

  /**
   * As `set`, for the bot that keeps the thread of `kept`.
   * @throws RescueError `thread-taken`: another bot does, and nothing was noted.
   */
  async setAsKeeper(bot: string, kept: string, rescue: string, part: string, value: string): Promise<void> {
    const args = [part, value, `${this.#retentionSeconds}`, kept, bot]
    if ((await askStore(run(this.#redis, SET_AS_KEEPER, [postsKey(rescue), KEEPERS], args))) === 1) return
    throw new RescueError('us', 'thread-taken', `the thread of ${kept} is another bot's now`)
  }

  async delete(rescue: string, part: string): Promise<void> {
    await askStore(this.#redis.hdel(postsKey(rescue), part))
  }
}
