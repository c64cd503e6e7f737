import { describe, expect, it } from 'vitest'
import { facts, listed } from '../../test/helpers/policy.ts'
import { STOPPED } from '../../test/helpers/thread-events.ts'
import type { Change } from '../record/changes.ts'
import { type Entry, type Instance, NEWER_REQUESTS, type Person, type RescueEvent } from '../record/events.ts'
import { type ChangePlan, planHash, type RequestPlan } from '../record/plan.ts'
import { because } from '../record/reasons.ts'
import { replay } from '../record/state.ts'
import { type BreakGlass, NOBODY, type Policy, type Rule, type Who } from './policy.ts'
import {
  type Click,
  mayAnswer,
  mayAskForScreen,
  mayDecide,
  mayGoOn,
  mayInterrupt,
  mayRequest,
  mayStop,
  mayType,
} from './verdicts.ts'

const person = (user: string, team = 'T1'): Person => ({ kind: 'person', enterprise: null, team, user })
const riya = person('U1')
const anand = person('U2')
const olga = person('U3')

const lists = { channels: ['C1'], requesters: ['U1'], approvers: ['U1', 'U2'] }
const policy = listed(lists)
const opened = new Date('2026-11-01T03:00:00.000Z')
const expires = '2026-11-01T04:00:00.000Z'

const plan: RequestPlan = {
  gate: 1,
  instance: { id: 'ocid1.instance.oc1..a', name: 'web-1' },
  request: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
}
const from = { team: 'T1', channel: 'C1', message: '1.1' }
const about = { gate: 1, planHash: planHash(plan) } as const
const click: Click = { ...about, opened: 2, from }

const requested: RescueEvent = {
  type: 'requested',
  playbook: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
  target: 'web-1',
  channel: 'C1',
}
const gateOpened: RescueEvent = {
  type: 'gate-opened',
  gate: 1,
  plan,
  planHash: click.planHash,
  expiresAt: expires,
}
const denied: RescueEvent = { type: 'decided', ...about, decision: 'denied' }
const terms = (count: number, mayBreakGlass = false): RescueEvent => ({
  ...{ type: 'terms-set', ...about, rule: 'r', count, mayBreakGlass, expiresAt: expires },
})

function stateAfter(...events: readonly RescueEvent[]) {
  return replay(
    [requested, ...events].map(
      (event, index): Entry => ({
        v: 1,
        rescue: 'R-ABC123',
        seq: index + 1,
        prev: '',
        at: opened.toISOString(),
        actor: event.type === 'requested' ? riya : anand,
        event,
      }),
    ),
  )
}

const at = (now: Date, inside?: Readonly<Record<string, readonly string[]>>) => facts(now, inside)
const now = at(opened)

describe('mayRequest', () => {
  const ask = (who: Person, channel: string, lists = policy) =>
    mayRequest(lists, { playbooks: ['replace-key'], channel }, who, now)

  it('takes the people on the list, in the channels on the list', () => {
    expect(ask(riya, 'C1')).toBe('allowed')
    expect(ask(riya, 'C2')).toBe('wrong-channel')
    expect(ask(anand, 'C1')).toBe('not-a-requester')
  })

  it('reads an empty list as nobody', () => {
    expect(ask(riya, 'C1', listed({ ...lists, requesters: [] }))).toBe('not-a-requester')
    expect(ask(riya, 'C1', listed({ ...lists, channels: [] }))).toBe('wrong-channel')
  })

  it('knows nobody from another workspace, whatever their id', () => {
    expect(ask(person('U1', 'T2'), 'C1')).toBe('not-a-requester')
  })
})

