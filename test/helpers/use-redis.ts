/** A connection to a Redis of a test file's own, as durable as production's, and empty before each test. */
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { connectRedis } from '../../core/store/connect.ts'
import { startRedis } from './redis.ts'

export function useRedis(): () => Redis {
  const parts = new AsyncDisposableStack()
  let redis: Redis | undefined
  const there = () => {
    if (redis === undefined) throw new Error('a Redis is there while tests run')
    return redis
  }
  beforeAll(async () => {
    const server = parts.use(await startRedis())
    redis = connectRedis(server.url, { name: 'test', retries: null })
    parts.defer(() => there().disconnect())
  })
  beforeEach(async () => void (await there().flushall()))
  afterAll(() => parts.disposeAsync())
  return there
}
