/** `npm run audit` as it is run: its own process, the logs of a real Redis, and somebody who may write to that Redis. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRescueId } from '../../core/base/ids.ts'
import type { Actor, Origin, RescueEvent } from '../../core/record/events.ts'
import { planHash } from '../../core/record/plan.ts'
import { RescueLog } from '../../core/record/rescue-log.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { RedisEventLog } from '../../core/store/event-log.ts'
import { entriesKey, headKey } from '../../core/store/keys.ts'
import { RefusedClicks } from '../../core/store/refused-clicks.ts'
import { startRedis } from '../helpers/redis.ts'
import { ANAND, INSTANCE, opened, RIYA, requested, requestPlan } from '../helpers/thread-events.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const POLICY: Actor = { kind: 'policy' }
const WORKER: Actor = { kind: 'worker', id: 'w1' }
const FROM: Origin = { team: 'T1', channel: 'C0OPS', message: '1700000000.000100' }
const OLGA = { ...RIYA, user: 'U0OLGA' }

let redis: Redis
let url: string
let log: RedisEventLog
let directory: string
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oci-rescue-audit-'))
  parts.defer(() => rm(directory, { recursive: true, force: true }))
  const server = parts.use(await startRedis())
  url = server.url
  redis = connectRedis(url, { name: 'test', retries: 2 })
  parts.defer(() => redis.disconnect())
  log = parts.use(new RedisEventLog(redis))
})
afterAll(() => parts.disposeAsync())

function audit(...args: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { PATH: process.env.PATH ?? '', REDIS_URL: url } }
    const child = execFile(process.execPath, ['bot/audit.ts', ...args], options, (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    )
  })
}

async function records(...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { code, out, err } = await audit(...args)
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one))
}

/** Asked for, one approval refused, one given, and then opened alone. */
async function told(): Promise<string> {
  const own = new RescueLog(log, newRescueId(), () => new Date())
  const plan = { ...requestPlan('ssh-ed25519 AAAA'), instance: { id: `${INSTANCE.id}-${own.rescue}`, name: 'web-1' } }
  const about = { gate: 1, planHash: planHash(plan) } as const
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const refused = { wish: 'approved', why: 'not-an-approver', ...about } as const
  const story: readonly (readonly [Actor, RescueEvent])[] = [
    [RIYA, requested('ssh-ed25519 AAAA')],
    [WORKER, { type: 'phase-began', phase: 'gate-1' }],
    [WORKER, opened(plan)],
    [POLICY, { type: 'terms-set', ...about, rule: 'prod', count: 2, mayBreakGlass: true, expiresAt }],
    [OLGA, { type: 'refused-click', click: refused }],
    [ANAND, { type: 'approved', ...about }],
    [RIYA, { type: 'decided', ...about, decision: 'approved', brokeGlass: true, reason: 'Nobody else is awake.' }],
  ]
  for (const [actor, event] of story) {
    const from = actor.kind === 'person' ? FROM : undefined
    await own.record({ actor, epoch: null, from }, () => event)
  }
  return own.rescue
}

describe('the export', () => {
  it('says who did what, when, about which plan, and from where', async () => {
    const rescue = await told()

    const all = await records('--rescue', rescue)

    expect(all.map(({ what }) => what)).toEqual([
      ...['requested', 'gate-opened', 'terms-set', 'refused-click', 'approved', 'decided'],
    ])
    const plan = all[1]?.planHash
    expect(plan).toMatch(/^[0-9a-f]{64}$/)
    expect(all.slice(3)).toMatchObject([
      { who: OLGA, from: FROM, planHash: plan, details: { wish: 'approved', why: 'not-an-approver', gate: 1 } },
      { who: ANAND, from: FROM, planHash: plan, details: { gate: 1 } },
      {
        who: RIYA,
        from: FROM,
        planHash: plan,
        details: { decision: 'approved', brokeGlass: true, reason: 'Nobody else is awake.' },
      },
    ])
    expect(all[2]).toMatchObject({ who: POLICY, from: null, details: { rule: 'prod', approvals: 2 } })
    expect(
      all.every(({ at, hash, channel }) => !Number.isNaN(Date.parse(String(at))) && hash && channel === 'C0OPS'),
    ).toBe(true)
  })

  it('has the refused clicks that belong to no live rescue', async () => {
    const stray = new RefusedClicks(redis, () => new Date())
    await stray.add({ actor: OLGA, from: FROM, rescue: 'R-GONE00', click: { wish: 'denied', why: 'forged', gate: 2 } })

    expect((await records()).at(-1)).toMatchObject({
      ...{ log: 'refused-clicks', rescue: 'R-GONE00', who: OLGA, from: FROM, what: 'refused-click' },
      details: { wish: 'denied', why: 'forged', gate: 2 },
    })
  })

  it.each([
    ['no rescue of that id', ['--rescue', 'R-000000'], 'there is no log of R-000000'],
    ['no id', ['--rescue', 'web-1'], 'web-1 is no rescue'],
    ['an option that is none', ['--all'], '--all'],
    ['an anchor that is none', ['--expect', 'R-000000:1'], '--expect wants R-XXXXXX:SEQ:HASH'],
    ['a file that is not there', ['--against', '/no/such/export.jsonl'], '/no/such/export.jsonl'],
  ])('says so when there is %s', async (_, args, words) => {
    const { code, out, err } = await audit(...args)

    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(words)
  })
})

