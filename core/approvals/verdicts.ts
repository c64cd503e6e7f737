/**
 * Who may do what. Pure: the bot asks at the moment of the click, with the state as the log has it then and with what
 * Slack says of the person then; whatever was true when a message was posted does not count.
 */
import type { Actor, Origin, Person } from '../record/events.ts'
import { approvalsMissing, type Gate, hasApproved } from '../record/gates.ts'
import { waitingLine } from '../record/people-shell.ts'
import type { PlaybookName } from '../record/playbooks.ts'
import { samePerson } from '../record/same-person.ts'
import {
  type Ask,
  canShowScreen,
  gateAt,
  hears,
  openAsk,
  openGate,
  openShell,
  type RescueState,
} from '../record/state.ts'
import { type Facts, isAmong } from './people.ts'
import {
  channelsOf,
  dependsOnInstance,
  type GateRule,
  type Policy,
  playbooksOf,
  possibleRules,
  type Rule,
  rulingOn,
  type Subject,
  type Who,
} from './policy.ts'

export type RequestVerdict = 'allowed' | 'wrong-channel' | 'no-rule' | 'several-rules' | 'not-a-requester'

/** What is asked for, before an instance is known. */
export interface Wish {
  readonly playbooks: readonly PlaybookName[]
  readonly channel: string
}

/**
 * Where it depends on the instance which rule governs, one that lets this person ask is enough: it is asked again when
 * the instance has been found (`mayGoOn`).
 */
export function mayRequest(policy: Policy, wish: Wish, person: Person, facts: Facts): RequestVerdict {
  if (!channelsOf(policy).includes(wish.channel)) return 'wrong-channel'
  const subject = { ...wish, instance: undefined }
  if (!dependsOnInstance(policy, subject)) return mayGoOn(policy, subject, person, facts)
  const possible = wish.playbooks.map((playbook) => possibleRules(policy, playbook, subject))
  if (possible.some((rules) => rules.length === 0)) return 'no-rule'
  const may = possible.every((rules) => rules.some(({ request }) => isAmong(request, person, facts)))
  return may ? 'allowed' : 'not-a-requester'
}

/** By the rule that governs, which the instance decides. */
export function mayGoOn(policy: Policy, subject: Subject, person: Person, facts: Facts): RequestVerdict {
  const ruling = rulingOn(policy, subject)
  if (ruling.kind !== 'rule') return ruling.kind
  return isAmong(ruling.rule.request, person, facts) ? 'allowed' : 'not-a-requester'
}

/** All whose membership can matter for a request. */
export function requesters(policy: Policy, wish: Wish): readonly Who[] {
  const subject = { ...wish, instance: undefined }
  return wish.playbooks.flatMap((playbook) => possibleRules(policy, playbook, subject)).map(({ request }) => request)
}

/** What a click on a gate's button named, and where it was made. */
export interface Click {
  readonly gate: 1 | 2
  readonly planHash: string
  /** The entry that opened the gate: the same plan can be shown twice. */
  readonly opened: number
  readonly from: Origin
}

export type Decision = 'approved' | 'denied' | 'broke-glass'

export type DecisionVerdict =
  /** `isLast`: with this one it is approved. */
  | { readonly kind: 'allowed'; readonly isLast: boolean }
  | { readonly kind: 'not-an-approver' }
  /** Four eyes: approving one's own request. Denying it is allowed. */
  | { readonly kind: 'own-request' }
  /** Four eyes: approving a text that one has written. */
  | { readonly kind: 'own-text' }
  | { readonly kind: 'already-approved' }
  | { readonly kind: 'already-decided'; readonly gate: Gate }
  | { readonly kind: 'expired' }
  /** The gate was opened again since, with another plan: nothing that was said about this one counts. */
  | { readonly kind: 'plan-changed' }
  /** The rescue has ended or goes on. */
  | { readonly kind: 'not-waiting' }
  | { readonly kind: 'may-not-break-glass' }
  /** No message of ours has such a button: the plan, the channel or the workspace is another one. */
  | { readonly kind: 'forged' }

