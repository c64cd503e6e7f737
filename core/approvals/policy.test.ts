import { describe, expect, it } from 'vitest'
import { type Entry, NEWER_REQUESTS, type Person, type RescueEvent } from '../record/events.ts'
import { planHash, type RequestPlan } from '../record/plan.ts'
import { replay } from '../record/state.ts'
import {
  type Click,
  mayAnswer,
  mayAskForScreen,
  mayDecide,
  mayInterrupt,
  mayRequest,
  mayStop,
  mayType,
  type Policy,
} from './policy.ts'

const person = (user: string, team = 'T1'): Person => ({ kind: 'person', enterprise: null, team, user })
const riya = person('U1')
const anand = person('U2')
const olga = person('U3')

const policy: Policy = { channels: ['C1'], requesters: ['U1'], approvers: ['U1', 'U2'], requesterMayApprove: false }
const opened = new Date('2026-11-01T03:00:00.000Z')
const expires = '2026-11-01T04:00:00.000Z'

const plan: RequestPlan = {
  gate: 1,
  instance: { id: 'ocid1.instance.oc1..a', name: 'web-1' },
  request: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
}
const click: Click = { gate: 1, planHash: planHash(plan) }

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
const denied: RescueEvent = { type: 'decided', ...click, decision: 'denied' }
const ended: RescueEvent = {
  type: 'ended',
  outcome: 'stopped',
  code: 'stopped',
  details: {},
  machine: 'untouched',
  changed: [],
}

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

describe('mayRequest', () => {
  it('takes the people on the list, in the channels on the list', () => {
    expect(mayRequest(policy, riya, 'C1')).toBe('allowed')
    expect(mayRequest(policy, riya, 'C2')).toBe('wrong-channel')
    expect(mayRequest(policy, anand, 'C1')).toBe('not-a-requester')
  })

  it('reads an empty list as nobody', () => {
    expect(mayRequest({ ...policy, requesters: [] }, riya, 'C1')).toBe('not-a-requester')
    expect(mayRequest({ ...policy, channels: [] }, riya, 'C1')).toBe('wrong-channel')
  })
})

describe('mayDecide', () => {
  const waiting = stateAfter(gateOpened)
  const decide = (who: Person, decision: 'approved' | 'denied' = 'approved', state = waiting, now = opened) =>
    mayDecide(policy, state, click, decision, who, now).kind

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
    expect(mayDecide({ ...policy, requesterMayApprove: true }, waiting, click, 'approved', riya, opened).kind).toBe(
      'allowed',
    )
  })

  it('lets whoever asked withdraw, approver or not', () => {
    expect(decide(riya, 'denied')).toBe('allowed')
    expect(mayDecide({ ...policy, approvers: ['U2'] }, waiting, click, 'denied', riya, opened).kind).toBe('allowed')
  })

  it('takes the same user id of another team for another person', () => {
    expect(decide(person('U1', 'T2'))).toBe('allowed')
    expect(mayDecide({ ...policy, approvers: ['U2'] }, waiting, click, 'denied', person('U1', 'T2'), opened).kind).toBe(
      'not-an-approver',
    )
  })

  it('names who decided before', () => {
    const verdict = mayDecide(policy, stateAfter(gateOpened, denied), click, 'approved', anand, opened)

    expect(verdict).toMatchObject({ kind: 'already-decided', gate: { decision: { decision: 'denied', by: anand } } })
  })

  it('ends with the minute that was shown', () => {
    expect(decide(anand, 'approved', waiting, new Date(Date.parse(expires) - 1))).toBe('allowed')
    expect(decide(anand, 'approved', waiting, new Date(expires))).toBe('expired')
  })

  it('does not take a click for another plan than the one that waits', () => {
    const other = { ...click, planHash: '0'.repeat(64) }

    expect(mayDecide(policy, waiting, other, 'approved', anand, opened).kind).toBe('not-waiting')
    expect(mayDecide(policy, waiting, { ...click, gate: 2 }, 'approved', anand, opened).kind).toBe('not-waiting')
  })

  it('takes no click before the gate opens or after the end', () => {
    expect(decide(anand, 'approved', stateAfter())).toBe('not-waiting')
    expect(decide(anand, 'approved', stateAfter(gateOpened, ended))).toBe('not-waiting')
  })
})

