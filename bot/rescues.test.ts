import { createSecretKey, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RescueError } from '../core/base/errors.ts'
import { newTicket } from '../core/base/ids.ts'
import type { Origin, Person, RescueEvent } from '../core/record/events.ts'
import type { HandOver } from '../core/record/hand-over.ts'
import type { EventLog } from '../core/record/log.ts'
import { RescueLog } from '../core/record/rescue-log.ts'
import { connectRedis } from '../core/store/connect.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { RefusedClicks } from '../core/store/refused-clicks.ts'
import { type SealedAnswers, sealedAnswers } from '../core/store/sealed-hand-overs.ts'
import { facts, listed } from '../test/helpers/policy.ts'
import { makePublicKey } from '../test/helpers/public-keys.ts'
import { startRedis } from '../test/helpers/redis.ts'
import { STOPPED } from '../test/helpers/thread-events.ts'
import { Rescues, type StartRequest } from './rescues.ts'

const policy = listed({ channels: ['C1'], requesters: ['U1'], approvers: ['U2'] })
const riya: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U1' }
const anand: Person = { ...riya, user: 'U2' }

let log: RedisEventLog
let connection: Redis
let sealed: SealedAnswers
let sealedEntries: () => Promise<readonly string[]>
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  const redis = parts.use(await startRedis())
  connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  parts.defer(() => connection.disconnect())
  log = parts.use(new RedisEventLog(connection))
  sealed = sealedAnswers(connection, createSecretKey(randomBytes(32)))
  sealedEntries = () => connection.keys('*sealed*')
})
afterAll(() => parts.disposeAsync())

type Step = (rescue: string) => Promise<void>

function desk(enqueue: Step = async () => undefined, openThread: Step = async () => undefined, events: EventLog = log) {
  const seen: string[] = []
  const left: unknown[] = []
  const onRequested = async (rescue: string) => {
    seen.push(rescue)
    await openThread(rescue)
  }
  const membership = { of: async () => facts(new Date()).members }
  const slack = { membership, home: 'T1', refused: new RefusedClicks(connection, () => new Date()) }
  return {
    seen,
    left,
    rescues: new Rescues({
      log: events,
      enqueue,
      sealed,
      policy,
      ...slack,
      now: () => new Date(),
      onRequested,
      onTrouble: (_, { rescue }) => left.push(rescue),
    }),
  }
}

function request(submission: string, target = 'web-1'): StartRequest {
  const playbook = { name: 'replace-key', user: 'opc', publicKey: KEY, keepExisting: false } as const
  return { playbook, target, channel: 'C1', submission }
}

const FROM: Origin = { team: 'T1', channel: 'C1', message: '1700000000.000100' }
const KEY = makePublicKey('riya@laptop').line

/** The same log, that is read in another way. */
function readBy(read: EventLog['read']): EventLog {
  return {
    append: (...given) => log.append(...given),
    read,
    grown: (...given) => log.grown(...given),
    epoch: (rescue) => log.epoch(rescue),
    lockedBy: (instanceId) => log.lockedBy(instanceId),
    live: () => log.live(),
  }
}

