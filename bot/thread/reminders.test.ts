import { describe, expect, it } from 'vitest'
import type { Policy } from '../../core/approvals/policy.ts'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { RescueEvent } from '../../core/record/events.ts'
import { planHash } from '../../core/record/plan.ts'
import { listed } from '../../test/helpers/policy.ts'
import {
  decided,
  entriesOf,
  INSTANCE,
  opened,
  RESCUE,
  requested,
  requestPlan,
} from '../../test/helpers/thread-events.ts'
import { wordsOf } from '../../test/helpers/words.ts'
import { nextReminder, reminderMessage, withReminder } from './reminders.ts'
import { emptyThread, follow } from './thread.ts'

const policy = listed({ channels: ['C0OPS'], requesters: ['U0RIYA'], approvers: ['U0RIYA', 'U0ANAND'] })
const plan = requestPlan('ssh-ed25519 AAAA')
/** Entry 3, two seconds past three. */
const OPENED = Date.parse('2026-11-01T03:00:02.000Z')
const MINUTE = 60_000

function waiting(minutes: number, ...events: readonly RescueEvent[]) {
  const expiresAt = new Date(OPENED + minutes * MINUTE).toISOString()
  const gate: RescueEvent = { type: 'gate-opened', gate: 1, plan, planHash: planHash(plan), expiresAt }
  const found: RescueEvent = { type: 'resolved', instance: INSTANCE }
  return follow(emptyThread(RESCUE), entriesOf([requested('ssh-ed25519 AAAA'), found, gate, ...events]))
}

/** What is due so many minutes after the gate was opened, and when the next one will be. */
function at(minutes: number, thread = waiting(60), rules: Policy = policy) {
  const now = new Date(OPENED + minutes * MINUTE)
  const due = withReminder(rules, thread, now).items.filter(({ kind }) => kind === 'reminder')
  const next = nextReminder(rules, thread, now)
  return { due: due.map(({ key }) => key), next: next === undefined ? undefined : next / MINUTE }
}

describe('a reminder', () => {
  it('is due at half of the time, and five minutes before the end', () => {
    expect(at(29)).toEqual({ due: [], next: 1 })
    expect(at(30)).toEqual({ due: ['reminder-3-50%'], next: 25 })
    expect(at(55)).toEqual({ due: ['reminder-3-300s'], next: undefined })
  })

  it('is the last of those that were missed, and none once it is too late', () => {
    expect(at(59).due).toEqual(['reminder-3-300s'])
    expect(at(60)).toEqual({ due: [], next: undefined })
  })

  it('does not come before half of the time of a short gate', () => {
    expect(at(0, waiting(8)).next).toBe(4)
    expect(at(4, waiting(8))).toEqual({ due: ['reminder-3-50%'], next: undefined })
  })

  it('is not due when somebody has decided, or nobody wants any', () => {
    expect(at(30, waiting(60, decided(plan, 'approved')))).toEqual({ due: [], next: undefined })
    expect(at(30, waiting(60), { ...policy, reminders: [] })).toEqual({ due: [], next: undefined })
  })

  it('goes by the time that the policy has given the gate', () => {
    const terms = { rule: 'r', count: 1, mayBreakGlass: false, expiresAt: new Date(OPENED + 20 * MINUTE).toISOString() }
    const shorter = waiting(60, { type: 'terms-set', gate: 1, planHash: planHash(plan), ...terms })

    expect(at(10, shorter)).toEqual({ due: ['reminder-3-50%'], next: 5 })
  })

  it('is another one for a gate that was opened again', () => {
    const again = waiting(60, { ...opened({ ...plan, instance: { ...plan.instance, name: 'web-2' } }) })

    expect(at(59, again).due).toEqual(['reminder-4-300s'])
  })

  it('calls those who may still approve, and says how many are missing', () => {
    const terms = { rule: 'r', count: 2, mayBreakGlass: false, expiresAt: new Date(OPENED + 60 * MINUTE).toISOString() }
    const thread = waiting(60, { type: 'terms-set', gate: 1, planHash: planHash(plan), ...terms })
    const voice = { text: catalogues.en, policy, commandPrefix: '!' }

    const words = wordsOf(reminderMessage(voice, thread, { kind: 'reminder', key: 'x', seq: 3 }).blocks)

    expect(words).toContain('*web-1* still waits for approval. Can you look at it, <@U0ANAND>?')
    expect(words).toContain('Approvals missing: 2.')
  })
})
