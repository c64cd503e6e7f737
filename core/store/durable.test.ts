import { expect, it } from 'vitest'
import { DURABLE, startRedis } from '../../test/helpers/redis.ts'
import { connectRedis } from './connect.ts'
import { assertDurable, type DurabilityNotes } from './durable.ts'

async function ask(settings: readonly string[], url = (redis: string) => redis): Promise<DurabilityNotes> {
  await using server = await startRedis(settings)
  const redis = connectRedis(url(server.url), { name: 'test', retries: null })
  try {
    return await assertDurable(redis)
  } finally {
    redis.disconnect()
  }
}

it('has nothing to say against a Redis that keeps everything', async () => {
  expect(await ask(DURABLE)).toEqual([])
})

it('refuses a Redis that evicts keys', async () => {
  await expect(ask([...DURABLE, '--maxmemory-policy', 'allkeys-lru'])).rejects.toMatchObject({
    code: 'store-not-durable',
    message: expect.stringContaining('maxmemory-policy is allkeys-lru'),
  })
})

it('refuses a Redis that does not persist, and names all reasons at once', async () => {
  await expect(ask(['--appendonly', 'no', '--maxmemory-policy', 'volatile-ttl'])).rejects.toMatchObject({
    code: 'store-not-durable',
    message: expect.stringMatching(/volatile-ttl.*appendonly is no/),
  })
})

it('takes a Redis that syncs each second, but says what that can cost', async () => {
  expect(await ask([...DURABLE, '--appendfsync', 'everysec'])).toEqual([
    expect.stringContaining('appendfsync is everysec'),
  ])
})

it('says what it could not find out where CONFIG is forbidden', async () => {
  const user = ['--user', 'app', 'on', '>pw', '~*', '&*', '+@all', '-config']

  const notes = await ask([...DURABLE, ...user], (url) => url.replace('redis://', 'redis://app:pw@'))

  expect(notes).toEqual([expect.stringContaining('Redis does not say how often it syncs')])
})
