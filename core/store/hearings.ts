/**
 * Whether a press, a command or a reply was heard before, by whichever bot: Slack delivers what people do again when our
 * acknowledgement was lost, and then to any bot of the workspace.
 */
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { sha256 } from '../base/sha256.ts'
import { askStore } from './connect.ts'
import { heardKey } from './keys.ts'
import { run, script } from './script.ts'

/** Slack delivers again within minutes, or not at all. */
const KEPT_SECONDS = 24 * 60 * 60

/** Read back: whoever has to ask a second time because Redis' answer was lost is still the first. */
const HEAR = script(`
redis.call('SET', KEYS[1], ARGV[1], 'NX', 'EX', ARGV[2])
return redis.call('GET', KEYS[1])
`)

export class Hearings {
  readonly #redis: Redis

  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** True once for each `name`, whoever asks how often. */
  async isFirst(name: string): Promise<boolean> {
    const mine = randomUUID()
    return (await askStore(run(this.#redis, HEAR, [heardKey(sha256(name))], [mine, `${KEPT_SECONDS}`]))) === mine
  }
}
