/**
 * Who may do what. Pure: the bot asks at the moment of the click, with the state
 * as the log has it then; whatever was true when a message was posted does not count.
 */
import type { Actor, Person } from '../record/events.ts'
import { waitingLine } from '../record/people-shell.ts'
import {
  type Ask,
  canShowScreen,
  type Gate,
  hears,
  openAsk,
  openGate,
  openShell,
  type RescueState,
} from '../record/state.ts'

/** From the configuration. Ids are Slack user ids (`U…` or `W…`); an empty list means nobody. */
export interface Policy {
  readonly channels: readonly string[]
  readonly requesters: readonly string[]
  readonly approvers: readonly string[]
  /** True: whoever asked may also approve. For teams of one. */
  readonly requesterMayApprove: boolean
}

export type RequestVerdict = 'allowed' | 'wrong-channel' | 'not-a-requester'

export function mayRequest(policy: Policy, person: Person, channel: string): RequestVerdict {
  if (!policy.channels.includes(channel)) return 'wrong-channel'
  return policy.requesters.includes(person.user) ? 'allowed' : 'not-a-requester'
}

/** What a click on Approve or Deny named. */
export interface Click {
  readonly gate: 1 | 2
  readonly planHash: string
}

export type DecisionVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'not-an-approver' }
  /** Four eyes: approving one's own request. Denying it is allowed. */
  | { readonly kind: 'own-request' }
  | { readonly kind: 'already-decided'; readonly gate: Gate }
  | { readonly kind: 'expired' }
  /** The rescue has ended, or the gate waits for another plan than the one that was shown. */
  | { readonly kind: 'not-waiting' }

export function mayDecide(
  policy: Policy,
  state: RescueState,
  click: Click,
  decision: 'approved' | 'denied',
  person: Person,
  now: Date,
): DecisionVerdict {
  const own = state.request !== undefined && samePerson(state.request.by, person)
  const withdraws = own && decision === 'denied'
  if (!policy.approvers.includes(person.user) && !withdraws) return { kind: 'not-an-approver' }
  if (own && decision === 'approved' && !policy.requesterMayApprove) return { kind: 'own-request' }
  const gate = state.gates[click.gate]
  if (gate?.decision !== undefined) return { kind: 'already-decided', gate }
  if (gate === undefined || gate !== openGate(state) || gate.planHash !== click.planHash) return { kind: 'not-waiting' }
  if (now.getTime() >= Date.parse(gate.expiresAt)) return { kind: 'expired' }
  return { kind: 'allowed' }
}

/** Whoever asked and whoever may approve can stop a rescue, at any time before its end. */
export function mayStop(policy: Policy, state: RescueState, person: Person): boolean {
  const own = state.request !== undefined && samePerson(state.request.by, person)
  return own || policy.approvers.includes(person.user)
}

export type TypeVerdict = 'allowed' | 'not-allowed' | 'busy' | 'not-open'

/** Who may type into the root shell, and close it: as for stopping; one line at a time. */
export function mayType(policy: Policy, state: RescueState, person: Person): TypeVerdict {
  if (!mayStop(policy, state, person)) return 'not-allowed'
  const shell = openShell(state)
  if (shell === undefined) return 'not-open'
  return waitingLine(shell) === undefined ? 'allowed' : 'busy'
}

export type InterruptVerdict = 'allowed' | 'not-allowed' | 'not-open' | 'nothing-runs' | 'already-asked' | 'not-heard'

/** Who may interrupt the line that runs: whoever may type the next one. `line` names the one that is meant, if one is. */
export function mayInterrupt(policy: Policy, state: RescueState, person: Person, line?: string): InterruptVerdict {
  const verdict = mayType(policy, state, person)
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
export function mayAskForScreen(policy: Policy, state: RescueState, person: Person, now: Date): ScreenVerdict {
  if (!mayStop(policy, state, person)) return 'not-allowed'
  if (!canShowScreen(state)) return 'no-console'
  const { screenAsk } = state
  const isRecent = screenAsk !== undefined && now.getTime() < Date.parse(screenAsk.at) + SCREEN_INTERVAL_MS
  return isRecent ? 'just-asked' : 'allowed'
}

export type AnswerVerdict =
  | { readonly kind: 'allowed'; readonly ask: Ask }
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'already-answered'; readonly by: Actor; readonly at: string }
  | { readonly kind: 'expired' }
  /** The rescue has gone on, or has ended. */
  | { readonly kind: 'not-waiting' }

/** Who may give GRUB's user name and password: as for stopping; and only while the question waits. */
export function mayAnswer(policy: Policy, state: RescueState, id: string, person: Person, now: Date): AnswerVerdict {
  if (!mayStop(policy, state, person)) return { kind: 'not-allowed' }
  const ask = state.asks.find((one) => one.id === id)
  if (ask?.answer !== undefined) return { kind: 'already-answered', by: ask.answer.by, at: ask.answer.at }
  if (ask?.over === 'expired') return { kind: 'expired' }
  if (ask === undefined || ask !== openAsk(state)) return { kind: 'not-waiting' }
  return now.getTime() >= Date.parse(ask.expiresAt) ? { kind: 'expired' } : { kind: 'allowed', ask }
}

/** User ids are unique within a team (Slack's Web API, "users"), so the team belongs to the name. */
function samePerson(actor: Actor, person: Person): boolean {
  return actor.kind === 'person' && actor.user === person.user && actor.team === person.team
}