describe('mayDecide', () => {
  const waiting = stateAfter(gateOpened)
  const decide = (who: Person, decision: 'approved' | 'denied' = 'approved', state = waiting, when = opened) =>
    mayDecide(policy, state, click, decision, who, at(when)).kind

  it('lets an approver decide', () => {
    expect(decide(anand)).toBe('allowed')
    expect(decide(anand, 'denied')).toBe('allowed')
  })

  it('lets nobody else', () => {
    expect(decide(olga)).toBe('not-an-approver')
    expect(decide(olga, 'denied')).toBe('not-an-approver')
  })

  it('wants a second person, also when the first is an approver', () => {
    expect(decide(riya)).toBe('own-request')
    const alone = listed({ ...lists, requesterMayApprove: true })
    expect(mayDecide(alone, waiting, click, 'approved', riya, now).kind).toBe('allowed')
  })

  it('lets whoever asked withdraw, approver or not', () => {
    expect(decide(riya, 'denied')).toBe('allowed')
    const others = listed({ ...lists, approvers: ['U2'] })
    expect(mayDecide(others, waiting, click, 'denied', riya, now).kind).toBe('allowed')
  })

  it('takes the same user id of another team for a stranger', () => {
    expect(decide(person('U2', 'T2'))).toBe('forged')
    expect(decide(person('U1', 'T2'), 'denied')).toBe('forged')
  })

  it('names who decided before', () => {
    const verdict = mayDecide(policy, stateAfter(gateOpened, denied), click, 'approved', anand, now)

    expect(verdict).toMatchObject({ kind: 'already-decided', gate: { decision: { decision: 'denied', by: anand } } })
  })

  it('ends with the minute that was shown', () => {
    expect(decide(anand, 'approved', waiting, new Date(Date.parse(expires) - 1))).toBe('allowed')
    expect(decide(anand, 'approved', waiting, new Date(expires))).toBe('expired')
  })

  it.each<[string, Partial<Click>]>([
    ['another plan', { planHash: '0'.repeat(64) }],
    ['another gate', { gate: 2 }],
    ['another opening', { opened: 1 }],
    ['another channel', { from: { ...from, channel: 'C2' } }],
    ['another workspace', { from: { ...from, team: 'T2' } }],
  ])('takes no click that names %s than the message does', (_, altered) => {
    for (const decision of ['approved', 'denied', 'broke-glass'] as const)
      expect(mayDecide(policy, waiting, { ...click, ...altered }, decision, anand, now).kind).toBe('forged')
  })

  it('takes no click on a plan that was replaced, and none for the new one through the old message', () => {
    const instance = { ...plan.instance, id: 'ocid1.instance.oc1..b' }
    const changed: RequestPlan = { ...plan, instance }
    const reopened: RescueEvent = { ...gateOpened, plan: changed, planHash: planHash(changed) }
    const state = stateAfter(gateOpened, terms(2), { type: 'approved', ...about }, reopened)

    expect(decide(anand, 'approved', state)).toBe('plan-changed')
    expect(mayDecide(policy, state, { ...click, planHash: planHash(changed) }, 'approved', anand, now).kind).toBe(
      'forged',
    )
    // What was said about the old plan is not said about the new one.
    const fresh: Click = { ...click, planHash: planHash(changed), opened: 5 }
    expect(mayDecide(policy, state, fresh, 'approved', anand, now)).toEqual({ kind: 'allowed', isLast: true })
    expect(state.gates[1]?.approvals).toEqual([])
  })

  it('counts each person once, and says which approval is the last', () => {
    const four = listed({ ...lists, approvers: ['U1', 'U2', 'U3', 'U4'] })
    const state = stateAfter(gateOpened, terms(3), { type: 'approved', ...about })
    const approve = (who: Person, from = state) => mayDecide(four, from, click, 'approved', who, now)

    expect(approve(anand)).toEqual({ kind: 'already-approved' })
    expect(approve(olga)).toEqual({ kind: 'allowed', isLast: false })
    expect(approve(olga, stateAfter(gateOpened, terms(2), { type: 'approved', ...about }))).toEqual({
      kind: 'allowed',
      isLast: true,
    })
    // One denial ends it, also by somebody who has approved.
    expect(mayDecide(four, state, click, 'denied', anand, now)).toEqual({ kind: 'allowed', isLast: true })
  })

  it('lets those break the glass whom the rule names, and only while the gate waits', () => {
    const withGlass = (glass: Partial<BreakGlass>): Policy => {
      const [rule] = policy.rules
      if (rule === undefined) throw new Error('no rule')
      const breakGlass = { requester: false, who: NOBODY, leastReason: 20, ...glass }
      return { ...policy, rules: [{ ...rule, gates: { 1: { ...rule.gates[1], breakGlass }, 2: rule.gates[2] } }] }
    }
    const shown = stateAfter(gateOpened, terms(1, true))
    const smash = (by: Person, glass: Partial<BreakGlass>, state = shown) =>
      mayDecide(withGlass(glass), state, click, 'broke-glass', by, now).kind

    expect(mayDecide(policy, shown, click, 'broke-glass', riya, now).kind).toBe('may-not-break-glass')
    // The gate was shown without the button.
    expect(smash(riya, { requester: true }, waiting)).toBe('may-not-break-glass')
    expect([riya, anand, olga].map((who) => smash(who, { requester: true }))).toEqual([
      ...['allowed', 'may-not-break-glass', 'may-not-break-glass'],
    ])
    expect(smash(olga, { who: { ...NOBODY, users: ['U3'] } })).toBe('allowed')
    expect(smash(riya, { requester: true }, stateAfter(gateOpened, terms(1, true), denied))).toBe('already-decided')
    expect(smash(riya, { requester: true }, stateAfter(gateOpened, terms(1, true), STOPPED))).toBe('not-waiting')
  })

  it('takes no click before the gate opens or after the end', () => {
    expect(decide(anand, 'approved', stateAfter())).toBe('forged')
    expect(decide(anand, 'approved', stateAfter(gateOpened, STOPPED))).toBe('not-waiting')
  })
})

