/** The event log in a real Redis: the contract, and what only Redis can do to it. */
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newRescueId } from '../../core/base/ids.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { RedisEventLog } from '../../core/store/event-log.ts'
import { entriesKey, headKey, LOCKS } from '../../core/store/keys.ts'
import { startRedis, type TestRedis } from '../helpers/redis.ts'
import { append, claimed, draft, ENDED, eventLogContract, REQUESTED, resolved, STOP } from './event-log.ts'

let server: TestRedis
let redis: Redis
let log: RedisEventLog

beforeAll(async () => {
  server = await startRedis()
  redis = connectRedis(server.url, { name: 'test', retries: null })
  log = new RedisEventLog(redis, { retentionDays: 1 })
})

afterAll(async () => {
  await log.close()
  await redis.quit()
  await server[Symbol.asyncDispose]()
})

eventLogContract('Redis', () => log)

async function threeEntries(): Promise<string> {
  const rescue = newRescueId()
  await append(log, rescue, draft(REQUESTED))
  await append(log, rescue, claimed(1))
  await append(log, rescue, draft(STOP))
  return rescue
}

it('goes on when Redis has forgotten its scripts', async () => {
  const rescue = await threeEntries()

  await redis.script('FLUSH')

  expect((await append(log, rescue, draft(STOP))).seq).toBe(4)
})

it('takes an entry once when the connection made ioredis send it twice', async () => {
  const rescue = await threeEntries()
  const { head } = await log.read(rescue, 0)
  const twice = new Proxy(redis, {
    get(target, name, receiver) {
      if (name !== 'evalsha') return Reflect.get(target, name, receiver)
      return async (...args: Parameters<Redis['evalsha']>) => {
        await target.evalsha(...args)
        return target.evalsha(...args)
      }
    },
  })

  const result = await new RedisEventLog(twice).append(rescue, draft(STOP), { head, epoch: null })

  expect(result).toMatchObject({ kind: 'appended', head: { seq: 4 } })
  expect((await log.read(rescue, 0)).entries).toHaveLength(4)
})

it('keeps an ended rescue for as long as configured, and a live one for ever', async () => {
  const rescue = await threeEntries()
  expect(await redis.ttl(entriesKey(rescue))).toBe(-1)

  await append(log, rescue, draft(ENDED))

  for (const key of [entriesKey(rescue), headKey(rescue)]) {
    expect(await redis.ttl(key)).toBeGreaterThan(86_000)
    expect(await redis.ttl(key)).toBeLessThanOrEqual(86_400)
  }
})

it('notices an entry that was changed', async () => {
  const rescue = await threeEntries()
  const [[, [, json = '']] = ['', []]] = await redis.xrange(entriesKey(rescue), '2-0', '2-0')
  await replaceFrom(rescue, 2, [json.replace('"w1"', '"w2"')])

  await expect(log.read(rescue, 0)).rejects.toMatchObject({ code: 'log-broken' })
  await expect(log.read(rescue, 1)).rejects.toMatchObject({ code: 'log-broken' })
})

it('notices a changed entry at the end, where no other entry names its hash', async () => {
  const rescue = await threeEntries()
  const [[, [, json = '']] = ['', []]] = await redis.xrange(entriesKey(rescue), '3-0', '3-0')
  await redis.xdel(entriesKey(rescue), '3-0')
  await redis.xsetid(entriesKey(rescue), '2-0')
  await redis.xadd(entriesKey(rescue), '3-0', 'entry', json.replace('"U1"', '"U2"'), 'nonce', '')

  await expect(log.read(rescue, 0)).rejects.toMatchObject({ code: 'log-broken' })
})

it('notices entries that are gone: in the middle, at the end, all of them', async () => {
  for (const gone of [['2-0'], ['3-0'], ['1-0', '2-0', '3-0']]) {
    const rescue = await threeEntries()
    await redis.xdel(entriesKey(rescue), ...gone)
    await expect(log.read(rescue, 0), gone.join()).rejects.toMatchObject({ code: 'log-broken' })
  }
})

it('notices a log that is shorter than it was', async () => {
  const rescue = await threeEntries()
  await redis.del(entriesKey(rescue), headKey(rescue))

  await expect(log.read(rescue, 3)).rejects.toMatchObject({ code: 'log-broken' })
})

it('says so when an entry was written by another version of the program', async () => {
  const rescue = await threeEntries()
  await replaceFrom(rescue, 1, ['{"v":2,"rescue":"R-000000"}'])

  await expect(log.read(rescue, 0)).rejects.toMatchObject({
    code: 'log-from-another-version',
    details: { version: '2' },
  })
})

it('says so when an entry is not even JSON', async () => {
  const rescue = await threeEntries()
  await replaceFrom(rescue, 1, ['{"v":'])

  await expect(log.read(rescue, 0)).rejects.toMatchObject({ code: 'log-broken' })
})

it('hears of growth also after its waiting connection was cut', async () => {
  const rescue = await threeEntries()
  const wait = log.grown(rescue, 3, AbortSignal.timeout(30_000))
  await cutOthers()
  await append(log, rescue, draft(STOP))
  await wait

  const another = log.grown(rescue, 4, AbortSignal.timeout(30_000))
  await append(log, rescue, draft(STOP))
  await another
})

it('needs one waiting connection, however many wait', async () => {
  const rescues = await Promise.all(Array.from({ length: 30 }, threeEntries))
  const enough = new AbortController()
  const waits = rescues.map((rescue) => log.grown(rescue, 3, enough.signal).catch(() => 'ended'))

  expect(await connections()).toBe(2)

  enough.abort()
  expect(new Set(await Promise.all(waits))).toEqual(new Set(['ended']))
})

it('ends its waits when it is closed, and can be closed twice', async () => {
  const mine = new RedisEventLog(redis)
  const rescue = await threeEntries()
  const wait = mine.grown(rescue, 3, new AbortController().signal)
  const ended = expect(wait).rejects.toMatchObject({ code: 'log-closed' })
  await mine.close()
  await mine.close()

  await ended
})

it('leaves no lock behind when a rescue turns to another instance', async () => {
  const rescue = await threeEntries()
  await append(log, rescue, resolved('ocid1.instance.oc1..one'))
  await append(log, rescue, resolved('ocid1.instance.oc1..two'))
  expect(await log.lockedBy('ocid1.instance.oc1..one')).toBeUndefined()

  await append(log, rescue, draft(ENDED))

  expect(Object.values(await redis.hgetall(LOCKS))).not.toContain(rescue)
})

it('says that Redis does not answer, to those who do not wait for it', async () => {
  const impatient = connectRedis('redis://127.0.0.1:1', { name: 'test', retries: 1 })
  impatient.on('error', () => undefined)

  await expect(new RedisEventLog(impatient).read(newRescueId(), 0)).rejects.toMatchObject({ code: 'store-unreachable' })

  impatient.disconnect()
})

/** Writes the given entries over those from `seq` on; what came after stays. */
async function replaceFrom(rescue: string, seq: number, entries: readonly string[]): Promise<void> {
  const rows = await redis.xrange(entriesKey(rescue), '-', '+')
  await redis.del(entriesKey(rescue))
  for (const [id, [, json = '']] of rows) {
    const replaced = entries[Number.parseInt(id, 10) - seq] ?? json
    await redis.xadd(entriesKey(rescue), id, 'entry', replaced, 'nonce', '')
  }
}

async function connections(): Promise<number> {
  return String(await redis.client('LIST'))
    .trim()
    .split('\n').length
}

/** Cuts all connections but the one that asks. */
async function cutOthers(): Promise<void> {
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
}
