import { beforeEach, expect, it } from 'vitest'
import { useRedis } from '../../test/helpers/use-redis.ts'
import { REFUSED_CLICKS } from './keys.ts'
import { RefusedClicks, type StrayClickDraft } from './refused-clicks.ts'

const redis = useRedis()
let clicks: RefusedClicks
beforeEach(() => {
  clicks = new RefusedClicks(redis(), () => new Date('2026-11-01T03:00:00.000Z'))
})

function by(user: string): StrayClickDraft {
  const actor = { kind: 'person', enterprise: null, team: 'T1', user } as const
  const from = { team: 'T1', channel: 'C1', message: '1.1' }
  return { actor, from, rescue: null, click: { wish: 'approved', why: 'forged' } }
}

it('are a chain, also when many come at one moment', async () => {
  const added = await Promise.all(Array.from({ length: 8 }, (_, index) => clicks.add(by(`U${index}`))))

  const entries = await clicks.read()
  expect(added).toEqual(Array.from({ length: 8 }, () => true))
  expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(entries.map(({ prev }) => prev).slice(1)).toEqual(entries.map(({ hash }) => hash).slice(0, -1))
})

it('have so much room for each person in an hour, and the last one says that it is', async () => {
  for (let index = 0; index < 25; index += 1) await clicks.add(by('U1'))
  expect(await clicks.add(by('U1'))).toBe(false)
  expect(await clicks.add(by('U2'))).toBe(true)

  const entries = await clicks.read()
  expect(entries).toHaveLength(21)
  expect(entries.map(({ click }) => click.isLast).indexOf(true)).toBe(19)
})

it.each<[string, () => Promise<unknown>]>([
  ['an entry was changed', () => rewrite('2-0', (json) => json.replace('U1', 'U9'))],
  ['an entry is no JSON', () => rewrite('2-0', () => '{')],
  ['an entry is gone', () => redis().xdel(REFUSED_CLICKS, '2-0')],
  ['the end is gone', () => redis().xdel(REFUSED_CLICKS, '3-0')],
  ['all is gone', () => redis().del(REFUSED_CLICKS)],
])('are not trusted when %s', async (_, tamper) => {
  for (const user of ['U0', 'U1', 'U2']) await clicks.add(by(user))
  await tamper()

  await expect(clicks.read()).rejects.toMatchObject({ code: 'log-broken' })
})

it('are readable when there are none, and when the oldest were pushed out', async () => {
  expect(await clicks.read()).toEqual([])
  for (const user of ['U0', 'U1', 'U2']) await clicks.add(by(user))
  await redis().xtrim(REFUSED_CLICKS, 'MAXLEN', 2)

  expect((await clicks.read()).map(({ seq }) => seq)).toEqual([2, 3])
})

/** As somebody would who may write to Redis: the entries after it are appended again. */
async function rewrite(id: string, change: (json: string) => string): Promise<void> {
  const rows = await redis().xrange(REFUSED_CLICKS, '-', '+')
  await redis().del(REFUSED_CLICKS)
  for (const [one, [, json = '']] of rows)
    await redis().xadd(REFUSED_CLICKS, one, 'entry', one === id ? change(json) : json)
}