export function mayDecide(
  policy: Policy,
  state: RescueState,
  click: Click,
  decision: Decision,
  person: Person,
  facts: Facts,
): DecisionVerdict {
  const gate = gateAt(state, click.opened)
  if (gate === undefined || !isOurs(state, gate, click, person, facts)) return { kind: 'forged' }
  const who = whoMay(policy, state, click.gate, decision, person, facts)
  if (who !== undefined) return { kind: who }
  if (gate.decision !== undefined) return { kind: 'already-decided', gate }
  // What people were shown counts, also when the policy is another one by now.
  if (decision === 'broke-glass' && gate.terms?.mayBreakGlass !== true) return { kind: 'may-not-break-glass' }
  if (gate !== state.gates[click.gate]) return { kind: 'plan-changed' }
  if (gate !== openGate(state)) return { kind: 'not-waiting' }
  if (facts.now.getTime() >= Date.parse(gate.expiresAt)) return { kind: 'expired' }
  if (decision === 'approved' && hasApproved(gate, person)) return { kind: 'already-approved' }
  const count = gate.terms?.count ?? gateRuleOf(policy, state, click.gate)?.count
  return { kind: 'allowed', isLast: decision !== 'approved' || approvalsMissing(gate, person, count) <= 0 }
}

/** The gate has this plan, and its message stands in that channel of this workspace, where only people of it count. */
function isOurs({ request }: RescueState, gate: Gate, click: Click, { team }: Person, { home }: Facts): boolean {
  const isPlan = gate.plan.gate === click.gate && gate.planHash === click.planHash
  return isPlan && click.from.team === home && team === home && click.from.channel === request?.channel
}

/** Undefined when nothing stands against it. */
function whoMay(
  policy: Policy,
  state: RescueState,
  number: 1 | 2,
  decision: Decision,
  person: Person,
  facts: Facts,
): 'not-an-approver' | 'own-request' | 'own-text' | 'may-not-break-glass' | undefined {
  const own = samePerson(state.request?.by, person)
  const rule = gateRuleOf(policy, state, number)
  if (decision === 'broke-glass') return mayBreakGlass(rule, own, person, facts) ? undefined : 'may-not-break-glass'
  if (decision === 'denied' && own) return undefined
  if (rule === undefined || !isAmong(rule.approve, person, facts)) return 'not-an-approver'
  if (decision === 'denied' || rule.requesterCounts) return undefined
  if (own) return 'own-request'
  return number === 2 && isAuthor(state, person) ? 'own-text' : undefined
}

function mayBreakGlass(rule: GateRule | undefined, own: boolean, person: Person, facts: Facts): boolean {
  const glass = rule?.breakGlass
  return glass !== undefined && glass !== null && ((glass.requester && own) || isAmong(glass.who, person, facts))
}

/** Undefined where the policy has no rule for it: then nobody may approve. */
export function gateRuleOf(policy: Policy, state: RescueState, gate: 1 | 2): GateRule | undefined {
  const subject = subjectOf(state)
  const ruling = subject === undefined ? undefined : rulingOn(policy, subject)
  return ruling?.kind === 'rule' ? ruling.rule.gates[gate] : undefined
}

/** Whoever asked and whoever may approve can stop a rescue, at any time before its end. */
export function mayStop(policy: Policy, state: RescueState, person: Person, facts: Facts): boolean {
  return samePerson(state.request?.by, person) || approvers(policy, state).some((who) => isAmong(who, person, facts))
}

/** Those who may approve anything about this rescue. */
export function approvers(policy: Policy, state: RescueState): readonly Who[] {
  return rulesFor(policy, state).flatMap(({ gates }) => [gates[1].approve, gates[2].approve])
}

/** All whose membership decides whether this person may break the glass of one of its gates. */
export function glassBreakers(policy: Policy, state: RescueState, person: Person): readonly Who[] {
  const own = samePerson(state.request?.by, person)
  const glasses = rulesFor(policy, state).flatMap(({ gates }) => [gates[1].breakGlass, gates[2].breakGlass])
  return glasses.flatMap((glass) => (glass === null || (own && glass.requester) ? [] : glass.who))
}

export type TypeVerdict = 'allowed' | 'not-allowed' | 'busy' | 'not-open'

