/**
 * The newest inventory in Redis: written whole and at once, so that nobody reads half of one. The text of ten thousand
 * instances is some megabytes, and every write stands in Redis' append-only file: it is compressed, and one that says
 * the same as the one before only renews the time.
 */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Redis } from 'ioredis'
import { RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import { Inventory, type Listing } from '../record/inventory.ts'
import { askStore } from './connect.ts'
import { INVENTORY } from './keys.ts'
import { run, script } from './script.ts'

/** Far above what the longest inventory needs: whatever is longer is none. */
const MOST_BYTES = 64 * 1024 * 1024

const compress = promisify(gzip)
const decompress = promisify(gunzip)

/** A worker that was frozen comes late with an old one: the newer stays. */
const REPLACE = script(`
local there = redis.call('HMGET', KEYS[1], 'listedAt', 'digest')
if there[1] and tonumber(there[1]) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'listedAt', ARGV[1])
if there[2] ~= ARGV[2] then redis.call('HSET', KEYS[1], 'digest', ARGV[2], 'body', ARGV[3]) end
return 1
`)

/** Which inventory is there, without reading it. */
export interface Stamp {
  readonly listedAt: Date
  /** Another one for each content. */
  readonly digest: string
}

export class Inventories {
  readonly #redis: Redis

  /** `redis` stays the caller's. */
  constructor(redis: Redis) {
    this.#redis = redis
  }

  /** False when a newer one is there already, which stays. */
  async replace({ inventory, listedAt }: Listing): Promise<boolean> {
    const text = JSON.stringify(Inventory.parse(inventory))
    const args = [`${listedAt.getTime()}`, sha256(text), await compress(text)]
    return (await askStore(run(this.#redis, REPLACE, [INVENTORY], args))) === 1
  }

  /** Undefined: no worker has made one yet. */
  async stamp(): Promise<Stamp | undefined> {
    const [listedAt, digest] = await askStore(this.#redis.hmget(INVENTORY, 'listedAt', 'digest'))
    return listedAt && digest ? { listedAt: new Date(Number(listedAt)), digest } : undefined
  }

  /**
   * Undefined: no worker has made one yet.
   * @throws RescueError `inventory-unreadable`: it is from another version
   */
  async read(): Promise<Listing | undefined> {
    const [listedAt, body] = await askStore(this.#redis.hmgetBuffer(INVENTORY, 'listedAt', 'body'))
    if (!listedAt || !body) return undefined
    return { inventory: await parse(body), listedAt: new Date(Number(listedAt.toString())) }
  }
}

async function parse(body: Buffer): Promise<Inventory> {
  try {
    const text = await decompress(body, { maxOutputLength: MOST_BYTES })
    return Inventory.parse(JSON.parse(text.toString()))
  } catch (cause) {
    throw new RescueError(
      'operator',
      'inventory-unreadable',
      'the list of instances in Redis is from another version',
      {
        cause,
      },
    )
  }
}