describe('mayStop', () => {
  it('lets whoever asked and whoever approves stop it', () => {
    expect(mayStop(policy, stateAfter(), riya, now)).toBe(true)
    expect(mayStop(policy, stateAfter(), anand, now)).toBe(true)
    expect(mayStop(policy, stateAfter(), olga, now)).toBe(false)
    expect(mayStop(listed({ ...lists, approvers: [] }), stateAfter(), anand, now)).toBe(false)
  })
})

describe('mayType', () => {
  const shell: RescueEvent = { type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 }
  const line: RescueEvent = { type: 'line-sent', line: '0123456789abcdef', text: 'uptime' }
  const may = (who: Person, ...events: RescueEvent[]) => mayType(policy, stateAfter(...events), who, now)

  it('lets whoever asked and whoever approves type, one line at a time, while the shell is open', () => {
    expect([riya, anand, olga].map((who) => may(who, shell))).toEqual(['allowed', 'allowed', 'not-allowed'])
    expect(may(riya)).toBe('not-open')
    expect(may(riya, shell, line)).toBe('busy')
    expect(may(olga, shell, line)).toBe('not-allowed')
    expect(may(riya, shell, { type: 'shell-closed', why: 'idle' })).toBe('not-open')
    expect(may(riya, shell, STOPPED)).toBe('not-open')
  })
})

const claimed: RescueEvent = { type: 'claimed', epoch: 1, hears: [...NEWER_REQUESTS] }

describe('mayInterrupt', () => {
  const shell: RescueEvent = { type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 }
  const sent: RescueEvent = { type: 'line-sent', line: '0123456789abcdef', text: 'uptime' }
  const asked: RescueEvent = { type: 'interrupt-asked', line: '0123456789abcdef' }
  const may = (who: Person, events: readonly RescueEvent[], line?: string) =>
    mayInterrupt(policy, stateAfter(claimed, ...events), who, facts(opened), line)

  it('lets whoever may type interrupt the line that runs, once, and no other one', () => {
    expect([riya, anand, olga].map((who) => may(who, [shell, sent]))).toEqual(['allowed', 'allowed', 'not-allowed'])
    expect(may(riya, [shell, sent], '0123456789abcdef')).toBe('allowed')
    expect(may(riya, [shell, sent], 'f'.repeat(16))).toBe('nothing-runs')
    expect(may(riya, [shell, sent, asked])).toBe('already-asked')
    expect(may(riya, [shell])).toBe('nothing-runs')
    expect(may(riya, [])).toBe('not-open')
    expect(may(riya, [shell, sent, { type: 'stop-requested' }])).toBe('not-open')
  })

  it('does not ask a worker of a version that would refuse the log for it', () => {
    expect(mayInterrupt(policy, stateAfter({ type: 'claimed', epoch: 1 }, shell, sent), riya, facts(opened))).toBe(
      'not-heard',
    )
  })
})

describe('mayAskForScreen', () => {
  const open: RescueEvent = { type: 'noticed', code: 'connection-active', details: {} }
  const asked: RescueEvent = { type: 'screen-asked' }
  const may = (who: Person, events: readonly RescueEvent[], after = 0) =>
    mayAskForScreen(policy, stateAfter(...events), who, facts(new Date(opened.getTime() + after)))

  it('lets whoever may stop it see the screen, while a console is open', () => {
    expect([riya, anand, olga].map((who) => may(who, [claimed, open]))).toEqual(['allowed', 'allowed', 'not-allowed'])
    expect(may(riya, [claimed])).toBe('no-console')
    expect(may(riya, [claimed, open, { type: 'noticed', code: 'line-lost', details: {} }])).toBe('no-console')
    expect(may(riya, [claimed, open, { type: 'paid', debt: 'console-connection' }])).toBe('no-console')
    expect(may(riya, [claimed, open, { type: 'claimed', epoch: 2, hears: ['screen-asked'] }])).toBe('no-console')
    expect(may(riya, [claimed, open, STOPPED])).toBe('no-console')
  })

  it('lets five seconds pass between two pictures, whoever asks', () => {
    expect(may(anand, [claimed, open, asked], 4999)).toBe('just-asked')
    expect(may(anand, [claimed, open, asked], 5000)).toBe('allowed')
  })

  it('does not ask a worker of a version that would refuse the log for it', () => {
    expect(may(riya, [{ type: 'claimed', epoch: 1 }, open])).toBe('no-console')
  })
})

