import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { STOPPED } from '../../test/helpers/thread-events.ts'
import type { Change } from './changes.ts'
import { type Actor, type Entry, FORMAT_VERSION, type Instance, PHASES, type RescueEvent } from './events.ts'
import type { RequestPlan } from './plan.ts'
import { because } from './reasons.ts'
import { canShowScreen, openAsk, openGate, type RescueState, replay, START } from './state.ts'

const PERSON: Actor = { kind: 'person', enterprise: null, team: 'T1', user: 'U1' }
const WORKER: Actor = { kind: 'worker', id: 'w1' }
const AT = '2026-01-02T03:04:05.000Z'
const LATER = '2026-01-02T04:04:05.000Z'

const instance: Instance = {
  id: 'ocid1.instance.oc1..a',
  name: 'web-1',
  compartmentId: 'ocid1.compartment.oc1..a',
  region: 'eu-frankfurt-1',
  lifecycleState: 'RUNNING',
  shape: 'VM.Standard.E5.Flex',
  os: null,
}
const plan: RequestPlan = {
  gate: 1,
  instance: { id: instance.id, name: instance.name },
  request: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
}
const OPENED: RescueEvent = { type: 'gate-opened', gate: 1, plan, planHash: 'a'.repeat(64), expiresAt: AT }
const APPROVED: RescueEvent = { type: 'decided', gate: 1, planHash: 'a'.repeat(64), decision: 'approved' }
const CHANGE: Change = {
  kind: 'ensure-directory',
  path: '/home/opc/.ssh',
  before: null,
  after: { mode: '0700', owner: { uid: 1, gid: 1 } },
  why: [because('edited-by-hand')],
}

/** Entries as a log would hold them, by a person where people act. */
function entries(...events: readonly RescueEvent[]): Entry[] {
  return events.map((event, index) => ({
    v: FORMAT_VERSION,
    rescue: 'R-7K2M9Q',
    seq: index + 1,
    prev: '',
    at: AT,
    actor: ['decided', 'stop-requested', 'screen-asked'].includes(event.type) ? PERSON : WORKER,
    event,
  }))
}

function stateAfter(...events: readonly RescueEvent[]): RescueState {
  return replay(entries(...events))
}

