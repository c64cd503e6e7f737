import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Policy } from '../core/approvals/policy.ts'
import type { Person } from '../core/record/events.ts'
import { connectRedis } from '../core/store/connect.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { makePublicKey } from '../test/helpers/public-keys.ts'
import { startRedis } from '../test/helpers/redis.ts'
import { Rescues, type StartRequest } from './rescues.ts'

const policy: Policy = { channels: ['C1'], requesters: ['U1'], approvers: ['U2'], requesterMayApprove: false }
const riya: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U1' }
const anand: Person = { ...riya, user: 'U2' }

let log: RedisEventLog
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  const redis = parts.use(await startRedis())
  const connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  parts.defer(() => connection.disconnect())
  log = parts.use(new RedisEventLog(connection))
})
afterAll(() => parts.disposeAsync())

function desk(enqueue: (rescue: string) => Promise<void> = async () => undefined) {
  const seen: string[] = []
  const onRequested = async (rescue: string) => void seen.push(rescue)
  return { seen, rescues: new Rescues({ log, enqueue, policy, now: () => new Date(), onRequested }) }
}

function request(submission: string, target = 'web-1'): StartRequest {
  const playbook = { name: 'replace-key', user: 'opc', publicKey: KEY, keepExisting: false } as const
  return { playbook, target, channel: 'C1', submission }
}

const KEY = makePublicKey('riya@laptop').line

describe('start', () => {
  it('starts one rescue for a form that is delivered twice, also by two processes at once', async () => {
    const [one, other] = await Promise.all([
      desk().rescues.start(riya, request('V1')),
      desk().rescues.start(riya, request('V1')),
    ])

    expect(one).toEqual(other)
    expect(one.kind === 'started' && (await log.read(one.rescue, 0)).entries).toHaveLength(1)
  })

  it('takes another id when the one it would take belongs to something else', async () => {
    const first = await desk().rescues.start(riya, request('V2'))
    const second = await desk().rescues.start(riya, request('V2', 'web-2'))

    expect(second.kind).toBe('started')
    expect(second).not.toEqual(first)
  })

  it('asks the policy again: a form can stay open for hours', async () => {
    expect(await desk().rescues.start(anand, request('V3'))).toEqual({ kind: 'refused', verdict: 'not-a-requester' })
  })

  it('ends what it could not hand to a worker, and says so', async () => {
    const { rescues, seen } = desk(async () => Promise.reject(new Error('the queue is away')))

    await expect(rescues.start(riya, request('V4'))).rejects.toMatchObject({ code: 'not-queued' })

    const { entries } = await log.read(seen[0] ?? '', 0)
    expect(entries.at(-1)?.event).toMatchObject({ type: 'ended', code: 'not-queued', machine: 'untouched' })
  })
})

describe('enqueueUnclaimed', () => {
  it('queues again what no worker has seen, and nothing else', async () => {
    const { rescues: starting } = desk()
    const [waiting, claimed] = [
      await starting.start(riya, request('V5', 'a')),
      await starting.start(riya, request('V6', 'b')),
    ]
    if (waiting.kind !== 'started' || claimed.kind !== 'started') throw new Error('not started')
    const { head } = await log.read(claimed.rescue, 0)
    const draft = { at: new Date(), actor: { kind: 'worker', id: 'w' }, event: { type: 'claimed', epoch: 1 } } as const
    await log.append(claimed.rescue, draft, { head, epoch: null })
    const queued: string[] = []

    await desk(async (rescue) => void queued.push(rescue)).rescues.enqueueUnclaimed()

    expect(queued).toContain(waiting.rescue)
    expect(queued).not.toContain(claimed.rescue)
  })
})