describe('the check', () => {
  it('says of a whole log where it ends, so that it can be kept elsewhere', async () => {
    const rescue = await told()
    const { head } = await log.read(rescue, 0)

    expect(await audit('--verify', '--rescue', rescue)).toEqual({
      code: 0,
      out: `${rescue} whole: 7 entries, the last one ${head.hash}; ${rescue}:7:${head.hash}\n`,
      err: '',
    })
  })

  it('finds an entry that was changed, and exits with 1', async () => {
    const rescue = await told()
    await rewrite(rescue, (json) => json.replace('U0ANAND', 'U0RIYA'), 'as it was')

    const { code, out } = await audit('--verify', '--rescue', rescue)

    expect(code).toBe(1)
    expect(out).toContain(`${rescue} broken: the log of ${rescue} can not be trusted`)
  })

  it('goes on with the other logs after a broken one', async () => {
    const [broken, whole] = [await told(), await told()]
    await redis.xdel(entriesKey(broken), '7-0')

    const { code, out } = await audit('--verify')

    expect(code).toBe(1)
    expect(out).toContain(`${broken} broken`)
    expect(out).toContain(`${whole} whole`)
  })
})

describe('what was known before', () => {
  it('agrees with a log that has only grown', async () => {
    const rescue = await told()
    const { head } = await log.read(rescue, 0)
    const file = await exported(rescue)
    await new RescueLog(log, rescue, () => new Date()).record({ actor: RIYA, epoch: null }, () => ({
      type: 'stop-requested',
    }))

    expect(await audit('--expect', `${rescue}:7:${head.hash}`)).toMatchObject({
      code: 0,
      out: `${rescue} unchanged: 1 of 1 entries are as they were\n`,
    })
    expect(await audit('--verify', '--against', file)).toMatchObject({
      code: 0,
      out: `${rescue} unchanged: 6 of 6 entries are as they were\n`,
    })
  })

  it('betrays a log that was written anew, though that one is whole in itself', async () => {
    const rescue = await told()
    const { head } = await log.read(rescue, 0)
    const file = await exported(rescue)
    await rewrite(rescue, (json) => json.replace('U0ANAND', 'U0RIYA'), 'anew')

    expect(await audit('--verify', '--rescue', rescue)).toMatchObject({ code: 0 })
    expect(await audit('--expect', `${rescue}:7:${head.hash}`)).toMatchObject({
      code: 1,
      out: `${rescue} different: entry 7 is not the one that it was\n`,
    })
    expect(await audit('--against', file)).toMatchObject({
      code: 1,
      out: `${rescue} different: entry 6 is not the one that it was\n`,
    })
  })

  it('betrays a log that is gone, unless it was old enough to be', async () => {
    const rescue = await told()
    const file = await exported(rescue)
    const old = join(directory, `${rescue}-old.jsonl`)
    const past = (await records('--rescue', rescue)).map((one) => ({ ...one, at: '2020-01-01T00:00:00.000Z' }))
    await writeFile(old, past.map((one) => `${JSON.stringify(one)}\n`).join(''))
    await redis.del(entriesKey(rescue), headKey(rescue))

    expect(await audit('--against', file)).toMatchObject({
      code: 1,
      out: `${rescue} different: entry 1 is not there any more\n`,
    })
    expect(await audit('--against', old)).toMatchObject({ code: 0, out: expect.stringContaining('no longer kept') })
  })

  it('is only taken from what is an export', async () => {
    const file = join(directory, 'odd.jsonl')
    await writeFile(file, '\n{"rescue":"R-000000"}\n')

    expect((await audit('--against', file)).err).toContain(`${file}:2 is no record of the audit trail`)
  })
})

async function exported(rescue: string): Promise<string> {
  const file = join(directory, `${rescue}.jsonl`)
  await writeFile(file, (await audit('--rescue', rescue)).out)
  return file
}

/** By somebody who may write to Redis: one entry only, or `anew`, with a chain that fits. */
async function rewrite(rescue: string, change: (json: string) => string, how: 'as it was' | 'anew'): Promise<void> {
  const rows = await redis.xrange(entriesKey(rescue), '-', '+')
  await redis.del(entriesKey(rescue))
  let prev = ''
  for (const [id, [, stored = '', , nonce = '']] of rows) {
    const changed = change(stored)
    const json = how === 'anew' ? JSON.stringify({ ...JSON.parse(changed), prev }) : changed
    prev = createHash('sha256').update(json).digest('hex')
    await redis.xadd(entriesKey(rescue), id, 'entry', json, 'nonce', nonce)
  }
  if (how === 'anew') await redis.hset(headKey(rescue), 'hash', prev)
}
