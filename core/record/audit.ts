/**
 * The audit trail: out of a rescue's log, everything that people and the policy decided or people did, and what the worker
 * did because of it, one flat record each. The log itself is the evidence; each record says where in it to look, with the
 * hash of that entry and so of all that came before it.
 */
import type { Actor, Entry, Origin, RescueEvent } from './events.ts'
import type { Head } from './log.ts'

export interface AuditRecord {
  /** Null for a refused click that named no rescue. */
  readonly rescue: string | null
  /** Of the entry in the log. */
  readonly seq: number
  /** SHA-256 in hex of the entry as it is stored: the entry after it carries the same. */
  readonly hash: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly who: Actor
  /** Where it was done: workspace, channel, and the message whose button was pressed. Null for what nobody pressed. */
  readonly from: Origin | null
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
  'admitted',
  'turned-away',
  'gate-opened',
  'terms-set',
  'approved',
  'decided',
  'refused-click',
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

/** In the order of the log. `entries` are all of it, and `head` is where it ends. */
export function auditTrail(entries: readonly Entry[], head: Head): readonly AuditRecord[] {
  const channel =
    entries.map(({ event }) => (event.type === 'requested' ? event.channel : undefined)).find(Boolean) ?? ''
  const hashes = hashesOf(entries, head)
  return entries.flatMap(({ rescue, seq, at, actor, from, event }) => {
    if (!isOfPeople(event)) return []
    const hash = hashes.get(seq) ?? ''
    const about = { rescue, seq, hash, at, who: actor, from: from ?? null, channel, what: event.type }
    return [{ ...about, ...planHashOf(event), details: detailsOf(event) }]
  })
}

/** The hash of each entry by its number: the entry after it carries it, and `head` that of the last one. */
export function hashesOf(entries: readonly Entry[], head: Head): ReadonlyMap<number, string> {
  return new Map([...entries.slice(1).map(({ seq, prev }) => [seq - 1, prev] as const), [head.seq, head.hash]])
}

function planHashOf(event: EventOfPeople): { planHash?: string } {
  const planHash =
    event.type === 'refused-click' ? event.click.planHash : 'planHash' in event ? event.planHash : undefined
  return planHash === undefined ? {} : { planHash }
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
    case 'admitted':
      return { rule: event.rule }
    case 'turned-away':
      return { why: event.why }
    case 'gate-opened':
      return { gate: event.gate, instance: event.plan.instance.id, expiresAt: event.expiresAt }
    case 'terms-set':
      return { gate: event.gate, rule: event.rule, approvals: event.count, expiresAt: event.expiresAt }
    case 'approved':
      return { gate: event.gate }
    case 'decided':
      return {
        gate: event.gate,
        decision: event.decision,
        ...(event.brokeGlass === undefined ? {} : { brokeGlass: true }),
        ...(event.reason === undefined ? {} : { reason: event.reason }),
      }
    case 'refused-click': {
      const { planHash: _, ...details } = event.click
      return details
    }
    case 'stop-requested':
      return event.reason === undefined ? {} : { reason: event.reason }
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
    case 'screen-asked':
    case 'shell-closed':
      return {}
    default:
      return event satisfies never
  }
}