describe('mayAnswer', () => {
  const ask = '0123456789abcdef'
  const asked: RescueEvent = { type: 'asked', what: 'grub-password', ask, attempt: 1, expiresAt: expires }
  const answered: RescueEvent = { type: 'answered', ask, handOver: 'f'.repeat(16) }
  const may = (who: Person, state = stateAfter(asked), when = opened, id = ask) =>
    mayAnswer(policy, state, id, who, at(when)).kind

  it('lets whoever asked for the rescue and whoever approves answer, and nobody else', () => {
    const everybody = [riya, anand, olga, person('U1', 'T2'), person('U2', 'T2')]

    expect(everybody.map((who) => may(who))).toEqual([
      ...['allowed', 'allowed'],
      ...['not-allowed', 'not-allowed', 'not-allowed'],
    ])
  })

  it('says who was faster', () => {
    expect(mayAnswer(policy, stateAfter(asked, answered), ask, riya, now)).toEqual({
      kind: 'already-answered',
      by: anand,
      at: opened.toISOString(),
    })
  })

  it('ends with the moment that was shown, or when the worker has given up', () => {
    expect(may(riya, stateAfter(asked), new Date(Date.parse(expires) - 1))).toBe('allowed')
    expect(may(riya, stateAfter(asked), new Date(expires))).toBe('expired')
    expect(may(riya, stateAfter(asked, { type: 'withdrawn', ask, why: 'expired' }))).toBe('expired')
    expect(may(riya, stateAfter(asked, { type: 'withdrawn', ask, why: 'gone-on' }))).toBe('not-waiting')
  })

  it('takes no answer to a question that does not wait', () => {
    expect(may(riya, stateAfter(asked), opened, 'e'.repeat(16))).toBe('not-waiting')
    expect(may(riya, stateAfter(asked, STOPPED))).toBe('not-waiting')
    expect(may(riya, stateAfter(asked, { type: 'stop-requested' }))).toBe('not-waiting')
    expect(may(riya, stateAfter(asked, { ...asked, ask: 'e'.repeat(16) }))).toBe('not-waiting')
  })
})