describe('a gate that needs several approvals', () => {
  const hash = 'a'.repeat(64)
  const about = { gate: 1, planHash: hash } as const
  const terms = (count: number, mayBreakGlass = false): RescueEvent => ({
    ...{ type: 'terms-set', ...about, rule: 'prod', count, mayBreakGlass, expiresAt: LATER },
  })
  /** By people of these names, in this order. */
  function stateOf(...said: readonly (readonly [user: string, event: RescueEvent])[]): RescueState {
    const actorOf = (user: string): Actor =>
      user === 'worker' ? WORKER : { kind: 'person', enterprise: null, team: 'T1', user }
    const all = said.map(([, event]) => event)
    return replay(entries(...all).map((entry, index) => ({ ...entry, actor: actorOf(said[index]?.[0] ?? '') })))
  }
  const opened = ['worker', OPENED] as const
  const approves = (user: string) => [user, { type: 'approved', ...about }] as const
  const decides = (user: string, more: object = {}) => [user, { ...APPROVED, ...more }] as const

  it('is decided by the last of them, and by nobody twice', () => {
    expect(openGate(stateOf(opened, ['w', terms(2)], decides('U1')))).toMatchObject({ decision: undefined })
    expect(openGate(stateOf(opened, ['w', terms(2)], approves('U1'), decides('U1')))).toMatchObject({
      decision: undefined,
      approvals: [{ by: { user: 'U1' } }],
    })
    expect(openGate(stateOf(opened, ['w', terms(3)], approves('U1'), approves('U1'), decides('U2')))).toBeDefined()
    expect(stateOf(opened, ['w', terms(2)], approves('U1'), decides('U2')).gates[1]).toMatchObject({
      approvals: [{ by: { user: 'U1' } }],
      decision: { decision: 'approved', by: { user: 'U2' }, brokeGlass: false },
    })
  })

  it('is denied by one', () => {
    expect(stateOf(opened, ['w', terms(2)], decides('U1', { decision: 'denied' })).gates[1]?.decision).toBeDefined()
  })

  it('is opened alone only where the terms allow it', () => {
    const alone = decides('U1', { brokeGlass: true, reason: 'nobody is there' })

    expect(openGate(stateOf(opened, ['w', terms(2)], alone))).toBeDefined()
    expect(stateOf(opened, ['w', terms(2, true)], alone).gates[1]?.decision).toMatchObject({ brokeGlass: true })
    expect(openGate(stateOf(opened, alone))).toBeDefined()
  })

  it('keeps the first terms and their time, and takes none for another plan', () => {
    const gate = openGate(stateOf(opened, ['w', terms(2)], ['w', terms(1)]))
    expect(gate).toMatchObject({ terms: { rule: 'prod', count: 2 }, expiresAt: LATER })
    expect(openGate(stateOf(opened, ['w', { ...terms(1), planHash: 'b'.repeat(64) } as RescueEvent]))).toMatchObject({
      terms: undefined,
      expiresAt: AT,
    })
  })

  it('begins anew with another plan: what was said of the old one stays with the old one', () => {
    const reopened: RescueEvent = { ...OPENED, planHash: 'b'.repeat(64) }
    const state = stateOf(opened, ['w', terms(2)], approves('U1'), ['worker', reopened], approves('U2'), decides('U2'))

    expect(openGate(state)).toMatchObject({ planHash: 'b'.repeat(64), approvals: [], terms: undefined })
    expect(state.pastGates).toMatchObject([{ planHash: hash, approvals: [{ by: { user: 'U1' } }] }])
  })
})

describe('an admission', () => {
  it('is what was said first', () => {
    const admitted: RescueEvent = { type: 'admitted', rule: 'prod' }

    expect(stateAfter(admitted, { type: 'turned-away', why: 'no-rule' }).admission).toEqual(admitted)
  })
})

describe('a gate', () => {
  it('waits from the moment it is opened until somebody decides', () => {
    expect(openGate(START)).toBeUndefined()
    expect(openGate(stateAfter(OPENED))).toEqual({
      seq: 1,
      plan,
      planHash: 'a'.repeat(64),
      openedAt: AT,
      expiresAt: AT,
      terms: undefined,
      approvals: [],
      decision: undefined,
    })
    expect(openGate(stateAfter(OPENED, APPROVED))).toBeUndefined()
  })

  it('remembers who decided what, and when', () => {
    expect(stateAfter(OPENED, APPROVED).gates[1]?.decision).toMatchObject({ decision: 'approved', by: PERSON, at: AT })
  })

  it('takes the first decision, whatever comes later', () => {
    const state = stateAfter(OPENED, { ...APPROVED, decision: 'denied' }, APPROVED, {
      ...APPROVED,
      decision: 'expired',
    })

    expect(state.gates[1]?.decision?.decision).toBe('denied')
  })

  it('takes no decision about another plan, another gate, or one that came before it', () => {
    expect(stateAfter(OPENED, { ...APPROVED, planHash: 'b'.repeat(64) }).gates[1]?.decision).toBeUndefined()
    expect(stateAfter(OPENED, { ...APPROVED, gate: 2 }).gates[1]?.decision).toBeUndefined()
    expect(stateAfter(APPROVED, OPENED).gates[1]?.decision).toBeUndefined()
  })

  it('does not wait any more when the rescue has ended', () => {
    expect(openGate(stateAfter(OPENED, STOPPED))).toBeUndefined()
  })

  it('2 is the one that waits while gate 1 lies behind', () => {
    const second: RescueEvent = {
      type: 'gate-opened',
      gate: 2,
      plan: { gate: 2, playbook: 'x', instance: plan.instance, user: 'opc', changes: [CHANGE], selinux: false },
      planHash: 'c'.repeat(64),
      expiresAt: AT,
    }

    expect(openGate(stateAfter(OPENED, APPROVED, second))?.planHash).toBe('c'.repeat(64))
  })
})

