import { expect, it } from 'vitest'
import { startRedis } from '../../test/helpers/redis.ts'
import { connectRedis } from './connect.ts'
import { postsKey } from './keys.ts'
import { Posts } from './posts.ts'

it('notes, overwrites, deletes, and forgets after the log is gone', async () => {
  await using server = await startRedis()
  const redis = connectRedis(server.url, { name: 'test', retries: null })
  const posts = new Posts(redis, 1)

  expect(await posts.all('R-000001')).toEqual(new Map())
  await posts.set('R-000001', 'card', '17.1')
  await posts.set('R-000001', 'tail', '17.2')
  await posts.set('R-000001', 'card', '17.3')
  await posts.delete('R-000001', 'tail')

  expect(await posts.all('R-000001')).toEqual(new Map([['card', '17.3']]))
  expect(await redis.ttl(postsKey('R-000001'))).toBeGreaterThan(2 * 86_400 - 60)
  await redis.quit()
})
