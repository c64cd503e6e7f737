/** A gate, as the log has it: what it shows, what the policy demands, who has approved, and what was decided. */
import type { Actor, EventOf } from './events.ts'
import type { Plan } from './plan.ts'
import { samePerson } from './same-person.ts'

export interface Gate {
  /** Of the entry that opened it: its name among all gates of the rescue. */
  readonly seq: number
  readonly plan: Plan
  readonly planHash: string
  readonly openedAt: string
  readonly expiresAt: string
  /** What the policy demands; undefined until the bot has looked it up, and in logs of older versions. */
  readonly terms: GateTerms | undefined
  /** Oldest first, each person once; the last one that is needed is the decision. */
  readonly approvals: readonly Approval[]
  readonly decision: GateDecision | undefined
}

export interface GateTerms {
  /** The name of the policy's rule. */
  readonly rule: string
  /** How many people must approve. */
  readonly count: number
  readonly mayBreakGlass: boolean
}

export interface Approval {
  readonly by: Actor
  readonly at: string
}

export interface GateDecision extends Approval {
  readonly decision: EventOf<'decided'>['decision']
  /** Of a denial, and of a broken glass. */
  readonly reason: string | undefined
  /** One person opened it alone. */
  readonly brokeGlass: boolean
}

export function gateOpened({ plan, planHash, expiresAt }: EventOf<'gate-opened'>, seq: number, openedAt: string): Gate {
  return { seq, plan, planHash, openedAt, expiresAt, terms: undefined, approvals: [], decision: undefined }
}

/** The first terms hold: people have seen them. */
export function termsSet(gate: Gate, { rule, count, mayBreakGlass, expiresAt }: EventOf<'terms-set'>): Gate {
  return gate.terms === undefined ? { ...gate, expiresAt, terms: { rule, count, mayBreakGlass } } : gate
}

export function approvedBy(gate: Gate, by: Actor, at: string): Gate {
  return hasApproved(gate, by) ? gate : { ...gate, approvals: [...gate.approvals, { by, at }] }
}

/** The first decision counts; an approval that the terms do not suffice for is none. */
export function decidedBy(gate: Gate, event: EventOf<'decided'>, by: Actor, at: string): Gate {
  const brokeGlass = event.brokeGlass === true
  if (event.decision === 'approved' && !(brokeGlass ? gate.terms?.mayBreakGlass : approvalsMissing(gate, by) <= 0))
    return gate
  return { ...gate, decision: { decision: event.decision, by, at, reason: event.reason, brokeGlass } }
}

/** How many more must approve, once `by` does too. */
export function approvalsMissing(gate: Gate, by?: Actor, count = gate.terms?.count ?? 1): number {
  return count - gate.approvals.length - (by === undefined || hasApproved(gate, by) ? 0 : 1)
}

export function hasApproved({ approvals }: Gate, by: Actor): boolean {
  return approvals.some((approval) => samePerson(approval.by, by))
}
