/** One password, one person: against a Slack that may refuse or say nothing, and a store that may have it no more. */
import { createSecretKey, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { newRescueId, newTicket } from '../../core/base/ids.ts'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { type OneTimePassword, PASSWORD } from '../../core/record/one-time-password.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { Posts } from '../../core/store/posts.ts'
import { type SealedPasswords, sealedPasswords } from '../../core/store/sealed-hand-overs.ts'
import { listed } from '../../test/helpers/policy.ts'
import { startRedis } from '../../test/helpers/redis.ts'
import { entriesOf, INSTANCE, RIYA, requested } from '../../test/helpers/thread-events.ts'
import type { Answer, Label, Mark, Place } from '../slack/poster.ts'
import { Courier, deliveriesOf } from './courier.ts'
import { Outbox } from './outbox.ts'
import { emptyThread, follow, type ItemOf, type Thread } from './thread.ts'
import { view } from './view.ts'

const voice = { text: catalogues.en, policy: listed({}), commandPrefix: '!' }
const SECRET = 'k7mqp-x2dfa-93hnw-be5tc'

let redis: Redis
let passwords: SealedPasswords
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  const server = parts.use(await startRedis(['--appendonly', 'no']))
  redis = connectRedis(server.url, { name: 'test', retries: 2 })
  parts.defer(() => redis.disconnect())
  passwords = sealedPasswords(redis, createSecretKey(randomBytes(32)))
})
afterAll(() => parts.disposeAsync())

let thread: Thread
let item: ItemOf<'hand-over'>
beforeEach(() => {
  const handOver = newTicket()
  const expiresAt = '2026-11-01T03:15:00.000Z'
  const events = [
    requested('ssh-ed25519 AAAA'),
    { type: 'resolved', instance: INSTANCE } as const,
    { type: 'handed-over', what: PASSWORD, user: 'opc', handOver, expiresAt } as const,
  ]
  thread = { ...follow(emptyThread(newRescueId()), entriesOf(events)) }
  const found = thread.items.find((one) => one.kind === 'hand-over')
  item = found?.kind === 'hand-over' ? found : expect.fail()
})

const place = () => ({ rescue: thread.rescue, about: PASSWORD, handOver: item.handOver })

interface Said {
  readonly channel: string
  readonly text: string
  readonly all: string
  readonly key: string
}

/** Answers posts one after the other; what it was given stands in `said`, and what of that stands in Slack, in `there`. */
function slack(...answers: readonly Answer<string>[]) {
  const said: Said[] = []
  const there: Said[] = []
  const poster = {
    find: async ({ channel }: Place, { key }: Mark): Promise<Answer<string | 'absent'>> => {
      const isThere = there.some((one) => one.channel === channel && one.key === key)
      return { kind: 'done', value: isThere ? '1.1' : 'absent' }
    },
    openDirect: async (user: string): Promise<Answer<string>> => ({ kind: 'done', value: `D-${user}` }),
    post: async ({ channel }: Place, body: { text: string }, { key }: Label): Promise<Answer<string>> => {
      said.push({ channel, text: body.text, all: JSON.stringify(body), key })
      return answers[said.length - 1] ?? { kind: 'done', value: '1.1' }
    },
  }
  return { said, there, poster }
}

/** `carried` is of one bot. */
async function courier(poster: ReturnType<typeof slack>['poster'], carried = new Map<string, OneTimePassword>()) {
  const outbox = await Outbox.open(new Posts(redis), thread.rescue)
  const carrying = new Courier(
    { passwords, carried, poster, voices: { of: async () => voice }, onTrouble: () => undefined },
    outbox,
  )
  const became = async () => deliveriesOf(thread, await Outbox.open(new Posts(redis), thread.rescue)).get(item.handOver)
  return { deliver: () => carrying.deliver(thread, item), giveUp: () => carrying.giveUp(thread, item), became }
}

it('goes to whoever asked, in a private message, not in its notification, and into no note', async () => {
  await passwords.put(place(), { password: SECRET })
  const { said, poster } = slack()
  const { deliver, became } = await courier(poster)

  expect(await deliver()).toMatchObject({ kind: 'done' })

  expect(said).toMatchObject([{ channel: `D-${RIYA.user}`, all: expect.stringContaining(SECRET) }])
  expect(said[0]?.text).not.toContain(SECRET)
  expect(await became()).toBe('delivered')
  expect(JSON.stringify([...(await new Posts(redis).all(thread.rescue))])).not.toContain(SECRET.slice(0, 5))
  expect(await passwords.take(place())).toBeUndefined()
})

it('is tried again when Slack said nothing, with what was taken once', async () => {
  await passwords.put(place(), { password: SECRET })
  const { said, poster } = slack({ kind: 'lost', cause: new Error('no answer') })
  const { deliver, became } = await courier(poster)

  expect(await deliver()).toMatchObject({ kind: 'lost' })
  expect(await became()).toBeUndefined()
  expect(await deliver()).toMatchObject({ kind: 'done' })

  expect(said.map(({ all }) => all.includes(SECRET))).toEqual([true, true])
  expect(await became()).toBe('delivered')
})