/** Who may type into the root shell, and close it: as for stopping; one line at a time. */
export function mayType(policy: Policy, state: RescueState, person: Person, facts: Facts): TypeVerdict {
  if (!mayStop(policy, state, person, facts)) return 'not-allowed'
  const shell = openShell(state)
  if (shell === undefined) return 'not-open'
  return waitingLine(shell) === undefined ? 'allowed' : 'busy'
}

export type InterruptVerdict = 'allowed' | 'not-allowed' | 'not-open' | 'nothing-runs' | 'already-asked' | 'not-heard'

/** Who may interrupt the line that runs: whoever may type the next one. `line` names the one that is meant, if one is. */
export function mayInterrupt(
  policy: Policy,
  state: RescueState,
  person: Person,
  facts: Facts,
  line?: string,
): InterruptVerdict {
  const verdict = mayType(policy, state, person, facts)
  if (verdict === 'not-allowed' || verdict === 'not-open') return verdict
  const running = state.shell && waitingLine(state.shell)
  if (running === undefined || (line !== undefined && running.id !== line)) return 'nothing-runs'
  if (running.interrupt !== undefined) return 'already-asked'
  return hears(state, 'interrupt-asked') ? 'allowed' : 'not-heard'
}

/** Between two pictures of one screen: each is a file in the thread. */
export const SCREEN_INTERVAL_MS = 5000

export type ScreenVerdict = 'allowed' | 'not-allowed' | 'no-console' | 'just-asked'

/** Who may have a picture of the screen: as for stopping, while a worker has a console open. */
export function mayAskForScreen(policy: Policy, state: RescueState, person: Person, facts: Facts): ScreenVerdict {
  if (!mayStop(policy, state, person, facts)) return 'not-allowed'
  if (!canShowScreen(state)) return 'no-console'
  const { screenAsk } = state
  const isRecent = screenAsk !== undefined && facts.now.getTime() < Date.parse(screenAsk.at) + SCREEN_INTERVAL_MS
  return isRecent ? 'just-asked' : 'allowed'
}

export type AnswerVerdict =
  | { readonly kind: 'allowed'; readonly ask: Ask }
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'already-answered'; readonly by: Actor; readonly at: string }
  | { readonly kind: 'expired' }
  /** The rescue has gone on, or has ended. */
  | { readonly kind: 'not-waiting' }

/**
 * Who may give GRUB's user name and password, or a file's text: as for stopping; and only while the question waits.
 * `handOver` is of the answer that is given: the one that was taken already, delivered once more, is still allowed.
 */
export function mayAnswer(
  policy: Policy,
  state: RescueState,
  id: string,
  person: Person,
  facts: Facts,
  handOver?: string,
): AnswerVerdict {
  if (!mayStop(policy, state, person, facts)) return { kind: 'not-allowed' }
  const ask = state.asks.find((one) => one.id === id)
  if (ask?.answer !== undefined && ask.answer.handOver === handOver) return { kind: 'allowed', ask }
  if (ask?.answer !== undefined) return { kind: 'already-answered', by: ask.answer.by, at: ask.answer.at }
  if (ask?.over === 'expired') return { kind: 'expired' }
  if (ask === undefined || ask !== openAsk(state)) return { kind: 'not-waiting' }
  return facts.now.getTime() >= Date.parse(ask.expiresAt) ? { kind: 'expired' } : { kind: 'allowed', ask }
}

/** The one that governs; every one that could, while the instance is not known. */
function rulesFor(policy: Policy, state: RescueState): readonly Rule[] {
  const subject = subjectOf(state)
  return subject?.playbooks.flatMap((playbook) => possibleRules(policy, playbook, subject)) ?? []
}

/** Undefined for a rescue that nobody has asked for. */
export function subjectOf({ request, instance }: RescueState): Subject | undefined {
  return request && { playbooks: playbooksOf(request.playbook), channel: request.channel, instance }
}

/** Whoever has written a text that is among the changes. */
function isAuthor({ asks }: RescueState, person: Person): boolean {
  return asks.some(({ what, answer }) => what === 'file-text' && samePerson(answer?.by, person))
}