describe('a question', () => {
  const ask = '0123456789abcdef'
  const ASKED: RescueEvent = { type: 'asked', what: 'grub-password', ask, attempt: 1, expiresAt: AT }
  const again: RescueEvent = { ...ASKED, ask: 'f'.repeat(16), attempt: 2 }
  const answered: RescueEvent = { type: 'answered', ask, handOver: 'a'.repeat(16) }

  it('waits until somebody answers it', () => {
    expect(openAsk(START)).toBeUndefined()
    expect(openAsk(stateAfter(ASKED))).toEqual({
      ...{ id: ask, what: 'grub-password', attempt: 1, expiresAt: AT, answer: undefined, over: undefined },
    })
    expect(openAsk(stateAfter(ASKED, answered))).toBeUndefined()
  })

  it('takes the first answer, whatever comes later', () => {
    const state = stateAfter(
      ASKED,
      answered,
      { ...answered, handOver: 'b'.repeat(16) },
      { type: 'withdrawn', ask, why: 'expired' },
    )

    expect(state.asks).toMatchObject([{ answer: { handOver: 'a'.repeat(16), at: AT } }])
  })

  it('takes no answer to another question, and none that came before it', () => {
    expect(openAsk(stateAfter(ASKED, { ...answered, ask: 'e'.repeat(16) }))?.id).toBe(ask)
    expect(openAsk(stateAfter(answered, ASKED))?.id).toBe(ask)
  })

  it('is not answered any more once it was withdrawn', () => {
    const state = stateAfter(ASKED, { type: 'withdrawn', ask, why: 'expired' }, answered)

    expect(state.asks).toMatchObject([{ answer: undefined, over: 'expired' }])
  })

  it('gives way to the one that is asked after it', () => {
    const state = stateAfter(ASKED, again, answered)

    expect(openAsk(state)).toMatchObject({ attempt: 2, answer: undefined })
    expect(state.asks[0]?.answer).toBeUndefined()
  })

  it.each<RescueEvent>([
    { type: 'phase-began', phase: 'boot' },
    { type: 'stop-requested' },
    { type: 'claimed', epoch: 2 },
    STOPPED,
  ])('waits no more once the rescue goes on or ends: $type', (event) => {
    expect(openAsk(stateAfter(ASKED, event))).toBeUndefined()
    expect(stateAfter(ASKED, event, answered).asks[0]?.answer).toBeUndefined()
  })
})

describe('debts', () => {
  const connection: RescueEvent = { type: 'owes', debt: { kind: 'console-connection', instance } }
  const maintenance: RescueEvent = { type: 'owes', debt: { kind: 'maintenance', instance } }

  it('stand until they are paid, each by itself', () => {
    expect(stateAfter(connection, maintenance).debts.map(({ kind }) => kind)).toEqual([
      'console-connection',
      'maintenance',
    ])
    expect(stateAfter(connection, maintenance, { type: 'paid', debt: 'console-connection' }).debts).toEqual([
      { kind: 'maintenance', instance },
    ])
  })

  it('are owed once, however often they were made, and again after they were paid', () => {
    expect(stateAfter(connection, connection).debts).toHaveLength(1)
    expect(stateAfter(connection, { type: 'paid', debt: 'console-connection' }, connection).debts).toHaveLength(1)
  })
})