it('is carried on when the keeper has to start over before Slack answered', async () => {
  await passwords.put(place(), { password: SECRET })
  const carried = new Map<string, OneTimePassword>()
  await (await courier(slack({ kind: 'lost', cause: new Error('no answer') }).poster, carried)).deliver()
  const { said, poster } = slack()
  const { deliver, became } = await courier(poster, carried)

  expect(await deliver()).toMatchObject({ kind: 'done' })

  expect(said).toMatchObject([{ all: expect.stringContaining(SECRET) }])
  expect(await became()).toBe('delivered')
  expect(carried.size).toBe(0)
})

it('is not given again when only the answer was lost, also by a bot that comes after the one that took it', async () => {
  for (const dies of [false, true]) {
    item = { ...item, handOver: newTicket() }
    thread = { ...thread, items: [item] }
    await passwords.put(place(), { password: SECRET })
    const { said, there, poster } = slack({ kind: 'lost', cause: new Error('no answer') })
    const before = await courier(poster)
    await before.deliver()
    there.push(...said)

    const { deliver, became } = dies ? await courier(poster) : before
    expect(await deliver()).toMatchObject({ kind: 'done' })

    expect(said).toHaveLength(1)
    expect(await became()).toBe('delivered')
  }
})

it('waits while Slack does not say whether it stands there, and is given where we may not look', async () => {
  await passwords.put(place(), { password: SECRET })
  const lost = { kind: 'lost', cause: new Error('no answer') } as const
  const finds: Answer<string | 'absent'>[] = [lost, { kind: 'refused', error: 'missing_scope' }]
  const { said, poster } = slack(lost)
  const { deliver, became } = await courier({ ...poster, find: async () => finds.shift() ?? lost })
  await deliver()

  expect(await deliver()).toMatchObject({ kind: 'lost' })
  expect(said).toHaveLength(1)
  expect(await deliver()).toMatchObject({ kind: 'done' })

  expect(said).toHaveLength(2)
  expect(await became()).toBe('delivered')
})

it('is in doubt when the bot that took it has died before Slack answered', async () => {
  await passwords.put(place(), { password: SECRET })
  const dying = await courier(slack({ kind: 'lost', cause: new Error('no answer') }).poster)
  await dying.deliver()
  const { said, poster } = slack()

  const { deliver, became } = await courier(poster)
  await deliver()

  expect(said).toEqual([])
  expect(await became()).toBe('in-doubt')
})

it('is picked up by a bot that comes after one that had only begun', async () => {
  await passwords.put(place(), { password: SECRET })
  await new Posts(redis).set(thread.rescue, `private-${item.handOver}`, '{"state":"posting"}')
  const { said, poster } = slack()
  const { deliver, became } = await courier(poster)

  await deliver()

  expect(said).toHaveLength(1)
  expect(await became()).toBe('delivered')
})

it('is gone when nobody took it in time, was sealed with another key, or Slack refuses it', async () => {
  const late = await courier(slack().poster)
  await late.deliver()
  expect(await late.became()).toBe('expired')

  item = { ...item, handOver: newTicket() }
  thread = { ...thread, items: [item] }
  await sealedPasswords(redis, createSecretKey(randomBytes(32))).put(place(), { password: SECRET })
  const foreign = await courier(slack().poster)
  await foreign.deliver()
  expect(await foreign.became()).toBe('unreadable')

  item = { ...item, handOver: newTicket() }
  thread = { ...thread, items: [item] }
  await passwords.put(place(), { password: SECRET })
  const refusing = { ...slack().poster, openDirect: async () => ({ kind: 'refused', error: 'missing_scope' }) as const }
  const refused = await courier(refusing)
  await refused.deliver()
  expect(await refused.became()).toBe('refused')
  expect(await passwords.take(place())).toBeUndefined()
})

it('is given up when Slack says nothing for too long, and nobody can take it later', async () => {
  await passwords.put(place(), { password: SECRET })
  const { deliver, giveUp, became } = await courier(slack({ kind: 'lost', cause: new Error('no answer') }).poster)
  await deliver()

  await giveUp()

  expect(await became()).toBe('in-doubt')
  expect(await passwords.take(place())).toBeUndefined()
})

it('is told in the thread in words for each thing that can become of it', () => {
  const sentences = (['delivered', 'expired', 'unreadable', 'refused', 'in-doubt'] as const).map((delivery) => {
    const known = { ...thread, deliveries: new Map([[item.handOver, delivery]]) }
    return JSON.stringify(view(voice, known, item).blocks)
  })

  expect(new Set(sentences).size).toBe(5)
  for (const sentence of sentences) expect(sentence).toContain('opc')
  expect(sentences[0]).toContain(`<@${RIYA.user}> has got the new password of opc`)
})