describe('mayStop', () => {
  it('lets whoever asked and whoever approves stop it', () => {
    expect(mayStop(policy, stateAfter(), riya)).toBe(true)
    expect(mayStop(policy, stateAfter(), anand)).toBe(true)
    expect(mayStop(policy, stateAfter(), olga)).toBe(false)
    expect(mayStop({ ...policy, approvers: [] }, stateAfter(), anand)).toBe(false)
  })
})

describe('mayType', () => {
  const shell: RescueEvent = { type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 }
  const line: RescueEvent = { type: 'line-sent', line: '0123456789abcdef', text: 'uptime' }
  const may = (who: Person, ...events: RescueEvent[]) => mayType(policy, stateAfter(...events), who)

  it('lets whoever asked and whoever approves type, one line at a time, while the shell is open', () => {
    expect([riya, anand, olga].map((who) => may(who, shell))).toEqual(['allowed', 'allowed', 'not-allowed'])
    expect(may(riya)).toBe('not-open')
    expect(may(riya, shell, line)).toBe('busy')
    expect(may(olga, shell, line)).toBe('not-allowed')
    expect(may(riya, shell, { type: 'shell-closed', why: 'idle' })).toBe('not-open')
    expect(may(riya, shell, ended)).toBe('not-open')
  })
})

const claimed: RescueEvent = { type: 'claimed', epoch: 1, hears: [...NEWER_REQUESTS] }

describe('mayInterrupt', () => {
  const shell: RescueEvent = { type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 }
  const sent: RescueEvent = { type: 'line-sent', line: '0123456789abcdef', text: 'uptime' }
  const asked: RescueEvent = { type: 'interrupt-asked', line: '0123456789abcdef' }
  const may = (who: Person, events: readonly RescueEvent[], line?: string) =>
    mayInterrupt(policy, stateAfter(claimed, ...events), who, line)

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
    expect(mayInterrupt(policy, stateAfter({ type: 'claimed', epoch: 1 }, shell, sent), riya)).toBe('not-heard')
  })
})

describe('mayAskForScreen', () => {
  const open: RescueEvent = { type: 'noticed', code: 'connection-active', details: {} }
  const asked: RescueEvent = { type: 'screen-asked' }
  const may = (who: Person, events: readonly RescueEvent[], after = 0) =>
    mayAskForScreen(policy, stateAfter(...events), who, new Date(opened.getTime() + after))

  it('lets whoever may stop it see the screen, while a console is open', () => {
    expect([riya, anand, olga].map((who) => may(who, [claimed, open]))).toEqual(['allowed', 'allowed', 'not-allowed'])
    expect(may(riya, [claimed])).toBe('no-console')
    expect(may(riya, [claimed, open, { type: 'noticed', code: 'line-lost', details: {} }])).toBe('no-console')
    expect(may(riya, [claimed, open, { type: 'paid', debt: 'console-connection' }])).toBe('no-console')
    expect(may(riya, [claimed, open, { type: 'claimed', epoch: 2, hears: ['screen-asked'] }])).toBe('no-console')
    expect(may(riya, [claimed, open, ended])).toBe('no-console')
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
  const may = (who: Person, state = stateAfter(asked), now = opened, id = ask) =>
    mayAnswer(policy, state, id, who, now).kind

  it('lets whoever asked for the rescue and whoever approves answer, and nobody else', () => {
    expect([riya, anand, olga, person('U1', 'T2')].map((who) => may(who))).toEqual([
      'allowed',
      'allowed',
      'not-allowed',
      // A requester is known by their team, too; as an approver, by the user id of this workspace.
      'allowed',
    ])
    expect(mayAnswer({ ...policy, approvers: [] }, stateAfter(asked), ask, person('U1', 'T2'), opened).kind).toBe(
      'not-allowed',
    )
  })

  it('says who was faster', () => {
    expect(mayAnswer(policy, stateAfter(asked, answered), ask, riya, opened)).toEqual({
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
    expect(may(riya, stateAfter(asked, ended))).toBe('not-waiting')
    expect(may(riya, stateAfter(asked, { type: 'stop-requested' }))).toBe('not-waiting')
    expect(may(riya, stateAfter(asked, { ...asked, ask: 'e'.repeat(16) }))).toBe('not-waiting')
  })
})
