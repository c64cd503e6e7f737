import { expect, it } from 'vitest'
import { startRedis } from '../../test/helpers/redis.ts'
import { connectRedis } from './connect.ts'
import { Hearings } from './hearings.ts'

it('is first for one of many that hear the same at one moment, and for nobody later', async () => {
  await using server = await startRedis()
  const redis = connectRedis(server.url, { name: 'test', retries: null })
  const bots = Array.from({ length: 20 }, () => new Hearings(redis))

  const answers = await Promise.all(bots.map((bot) => bot.isFirst('press 1')))

  expect(answers.filter((isFirst) => isFirst)).toHaveLength(1)
  expect(await new Hearings(redis).isFirst('press 1')).toBe(false)
  expect(await new Hearings(redis).isFirst('press 2')).toBe(true)
  await redis.quit()
})

it('is forgotten after a day, and keeps nothing of what was typed', async () => {
  await using server = await startRedis()
  const redis = connectRedis(server.url, { name: 'test', retries: null })
  await new Hearings(redis).isFirst('/oci-rescue stop R-ABC123')

  const [key = '', ...more] = await redis.keys('*')

  expect(more).toEqual([])
  expect(key).not.toContain('R-ABC123')
  expect(await redis.ttl(key)).toBeGreaterThan(86_400 - 60)
  expect(await redis.ttl(key)).toBeLessThanOrEqual(86_400)
  await redis.quit()
})