describe('what is under way', () => {
  it('leaves out a rescue whose log can not be read, says so, and goes on with the others', async () => {
    const queued: string[] = []
    const { rescues } = desk()
    const [good, bad] = [await rescues.start(riya, request('L2')), await rescues.start(riya, request('L3'))]
    if (good.kind !== 'started' || bad.kind !== 'started') throw new Error('they did not start')
    const broken = readBy(async (rescue, after) => {
      if (rescue === bad.rescue) throw new RescueError('operator', 'log-from-another-version', 'format 9')
      return await log.read(rescue, after)
    })
    const { rescues: others, left } = desk(async (rescue) => void queued.push(rescue), undefined, broken)

    const live = (await others.live()).map(({ rescue }) => rescue)
    await others.enqueueUnclaimed()

    expect(live).toContain(good.rescue)
    expect(live).not.toContain(bad.rescue)
    expect(left).toContain(bad.rescue)
    expect(queued).toContain(good.rescue)
  })

  it('is read on from where it was: a console says a lot, and somebody may look every second', async () => {
    const read: (readonly [rescue: string, after: number])[] = []
    const counting = readBy((rescue, after) => {
      read.push([rescue, after])
      return log.read(rescue, after)
    })
    const { rescues } = desk(undefined, undefined, counting)
    const started = await rescues.start(riya, request('L1'))
    if (started.kind !== 'started') throw new Error('it did not start')
    const { rescue } = started
    await rescues.live()
    await rescues.stop(riya, rescue, FROM)
    read.length = 0

    const live = await rescues.live()

    expect(live.find((one) => one.rescue === rescue)?.state.stopRequested).toBeDefined()
    expect(read.filter(([name]) => name === rescue)).toEqual([[rescue, 1]])
    await new RescueLog(log, rescue, () => new Date()).record({ actor: riya, epoch: null }, () => STOPPED)
    expect((await rescues.live()).map((one) => one.rescue)).not.toContain(rescue)
  })
})

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

  it.each([
    ['hand to a worker', 'V4', [() => Promise.reject(new Error('the queue is away'))]],
    ['show to anybody', 'V5', [async () => undefined, () => Promise.reject(new Error('Redis is away'))]],
  ] satisfies [string, string, [Step?, Step?]][])('ends what it could not %s, and says so', async (_, form, steps) => {
    const { rescues, seen } = desk(...steps)

    await expect(rescues.start(riya, request(form))).rejects.toMatchObject({ code: 'not-queued' })

    const { entries } = await log.read(seen[0] ?? '', 0)
    expect(entries.at(-1)?.event).toMatchObject({ type: 'ended', code: 'not-queued', machine: 'untouched' })
  })
})

