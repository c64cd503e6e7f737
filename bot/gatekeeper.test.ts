/** What the bot says of a rescue on the policy's behalf, in a real log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Policy, Rule } from '../core/approvals/policy.ts'
import { newRescueId } from '../core/base/ids.ts'
import type { Instance, Person, RescueEvent } from '../core/record/events.ts'
import { planHash } from '../core/record/plan.ts'
import { RescueLog } from '../core/record/rescue-log.ts'
import { connectRedis } from '../core/store/connect.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { facts, listed } from '../test/helpers/policy.ts'
import { startRedis } from '../test/helpers/redis.ts'
import { INSTANCE, opened, requestPlan } from '../test/helpers/thread-events.ts'
import { Gatekeeper } from './gatekeeper.ts'

const riya: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U1' }
const GLASS = { requester: false, who: { users: [], groups: [], channels: [] }, leastReason: 20 }
const base = listed({ channels: ['C1'], requesters: ['U1'], approvers: ['U2'] })

let log: RedisEventLog
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  const redis = parts.use(await startRedis())
  const connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  parts.defer(() => connection.disconnect())
  log = parts.use(new RedisEventLog(connection))
})
afterAll(() => parts.disposeAsync())

function ruled(...rules: readonly Partial<Rule>[]): Policy {
  const [usual] = base.rules
  if (usual === undefined) throw new Error('no rule')
  return { ...base, rules: rules.map((rule) => ({ ...usual, ...rule })) }
}

function gatekeeper(policy: Policy, inside: Readonly<Record<string, readonly string[]>> = {}) {
  const membership = { of: async () => facts(new Date(), inside).members }
  return new Gatekeeper({ log, policy, membership, home: 'T1', now: () => new Date() })
}

/** What was asked for, and what has happened since. */
async function rescue(...events: readonly RescueEvent[]): Promise<RescueLog> {
  const own = new RescueLog(log, newRescueId(), () => new Date())
  const playbook = { name: 'fsck' as const, only: [] }
  const request: RescueEvent = { type: 'requested', playbook, target: 'web-1', channel: 'C1', conditional: true }
  for (const event of [request, ...events]) await own.record({ actor: riya, epoch: null }, () => event)
  return own
}

const found = (about: Partial<Instance> = {}): RescueEvent => ({
  type: 'resolved',
  instance: { ...INSTANCE, id: `ocid1.instance.oc1..${newRescueId()}`, ...about },
})

describe('an admission', () => {
  const production = { name: 'production', tags: { env: 'prod' }, request: { users: [], groups: ['S1'], channels: [] } }
  const split = ruled(production, { name: 'others' })

  it.each([
    ['by the rule of the instance', { freeformTags: { env: 'dev' } }, {}, { type: 'admitted', rule: 'others' }],
    [
      'for those in its group',
      { freeformTags: { env: 'prod' } },
      { S1: ['U1'] },
      { type: 'admitted', rule: 'production' },
    ],
    [
      'for nobody else',
      { freeformTags: { env: 'prod' } },
      { S1: ['U7'] },
      { type: 'turned-away', why: 'not-a-requester' },
    ],
  ])('is given %s', async (_, about, inside, expected) => {
    const own = await rescue(found(about))
    const keeper = gatekeeper(split, { S1: [], ...inside })
    expect(keeper.isNeeded(own.state)).toBe(true)

    await keeper.attend(own.rescue)

    const added = await own.refresh()
    expect(added).toMatchObject([{ actor: { kind: 'policy' }, event: expected }])
    expect(keeper.isNeeded(own.state)).toBe(false)
  })

  it('is refused where no rule is left', async () => {
    const own = await rescue(found())

    await gatekeeper(ruled(production), { S1: ['U1'] }).attend(own.rescue)

    expect(await own.refresh()).toMatchObject([{ event: { type: 'turned-away', why: 'no-rule' } }])
  })

  it('is not given before the instance is known, and not twice', async () => {
    const own = await rescue()
    expect(gatekeeper(split).isNeeded(own.state)).toBe(false)
    await own.record({ actor: riya, epoch: null }, () => found())

    await Promise.all([1, 2, 3].map(() => gatekeeper(split, { S1: [] }).attend(own.rescue)))

    expect(await own.refresh()).toHaveLength(1)
  })

  it('waits while Slack does not say who is in the group', async () => {
    const own = await rescue(found({ freeformTags: { env: 'prod' } }))
    const membership = { of: () => Promise.reject(new Error('no answer')) }
    const parts = { log, policy: split, membership, home: 'T1', now: () => new Date() }

    await expect(new Gatekeeper(parts).attend(own.rescue)).rejects.toThrow('no answer')

    expect(await own.refresh()).toEqual([])
  })
})

describe('the terms of a gate', () => {
  const plan = requestPlan('ssh-ed25519 AAAA')
  const hash = planHash(plan)
  const gate = base.rules[0]?.gates[1]

  it('are those of the rule, with its time counted from the opening', async () => {
    const own = await rescue(found(), { type: 'admitted', rule: 'x' }, opened(plan))
    if (gate === undefined) throw new Error('no gate')
    const strict = { ...gate, count: 2, expiresInMs: 60_000, breakGlass: { ...GLASS, requester: true } }

    await gatekeeper(ruled({ name: 'strict', gates: { 1: strict, 2: gate } })).attend(own.rescue)
    await own.refresh()

    const { openedAt = '', expiresAt = '', terms } = own.state.gates[1] ?? {}
    expect(terms).toEqual({ rule: 'strict', count: 2, mayBreakGlass: true })
    expect(Date.parse(expiresAt) - Date.parse(openedAt)).toBe(60_000)
  })

  it('leave the worker’s time where the rule has none, and are set once', async () => {
    const own = await rescue(found(), { type: 'admitted', rule: 'x' }, opened(plan))
    const keeper = gatekeeper(base)

    await Promise.all([keeper.attend(own.rescue), keeper.attend(own.rescue)])

    expect(await own.refresh()).toMatchObject([
      { event: { type: 'terms-set', planHash: hash, rule: 'environment', count: 1, mayBreakGlass: false } },
    ])
    expect(own.state.gates[1]?.expiresAt).toBe('2026-11-01T04:00:00.000Z')
    expect(keeper.isNeeded(own.state)).toBe(false)
  })
})