describe('the screen', () => {
  const asked: RescueEvent = { type: 'screen-asked' }
  const saw = (why: 'asked' | 'failed'): RescueEvent => ({ type: 'saw', state: 'unknown', because: '', why })

  it('is asked for until it was shown to whoever asked', () => {
    expect(stateAfter(asked).screenAsk).toEqual({ by: PERSON, at: AT, isAnswered: false })
    expect(stateAfter(asked, saw('failed')).screenAsk?.isAnswered).toBe(false)
    expect(stateAfter(asked, saw('asked')).screenAsk?.isAnswered).toBe(true)
    expect(stateAfter(asked, saw('asked'), asked).screenAsk?.isAnswered).toBe(false)
  })

  it('can be shown from the moment the console is open until it is about to close', () => {
    const noticed = (code: string): RescueEvent => ({ type: 'noticed', code, details: {} })
    const claimed: RescueEvent = { type: 'claimed', epoch: 1, hears: ['screen-asked'] }
    const can = (...events: RescueEvent[]) => canShowScreen(stateAfter(claimed, ...events))
    const open = noticed('connection-active')

    expect(can(open, { type: 'phase-began', phase: 'gate-2' }, noticed('shell-reached'))).toBe(true)
    expect(can(open, noticed('line-lost'))).toBe(false)
    expect(can(open, noticed('line-lost'), noticed('line-back'))).toBe(true)
    expect(can(open, { type: 'phase-began', phase: 'clean-up' })).toBe(false)
    expect(can(noticed('constructor'))).toBe(false)
  })
})

describe('changes', () => {
  it('are in doubt between their beginning and their end', () => {
    expect(stateAfter({ type: 'change-began', index: 0 }).inDoubt).toBe(0)
    const done = stateAfter({ type: 'change-began', index: 0 }, { type: 'change-finished', index: 0, change: CHANGE })
    expect(done).toMatchObject({ inDoubt: undefined, changed: [CHANGE] })
  })
})

describe('the rest', () => {
  it('is there by its newest word: phases in order, epoch, instance, choice, proofs, end', () => {
    const offered = { type: 'choice-offered' as const, candidates: [instance], expiresAt: AT } satisfies RescueEvent
    const state = stateAfter(
      { type: 'claimed', epoch: 1 },
      { type: 'phase-began', phase: 'find' },
      offered,
      { type: 'chosen', instanceId: instance.id },
      { type: 'resolved', instance },
      { type: 'phase-began', phase: 'gate-1' },
      { type: 'claimed', epoch: 2 },
      { type: 'proved', proof: { kind: 'login-prompt', host: 'web-1' } },
      STOPPED,
    )

    expect(state).toMatchObject({
      seq: 9,
      epoch: 2,
      choice: offered,
      chosenId: instance.id,
      instance,
      phases: [{ phase: 'find' }, { phase: 'gate-1' }],
      proofs: [{ kind: 'login-prompt', host: 'web-1' }],
      ended: { ...STOPPED, at: AT },
    })
  })

  it('knows who asked first that it stops', () => {
    const stop: RescueEvent = { type: 'stop-requested' }

    expect(stateAfter(stop, stop).stopRequested).toEqual({ by: PERSON, at: AT })
  })

  it('is the same whether a log is read at once or piece by piece', () => {
    const event: fc.Arbitrary<RescueEvent> = fc.oneof(
      fc.constantFrom(OPENED, APPROVED, STOPPED, { type: 'stop-requested' } as const),
      fc.constantFrom(...PHASES).map((phase) => ({ type: 'phase-began', phase }) as const),
      fc.nat(3).map((index) => ({ type: 'change-began', index }) as const),
      fc.constant({ type: 'console', scrolled: ['a'], rows: ['b'] } as const).map((console) => ({
        ...console,
        scrolled: [...console.scrolled],
        rows: [...console.rows],
      })),
    )
    fc.assert(
      fc.property(fc.array(event), fc.nat(), (events, cut) => {
        const all = entries(...events)
        const at = cut % (all.length + 1)
        expect(replay(all.slice(at), replay(all.slice(0, at)))).toEqual(replay(all))
      }),
    )
  })
})
