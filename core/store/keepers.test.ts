import { beforeEach, expect, it } from 'vitest'
import { useRedis } from '../../test/helpers/use-redis.ts'
import { Keepers } from './keepers.ts'
import { BOTS } from './keys.ts'
import { Posts } from './posts.ts'

const redis = useRedis()
let one: Keepers
let other: Keepers
beforeEach(() => {
  one = new Keepers(redis())
  other = new Keepers(redis())
})

/** As if it had not been heard for long enough. */
const silence = (keepers: Keepers) => redis().zadd(BOTS, 1, keepers.bot)

it('are one for each thread, however many bots want it at one moment', async () => {
  const bots = Array.from({ length: 20 }, () => new Keepers(redis()))

  const claims = await Promise.all(bots.map((bot) => bot.claim('R-000001')))

  expect(claims.filter((isOurs) => isOurs)).toHaveLength(1)
  expect(await bots[claims.indexOf(true)]?.claim('R-000001')).toBe(true)
})

it('lose what they keep when they are not heard any more, and not before', async () => {
  await one.claim('R-000001')
  expect(await other.withoutKeeper(['R-000001', 'R-000002'])).toEqual(['R-000002'])
  expect(await other.claim('R-000001')).toBe(false)

  await silence(one)

  expect(await other.withoutKeeper(['R-000001'])).toEqual(['R-000001'])
  expect(await other.claim('R-000001')).toBe(true)
  await one.sayPresent()
  expect(await one.claim('R-000001')).toBe(false)
})

it('leave what they keep to others at once when they go', async () => {
  await one.claim('R-000001')
  await one.leave()

  expect(await other.claim('R-000001')).toBe(true)
})

it('can give back only what is theirs', async () => {
  await one.claim('R-000001')
  await other.release('R-000001')
  expect(await other.claim('R-000001')).toBe(false)
  await one.release('R-000001')

  expect(await other.claim('R-000001')).toBe(true)
})

it('note nothing about a thread any more that another bot has taken', async () => {
  const posts = new Posts(redis())
  const note = (bot: Keepers, value: string) => posts.setAsKeeper(bot.bot, 'R-000001', 'R-000001', 'card', value)
  await one.claim('R-000001')
  await note(one, 'posting')
  await silence(one)
  await other.claim('R-000001')

  await expect(note(one, 'posted by one')).rejects.toMatchObject({ code: 'thread-taken' })
  await note(other, 'posted by the other')

  expect(await posts.all('R-000001')).toEqual(new Map([['card', 'posted by the other']]))
})