describe('rules', () => {
  const among = (who: Partial<Who>): Who => ({ ...NOBODY, ...who })
  const gate = {
    approve: among({ users: ['U2'] }),
    count: 1,
    requesterCounts: false,
    expiresInMs: null,
    breakGlass: null,
  }
  const everything: Rule = {
    ...{ name: 'everything', playbooks: 'all', channels: ['C1'], compartments: null, tags: {}, definedTags: {} },
    ...{ request: among({ users: ['U1'] }), gates: { 1: gate, 2: gate } },
  }
  const ruled = (...rules: readonly Partial<Rule>[]): Policy => ({
    ...policy,
    rules: rules.map((rule) => ({ ...everything, ...rule })),
  })
  const instance = (about: Partial<Instance> = {}): Instance => ({
    ...{ id: 'ocid1.instance.oc1..a', name: 'web-1', compartmentId: 'ocid1.compartment.oc1..dev', region: 'r' },
    ...{ lifecycleState: 'RUNNING', shape: 's', os: null },
    ...about,
  })
  const fsck = { playbooks: ['fsck'], channel: 'C1' } as const
  const resolved = (about: Partial<Instance>): RescueEvent => ({ type: 'resolved', instance: instance(about) })

  it('refuses what none of them names', () => {
    const keysOnly = ruled({ playbooks: ['replace-key'] })

    expect(mayRequest(keysOnly, fsck, riya, now)).toBe('no-rule')
    expect(mayRequest(keysOnly, { ...fsck, playbooks: ['replace-key'] }, riya, now)).toBe('allowed')
  })

  it('are read from the top: the first that matches governs, also when a later one would allow more', () => {
    const strict = ruled({ playbooks: ['fsck'], request: among({ users: ['U9'] }) }, {})

    expect(mayRequest(strict, fsck, riya, now)).toBe('not-a-requester')
    expect(mayRequest(strict, { ...fsck, playbooks: ['fstab'] }, riya, now)).toBe('allowed')
  })

  it('wait for the instance where they depend on it, and are asked again then', () => {
    const production = { name: 'production', tags: { env: 'prod' }, request: among({ users: ['U9'] }) }
    const split = ruled(production, {})
    const goOn = (about: Partial<Instance>) => mayGoOn(split, { ...fsck, instance: instance(about) }, riya, now)

    expect(mayRequest(split, fsck, riya, now)).toBe('allowed')
    expect(mayRequest(split, fsck, olga, now)).toBe('not-a-requester')
    expect(goOn({ freeformTags: { Env: 'prod' } })).toBe('not-a-requester')
    expect(goOn({ freeformTags: { env: 'dev' } })).toBe('allowed')
    // A log from before there were tags has none.
    expect(goOn({})).toBe('allowed')
  })

  it('go by the instance’s own compartment and by defined tags, which no freeform tag can stand for', () => {
    const compartments = ['ocid1.compartment.oc1..prod']
    const split = ruled({ compartments, definedTags: { 'Ops.Tier': '1' } })
    const goOn = (about: Partial<Instance>) => mayGoOn(split, { ...fsck, instance: instance(about) }, riya, now)

    expect(goOn({ compartmentId: compartments[0] ?? '', definedTags: { 'ops.tier': '1' } })).toBe('allowed')
    expect(goOn({ compartmentId: compartments[0] ?? '', freeformTags: { 'Ops.Tier': '1' } })).toBe('no-rule')
    expect(goOn({ definedTags: { 'Ops.Tier': '1' } })).toBe('no-rule')
  })

  it('judge a bundle by everything in it', () => {
    const split = ruled({ name: 'root', playbooks: ['reset-password'], request: among({ users: ['U9'] }) }, {})

    expect(mayRequest(split, { ...fsck, playbooks: ['fsck', 'fstab'] }, riya, now)).toBe('allowed')
    expect(mayRequest(split, { ...fsck, playbooks: ['fsck', 'reset-password'] }, riya, now)).toBe('several-rules')
  })

  it('know people by their groups and channels, as Slack says it now', () => {
    const grouped = ruled({ gates: { 1: { ...gate, approve: among({ groups: ['S1'], channels: ['C7'] }) }, 2: gate } })
    const state = stateAfter(resolved({}), gateOpened)
    const third = { ...click, opened: 3 }
    const decide = (inside: Readonly<Record<string, readonly string[]>>) =>
      mayDecide(grouped, state, third, 'approved', olga, at(opened, inside)).kind

    expect(decide({ S1: ['U3'], C7: [] })).toBe('allowed')
    expect(decide({ S1: [], C7: ['U3'] })).toBe('allowed')
    expect(decide({ S1: ['U4'], C7: ['U5'] })).toBe('not-an-approver')
    // What was not asked is not known, and never a yes.
    expect(() => decide({ S1: [] })).toThrow('nobody asked who is in C7')
  })

  it('has each gate approved by its own people', () => {
    const split = ruled({ gates: { 1: gate, 2: { ...gate, approve: among({ users: ['U3'] }) } } })
    const state = stateAfter(resolved({}), gateOpened)
    const third = { ...click, opened: 3 }

    expect(mayDecide(split, state, third, 'approved', olga, now).kind).toBe('not-an-approver')
    expect(mayDecide(split, state, third, 'approved', anand, now).kind).toBe('allowed')
    // Whoever approves either of them may stop it.
    expect([anand, olga].map((who) => mayStop(split, state, who, now))).toEqual([true, true])
  })

  it('lets nobody approve a text that they have written', () => {
    const ask = '0123456789abcdef'
    const asked: RescueEvent = { type: 'asked', what: 'file-text', ask, attempt: 1, expiresAt: expires }
    const change: Change = {
      ...{
        kind: 'run',
        command: ['true'],
        succeeds: [0],
        destructive: false,
        device: null,
        undo: null,
        why: [because('edited-by-hand')],
      },
    }
    const changes: ChangePlan = { ...plan, gate: 2, playbook: 'edit', user: null, changes: [change], selinux: false }
    const second: Click = { gate: 2, planHash: planHash(changes), opened: 5, from }
    const state = stateAfter(...[resolved({}), asked, { type: 'answered', ask, handOver: ask } as const], {
      type: 'gate-opened',
      gate: 2,
      planHash: second.planHash,
      plan: changes,
      expiresAt: expires,
    })

    // The log of this test has Anand answer.
    expect(mayDecide(ruled({}), state, second, 'approved', anand, now).kind).toBe('own-text')
    expect(mayDecide(ruled({}), state, second, 'denied', anand, now).kind).toBe('allowed')
  })
})
