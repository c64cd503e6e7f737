/**
 * Who may ask for what, and who has to approve it: the policy as a value, and which of its rules governs a rescue.
 * Rules are read from the top, and the first that matches governs; what no rule matches is refused.
 */
import type { Instance } from '../record/events.ts'
import type { PlaybookName, PlaybookRequest } from '../record/playbooks.ts'

export interface Policy {
  readonly rules: readonly Rule[]
  /** When those who may approve are reminded while a gate waits. */
  readonly reminders: readonly Reminder[]
  /** Where a broken glass is told, besides in the thread. */
  readonly audit: Audit | null
}

export interface Rule {
  /** Unique within the policy: the log and the audit trail name it. */
  readonly name: string
  readonly playbooks: readonly PlaybookName[] | 'all'
  /** In which rescues are asked for: Slack channel ids. */
  readonly channels: readonly string[]
  /** OCIDs of the instance's own compartment; null: any. */
  readonly compartments: readonly string[] | null
  /** All of these must stand on the instance: freeform tags. */
  readonly tags: Tags
  /** As `tags`, by `Namespace.Key`. */
  readonly definedTags: Tags
  readonly request: Who
  readonly gates: Readonly<Record<1 | 2, GateRule>>
}

/** OCI takes keys of tags as the same in capitals and small letters, values not. */
export type Tags = Readonly<Record<string, string>>

/** People of this workspace: who is named, or is in one of the groups, or is a member of one of the channels. */
export interface Who {
  /** Slack user ids (`U…`, `W…`). */
  readonly users: readonly string[]
  /** User groups (`S…`). */
  readonly groups: readonly string[]
  readonly channels: readonly string[]
}

export interface GateRule {
  readonly approve: Who
  /** How many people must approve. */
  readonly count: number
  /** True: whoever asked is one of them, if they may approve. */
  readonly requesterCounts: boolean
  /** From the opening of the gate; null: as the worker is configured. */
  readonly expiresInMs: number | null
  readonly breakGlass: BreakGlass | null
}

/** Who may open a gate alone, with a reason of at least so many characters. */
export interface BreakGlass {
  readonly requester: boolean
  readonly who: Who
  readonly leastReason: number
}

/** A share of the gate's time that has passed, or the time that is left. */
export type Reminder = { readonly passed: number } | { readonly leftMs: number }

export interface Audit {
  readonly channel: string
  /** A user or a user group, who is mentioned there. */
  readonly mention: string | null
}

/** At half of the time, and five minutes before the end. */
export const USUAL_REMINDERS: readonly Reminder[] = [{ passed: 0.5 }, { leftMs: 5 * 60 * 1000 }]

export const NOBODY: Who = { users: [], groups: [], channels: [] }

/** What the environment variables say, the short form of a policy: one rule for everything. */
export interface Lists {
  readonly channels: readonly string[]
  readonly requesters: readonly string[]
  readonly approvers: readonly string[]
  readonly requesterMayApprove: boolean
}

export function policyOfLists({ channels, requesters, approvers, requesterMayApprove }: Lists): Policy {
  const gate: GateRule = {
    approve: { ...NOBODY, users: approvers },
    count: 1,
    requesterCounts: requesterMayApprove,
    expiresInMs: null,
    breakGlass: null,
  }
  const rule: Rule = {
    name: 'environment',
    playbooks: 'all',
    channels,
    compartments: null,
    tags: {},
    definedTags: {},
    request: { ...NOBODY, users: requesters },
    gates: { 1: gate, 2: gate },
  }
  return { rules: [rule], reminders: USUAL_REMINDERS, audit: null }
}

/** The channels in which anything may be asked for. */
export function channelsOf({ rules }: Policy): readonly string[] {
  return [...new Set(rules.flatMap(({ channels }) => channels))]
}

/** What a rule is looked for for. */
export interface Subject {
  /** Of a bundle: those of all its repairs. */
  readonly playbooks: readonly PlaybookName[]
  readonly channel: string
  /** Undefined while it has not been found. */
  readonly instance: Instance | undefined
}

/** Several repairs in one boot are what each of them is. */
export function playbooksOf(request: PlaybookRequest): readonly PlaybookName[] {
  return request.name === 'repair' ? request.repairs.map(({ name }) => name) : [request.name]
}

export type Ruling =
  | { readonly kind: 'rule'; readonly rule: Rule }
  /** Nothing says that it is allowed, so it is not. */
  | { readonly kind: 'no-rule' }
  /** The repairs of a bundle are governed by different rules: they are asked for one by one. */
  | { readonly kind: 'several-rules' }

/** The rule that governs a rescue whose instance is known, or does not matter. */
export function rulingOn(policy: Policy, subject: Subject): Ruling {
  const [rule, ...others] = new Set(subject.playbooks.map((playbook) => possibleRules(policy, playbook, subject)[0]))
  if (rule === undefined || others.includes(undefined)) return { kind: 'no-rule' }
  return others.length > 0 ? { kind: 'several-rules' } : { kind: 'rule', rule }
}

/**
 * The rules that can govern one playbook, the first that could match first. With the instance known at most one; without
 * it all down to the first that would match any instance.
 */
export function possibleRules(
  { rules }: Policy,
  playbook: PlaybookName,
  { channel, instance }: Subject,
): readonly Rule[] {
  const matching = rules.filter(
    (rule) => (rule.playbooks === 'all' || rule.playbooks.includes(playbook)) && rule.channels.includes(channel),
  )
  const last = matching.findIndex((rule) => (instance === undefined ? !isConditional(rule) : covers(rule, instance)))
  if (instance === undefined) return last < 0 ? matching : matching.slice(0, last + 1)
  return last < 0 ? [] : matching.slice(last, last + 1)
}

/** True when it depends on the instance which rule governs. */
export function dependsOnInstance(policy: Policy, subject: Subject): boolean {
  return subject.playbooks.some((playbook) =>
    possibleRules(policy, playbook, { ...subject, instance: undefined }).some(isConditional),
  )
}

function isConditional({ compartments, tags, definedTags }: Rule): boolean {
  return compartments !== null || Object.keys({ ...tags, ...definedTags }).length > 0
}

function covers({ compartments, tags, definedTags }: Rule, instance: Instance): boolean {
  const isInCompartment = compartments === null || compartments.includes(instance.compartmentId)
  return isInCompartment && hasAll(instance.freeformTags, tags) && hasAll(instance.definedTags, definedTags)
}

export function hasAll(tags: Tags = {}, wanted: Tags): boolean {
  const found = new Map(Object.entries(tags).map(([key, value]) => [key.toLowerCase(), value]))
  return Object.entries(wanted).every(([key, value]) => found.get(key.toLowerCase()) === value)
}
