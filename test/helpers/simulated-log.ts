/** The event log of production on a Redis of a test file's own; it need not survive a power cut, so it is quick. */
import { afterAll, beforeAll } from 'vitest'
import { connectRedis } from '../../core/store/connect.ts'
import { RedisEventLog } from '../../core/store/event-log.ts'
import { startRedis } from './redis.ts'

/** There before the first test and gone after the last. */
export function useLog(): () => RedisEventLog {
  const parts = new AsyncDisposableStack()
  let log: RedisEventLog | undefined
  beforeAll(async () => {
    const server = parts.use(await startRedis(['--appendonly', 'no']))
    const redis = connectRedis(server.url, { name: 'test', retries: 2 })
    parts.defer(() => redis.disconnect())
    log = parts.use(new RedisEventLog(redis))
  })
  afterAll(() => parts.disposeAsync())
  return () => {
    if (log === undefined) throw new Error('a log is there while tests run')
    return log
  }
}
