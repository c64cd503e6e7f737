/** A rescue's log as a test writes it: events in a row, each with its place. */
import type { Actor, Entry, EventOf, Instance, Person, RescueEvent } from '../../core/record/events.ts'
import { type ChangePlan, type Plan, planHash, type RequestPlan } from '../../core/record/plan.ts'
import { because } from '../../core/record/reasons.ts'

export const RESCUE = 'R-ABC123'
export const RIYA: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U0RIYA' }
export const ANAND: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U0ANAND' }
const WORKER: Actor = { kind: 'worker', id: 'worker-1' }
/** 3 a.m., one entry a second. */
const BEGAN = Date.parse('2026-11-01T03:00:00.000Z')

export const INSTANCE: Instance = {
  id: 'ocid1.instance.oc1.eu-frankfurt-1.aaaa',
  name: 'web-1',
  compartmentId: 'ocid1.compartment.oc1..aaaa',
  region: 'eu-frankfurt-1',
  lifecycleState: 'RUNNING',
  shape: 'VM.Standard.E5.Flex',
  os: { name: 'Oracle Linux', version: '9' },
}

const PEOPLES: ReadonlySet<string> = new Set([
  'requested',
  'approved',
  'decided',
  'chosen',
  'stop-requested',
  'answered',
  'line-sent',
  'screen-asked',
  'interrupt-asked',
])

export function entriesOf(events: readonly RescueEvent[]): readonly Entry[] {
  return events.map((event, index) => ({
    v: 1,
    rescue: RESCUE,
    seq: index + 1,
    prev: '',
    at: new Date(BEGAN + index * 1000).toISOString(),
    actor: PEOPLES.has(event.type) ? (event.type === 'decided' || event.type === 'approved' ? ANAND : RIYA) : WORKER,
    event,
  }))
}

export function requested(publicKey: string, target = 'web-1'): EventOf<'requested'> {
  return {
    type: 'requested',
    playbook: { name: 'replace-key', user: 'opc', publicKey, keepExisting: false },
    target,
    channel: 'C0OPS',
  }
}

export function opened(plan: Plan): RescueEvent {
  return { type: 'gate-opened', gate: plan.gate, plan, planHash: planHash(plan), expiresAt: '2026-11-01T04:00:00.000Z' }
}

export function decided(plan: Plan, decision: 'approved' | 'denied' | 'expired'): RescueEvent {
  return { type: 'decided', gate: plan.gate, planHash: planHash(plan), decision }
}

/** Before anything was done. */
export const STOPPED: RescueEvent = {
  type: 'ended',
  outcome: 'stopped',
  code: 'stopped',
  details: {},
  machine: 'untouched',
  changed: [],
}

export function requestPlan(publicKey: string): RequestPlan {
  return {
    gate: 1,
    instance: { id: INSTANCE.id, name: INSTANCE.name },
    request: { name: 'replace-key', user: 'opc', publicKey, keepExisting: false },
  }
}

export function changePlan(before: string | null, after: string): ChangePlan {
  const owner = { uid: 1000, gid: 1000 }
  const path = '/home/opc/.ssh/authorized_keys'
  return {
    gate: 2,
    playbook: 'replace-key',
    instance: { id: INSTANCE.id, name: INSTANCE.name },
    user: 'opc',
    selinux: true,
    changes: [
      {
        kind: 'ensure-directory',
        path: '/home/opc/.ssh',
        before: null,
        after: { mode: '0700', owner },
        why: [because('edited-by-hand')],
      },
      {
        kind: 'replace-file',
        path,
        before,
        after,
        backup: before === null ? null : `${path}.old-${RESCUE}`,
        mode: '0600',
        owner,
        why: [because('edited-by-hand')],
      },
    ],
  }
}
