/**
 * The audit trail: out of a rescue's log, everything that people decided or did, and what the worker did because of it,
 * one flat record each. The log itself is the evidence; each record says where in it to look.
 */
import type { Actor, Entry, RescueEvent } from './events.ts'

export interface AuditRecord {
  readonly rescue: string
  /** Of the entry in the log. */
  readonly seq: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly who: Actor
  /** The channel in which the rescue was asked for; all of its buttons stand there. */
  readonly channel: string
  readonly what: EventTypeOfPeople
  /** SHA-256 of the plan that was shown, where there is one. */
  readonly planHash?: string
  readonly details: Readonly<Record<string, unknown>>
}

const OF_PEOPLE = [
  'requested',
  'chosen',
  'gate-opened',
  'decided',
  'stop-requested',
  'answered',
  'screen-asked',
  'line-sent',
  'interrupt-asked',
  'shell-closed',
  'handed-over',
  'console-handed-out',
  'change-finished',
  'ended',
] as const satisfies readonly RescueEvent['type'][]
type EventTypeOfPeople = (typeof OF_PEOPLE)[number]
type EventOfPeople = Extract<RescueEvent, { type: EventTypeOfPeople }>

/** In the order of the log. */
export function auditTrail(entries: readonly Entry[]): readonly AuditRecord[] {
  const channel =
    entries.map(({ event }) => (event.type === 'requested' ? event.channel : undefined)).find(Boolean) ?? ''
  return entries.flatMap(({ rescue, seq, at, actor, event }) => {
    if (!isOfPeople(event)) return []
    const planHash = 'planHash' in event ? { planHash: event.planHash } : {}
    return [{ rescue, seq, at, who: actor, channel, what: event.type, ...planHash, details: detailsOf(event) }]
  })
}

function isOfPeople(event: RescueEvent): event is EventOfPeople {
  return OF_PEOPLE.some((type) => type === event.type)
}

/** Enough to know what it was about. Plans and texts of files stand in the log, under the sequence number. */
function detailsOf(event: EventOfPeople): AuditRecord['details'] {
  switch (event.type) {
    case 'requested':
      return { playbook: event.playbook.name, target: event.target }
    case 'chosen':
      return { instance: event.instanceId }
    case 'gate-opened':
      return { gate: event.gate, instance: event.plan.instance.id, expiresAt: event.expiresAt }
    case 'decided':
      return {
        gate: event.gate,
        decision: event.decision,
        ...(event.reason === undefined ? {} : { reason: event.reason }),
      }
    case 'answered':
      return { ask: event.ask }
    case 'line-sent':
      return { line: event.line, text: event.text }
    case 'interrupt-asked':
      return { line: event.line }
    case 'handed-over':
      return { what: event.what, user: event.user }
    case 'console-handed-out':
      return { until: event.until }
    case 'change-finished':
      return {
        kind: event.change.kind,
        ...('path' in event.change ? { path: event.change.path } : { command: event.change.command }),
      }
    case 'ended':
      return { outcome: event.outcome, code: event.code, machine: event.machine, changed: event.changed }
    case 'stop-requested':
    case 'screen-asked':
    case 'shell-closed':
      return {}
    default:
      return event satisfies never
  }
}
