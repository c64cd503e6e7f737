/** Lua scripts in Redis: sent by their hash, and whole when Redis does not know them (any more). */
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

export interface Script {
  readonly lua: string
  readonly sha1: string
}

export function script(lua: string): Script {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') }
}

export async function run(
  redis: Redis,
  { lua, sha1 }: Script,
  keys: readonly string[],
  args: readonly (string | Buffer)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha1, keys.length, ...keys, ...args)
  } catch (error) {
    // A restart, a failover or SCRIPT FLUSH empties the cache; EVAL fills it again.
    if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
      return await redis.eval(lua, keys.length, ...keys, ...args)
    throw error
  }
}