it('says that it has started what a worker has, though the answer of the queue was lost', async () => {
  const claimed: Step = async (rescue) => {
    const { head } = await log.read(rescue, 0)
    const draft = { at: new Date(), actor: { kind: 'worker', id: 'w' }, event: { type: 'claimed', epoch: 1 } } as const
    await log.append(rescue, draft, { head, epoch: null })
    throw new Error('the answer was lost')
  }

  const started = await desk(claimed).rescues.start(riya, request('V4 lost'))

  const { entries } = await log.read(started.kind === 'started' ? started.rescue : '', 0)
  expect(entries.map(({ event }) => event.type)).toEqual(['requested', 'claimed'])
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

describe('answer', () => {
  const credentials = { username: 'grubadmin', password: randomBytes(12).toString('base64') }
  const worker = { actor: { kind: 'worker', id: 'w' }, epoch: 1 } as const

  function asked(ask: string, milliseconds = 60_000): RescueEvent {
    const expiresAt = new Date(Date.now() + milliseconds).toISOString()
    return { type: 'asked', what: 'grub-password', ask, attempt: 1, expiresAt }
  }

  /** A rescue whose worker has asked. */
  async function waiting(submission: string, question = asked(newTicket())) {
    const started = await desk().rescues.start(riya, request(submission, submission))
    if (started.kind !== 'started' || question.type !== 'asked') throw new Error('not started')
    const own = new RescueLog(log, started.rescue, () => new Date())
    await own.record({ ...worker, epoch: null }, () => ({ type: 'claimed', epoch: 1 }))
    await own.record(worker, () => question)
    const reference = { rescue: started.rescue, ask: question.ask }
    const place = async (): Promise<HandOver> => {
      await own.refresh()
      return {
        rescue: started.rescue,
        about: question.ask,
        handOver: own.state.asks.at(-1)?.answer?.handOver ?? 'none',
      }
    }
    return { own, reference, place }
  }

  it('seals what was entered, and says in the log who did it and where it lies, not what it is', async () => {
    const { reference, place } = await waiting('A1')

    expect(await desk().rescues.answer(riya, reference, credentials, newTicket(), FROM)).toMatchObject({
      kind: 'allowed',
    })

    const { entries } = await log.read(reference.rescue, 0)
    expect(entries.at(-1)).toMatchObject({ actor: riya, from: FROM, event: { type: 'answered', ask: reference.ask } })
    const written = JSON.stringify(entries)
    expect(written).not.toContain(credentials.username)
    expect(written).not.toContain(credentials.password.slice(0, 6))
    expect(await sealed.take(await place())).toEqual(credentials)
  })

  it('takes one of many answers that come at one moment, the one that the log names, and keeps no other', async () => {
    const { reference, place } = await waiting('A2')
    const all = Array.from({ length: 8 }, (_, index) => ({ username: `u${index}`, password: `p${index}` }))

    const verdicts = await Promise.all(
      all.map((one, index) => desk().rescues.answer(index % 2 ? riya : anand, reference, one, newTicket(), FROM)),
    )

    const winner = verdicts.findIndex(({ kind }) => kind === 'allowed')
    expect(verdicts.map(({ kind }) => kind).toSorted()).toEqual([
      'allowed',
      ...Array.from({ length: 7 }, () => 'already-answered'),
    ])
    expect((await sealedEntries()).filter((key) => key.includes(reference.rescue))).toHaveLength(1)
    expect(await sealed.take(await place())).toEqual(all[winner])
  })

  it('is answered as before when the form is delivered again, also by another bot at that moment', async () => {
    const { reference, place } = await waiting('A7')
    const handOver = newTicket()
    const send = () => desk().rescues.answer(riya, reference, credentials, handOver, FROM)

    const verdicts = await Promise.all([send(), send(), send()])

    expect(verdicts.map(({ kind }) => kind)).toEqual(['allowed', 'allowed', 'allowed'])
    const { entries } = await log.read(reference.rescue, 0)
    expect(entries.filter(({ event }) => event.type === 'answered')).toHaveLength(1)
    expect(await sealed.take(await place())).toEqual(credentials)
    expect(await send()).toMatchObject({ kind: 'allowed' })
    expect(await desk().rescues.mayAnswer(riya, reference, handOver)).toMatchObject({ kind: 'allowed' })
    expect(
      (await sealedEntries()).filter((key) => key.includes(reference.rescue)),
      'none is left',
    ).toEqual([])
    expect(await desk().rescues.mayAnswer(riya, reference)).toMatchObject({ kind: 'already-answered' })
  })

  it('asks the policy at the click and again when the form is sent', async () => {
    const stranger: Person = { ...riya, user: 'U9' }
    const { reference } = await waiting('A3')

    expect(await desk().rescues.mayAnswer(stranger, reference)).toEqual({ kind: 'not-allowed' })
    expect(await desk().rescues.answer(stranger, reference, credentials, newTicket(), FROM)).toEqual({
      kind: 'not-allowed',
    })
    expect((await sealedEntries()).filter((key) => key.includes(reference.rescue))).toEqual([])
  })

  it('keeps nothing of an answer that comes from another channel than its question stands in', async () => {
    const { reference } = await waiting('A3 elsewhere')

    const elsewhere = await desk().rescues.answer(riya, reference, credentials, newTicket(), { ...FROM, channel: 'C9' })

    expect(elsewhere).toEqual({ kind: 'not-waiting' })
    expect((await sealedEntries()).filter((key) => key.includes(reference.rescue))).toEqual([])
  })

  it.each<[string, (own: RescueLog) => Promise<unknown>, string]>([
    ['was asked again', (own) => own.record(worker, () => asked(newTicket())), 'not-waiting'],
    [
      'is being stopped',
      (own) => own.record({ actor: anand, epoch: null }, () => ({ type: 'stop-requested' })),
      'not-waiting',
    ],
    ['went on', (own) => own.record(worker, () => ({ type: 'phase-began', phase: 'boot' })), 'not-waiting'],
    [
      'has another worker',
      (own) => own.record({ ...worker, epoch: null }, () => ({ type: 'claimed', epoch: 2 })),
      'not-waiting',
    ],
    [
      'gave up waiting',
      (own) => own.record(worker, ({ asks }) => ({ type: 'withdrawn', ask: asks[0]?.id ?? '', why: 'expired' })),
      'expired',
    ],
  ])('keeps nothing of an answer to a rescue that %s', async (what, happens, kind) => {
    const { own, reference } = await waiting(`A4 ${what}`)
    await happens(own)

    expect(await desk().rescues.answer(riya, reference, credentials, newTicket(), FROM)).toEqual({ kind })
    expect((await sealedEntries()).filter((key) => key.includes(reference.rescue))).toEqual([])
  })

  it('is too late when the time is over, whether the worker has said so or not', async () => {
    const { reference } = await waiting('A5', asked(newTicket(), -1))

    expect(await desk().rescues.answer(riya, reference, credentials, newTicket(), FROM)).toEqual({ kind: 'expired' })
  })

  it('does not know a question that was never asked', async () => {
    const { reference } = await waiting('A6')

    expect(await desk().rescues.mayAnswer(riya, { ...reference, ask: newTicket() })).toEqual({ kind: 'not-waiting' })
    expect(await desk().rescues.mayAnswer(riya, { rescue: 'R-000000', ask: reference.ask })).toEqual({
      kind: 'not-allowed',
    })
  })
})
