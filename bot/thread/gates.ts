/** The two messages that ask for approval, and what becomes of them once somebody has decided. */
import type { KnownBlock } from '@slack/types'
import { gateRuleOf } from '../../core/approvals/verdicts.ts'
import { changeName, isFileChange } from '../../core/record/changes.ts'
import type { Actor } from '../../core/record/events.ts'
import { approvalsMissing, type Gate } from '../../core/record/gates.ts'
import type { ChangePlan, RequestPlan } from '../../core/record/plan.ts'
import type { PlaybookName } from '../../core/record/playbooks.ts'
import { gateAt, openGate, type RescueState } from '../../core/record/state.ts'
import {
  actions,
  button,
  type ConfirmParts,
  context,
  header,
  type MessageBody,
  message,
  section,
} from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { gateReference } from '../slack/reference.ts'
import {
  clean,
  escapeMrkdwn,
  joined,
  type Mrkdwn,
  mentionChannel,
  mentionGroup,
  mentionUser,
  moment,
  plain,
  say,
  visible,
} from '../slack/text.ts'
import { type PlanBlocks, planBlocks } from './change-blocks.ts'
import { type Fact, requestFacts } from './request.ts'
import { diffKey, type ItemOf, type Thread } from './thread.ts'
import { approvedBy, decisionWords, reasonWords, requester, stateSentence, type Voice } from './words.ts'

/** Two boots of one to two minutes each on a virtual machine, and the work between them. */
const DOWNTIME_MINUTES = 5
/** Each is notified; more than a few would not make it faster. */
const MOST_MENTIONED = 8
const NO_CHANGES: PlanBlocks = { changes: [], rest: [] }

export function gateMessage(voice: Voice, thread: Thread, { key, seq }: ItemOf<'gate'>): MessageBody {
  const gate = gateAt(thread.state, seq)
  if (gate === undefined) return message(thread.rescue, [])
  const names = { rescue: thread.rescue, instance: gate.plan.instance.name }
  const said = wordsOf(voice, gate.plan)
  const isWhole = !thread.givenUp.has(diffKey(key))
  const { changes, rest } = gate.plan.gate === 1 ? NO_CHANGES : planBlocks(voice, thread, gate.plan, isWhole)
  const [what, ...details] =
    gate.plan.gate === 1 ? start(voice, thread.state, gate.plan) : aboutChanges(voice, thread, gate.plan)
  const blocks = [
    header(plain(said.title, names)),
    context(whereWords(thread.state)),
    ...(what === undefined ? [] : [what]),
    section(say(voice.text.thread.gate.risk, { risk: { mrkdwn: riskOf(voice, gate.plan) } })),
    ...details,
    ...changes,
    ...rest,
    ...(gate.plan.gate === 2 && gate.plan.selinux ? [context(voice.text.thread.gate2.selinux)] : []),
    ...ending(voice, thread, gate, isWhole),
  ]
  return message(say(said.text, names), blocks, [...rest, ...changes])
}

/** What is lost when it goes wrong. */
function riskOf(voice: Voice, plan: Gate['plan']): string {
  if (plan.gate === 1) return firstWords(voice, plan).risk
  const { gate2 } = voice.text.thread
  const isDestructive = plan.changes.some((change) => change.kind === 'run' && change.destructive)
  return isDestructive ? `${gate2.risk} ${gate2.riskDestructive}` : gate2.risk
}

/** Which instance it is, where two have a name. */
function whereWords({ instance }: RescueState): string {
  if (instance === undefined) return ''
  const { name, region, shape, compartmentId, id } = instance
  return [name, region, shape, compartmentId, id].map((part) => escapeMrkdwn(clean(part))).join('  ·  ')
}

/** What is to happen to the machine decides about the words of gate 1. */
function firstWords({ text }: Voice, { request }: RequestPlan) {
  const { gate1 } = text.thread
  const kinds: Partial<Record<PlaybookName, keyof typeof gate1>> = {
    ...{ shell: 'shell', kernel: 'kernel', reboot: 'reboot', diagnose: 'reboot' },
    ...{ interrupt: 'interrupt', connect: 'connect' },
  }
  const words = gate1[kinds[request.name] ?? 'maintenance']
  return typeof words === 'object' && 'what' in words ? words : gate1.maintenance
}

function wordsOf(voice: Voice, plan: Gate['plan']) {
  return plan.gate === 1 ? firstWords(voice, plan) : voice.text.thread.gate2
}

function start(voice: Voice, { request }: RescueState, plan: RequestPlan): readonly KnownBlock[] {
  const { what, promise } = firstWords(voice, plan)
  const facts = [...requestFacts(voice, plan.request), whyAsked(voice, request)].map(factLine)
  return [section(`${say(what, { minutes: DOWNTIME_MINUTES })}\n${promise}`), section(facts.join('\n'))]
}

function whyAsked({ text }: Voice, request: RescueState['request']): Fact {
  const { why, whySaid, whyNotSaid } = text.thread.asked
  return [why, request?.why === undefined ? whyNotSaid : say(whySaid, { why: reasonWords(request.why) })]
}

function factLine([label, says]: Fact): string {
  return `*${label}*  ${says}`
}

function aboutChanges(voice: Voice, { state: { request } }: Thread, plan: ChangePlan): readonly KnownBlock[] {
  const { gate2 } = voice.text.thread
  const user = plan.user === null ? '' : say(gate2.user, { user: plan.user })
  return [
    section(`${user} ${plan.playbook === 'kernel' ? gate2.upAgain : gate2.down}`.trim()),
    ...(request?.why === undefined ? [] : [section(factLine(whyAsked(voice, request)))]),
  ]
}

/** Buttons while it waits, then who decided; never both. */
function ending(voice: Voice, thread: Thread, gate: Gate, isWhole: boolean): readonly KnownBlock[] {
  const decision = decisionWords(voice, gate)
  if (decision !== undefined) return [section(`*${decision}*`)]
  if (gate !== thread.state.gates[gate.plan.gate]) return [section(changedWords(voice, gate))]
  if (openGate(thread.state) !== gate) return [context(stateSentence(voice, thread))]
  return [...votes(voice, gate), context(...asked(voice, thread.state, gate)), buttons(voice, thread, gate, isWhole)]
}

/** The gate was opened again with another plan. */
function changedWords(voice: Voice, { approvals }: Gate): string {
  const words = voice.text.thread.gate
  return approvals.length === 0 ? words.changed : say(words.changedVoid, { people: approvedBy(voice, approvals) })
}

/** Nothing where one approval is enough: then the first one is the decision. */
function votes(voice: Voice, gate: Gate): readonly KnownBlock[] {
  const words = voice.text.thread.gate
  const { approvals, terms: { count } = { count: 1 } } = gate
  if (count === 1) return []
  if (approvals.length === 0) return [section(say(words.neededYet, { count }))]
  return [section(say(words.needed, { count, people: approvedBy(voice, approvals), missing: approvalsMissing(gate) }))]
}

function asked(voice: Voice, state: RescueState, gate: Gate): readonly string[] {
  const words = voice.text.thread.gate
  const people = mayApprove(voice, state, gate)
  return [
    people.length === 0 ? words.noApprovers : say(words.approvers, { people: joined(people) }),
    say(words.askedBy, { person: requester(voice, state) }),
    say(words.expires, { at: moment(gate.expiresAt) }),
  ]
}

/** Single people first; without whoever asked, unless they count, and those who have approved. */
export function mayApprove(voice: Voice, state: RescueState, gate: Gate): readonly Mrkdwn[] {
  const words = voice.text.thread.gate
  const rule = gateRuleOf(voice.policy, state, gate.plan.gate)
  if (rule === undefined) return []
  const { users, groups, channels } = rule.approve
  const isDone = (user: string) =>
    (!rule.requesterCounts && isPerson(state.request?.by, user)) || gate.approvals.some(({ by }) => isPerson(by, user))
  const open = users.filter((user) => !isDone(user))
  const named = open.slice(0, MOST_MENTIONED).map(mentionUser)
  const rest = open.length - named.length
  return [
    ...named,
    ...(rest > 0 ? [{ mrkdwn: say(words.morePeople, { count: rest }) }] : []),
    ...groups.map(mentionGroup),
    ...channels.map((channel) => ({ mrkdwn: say(words.membersOf, { channel: mentionChannel(channel) }) })),
  ]
}

function isPerson(actor: Actor | undefined, user: string): boolean {
  return actor?.kind === 'person' && actor.user === user
}

/** What nobody can read as a whole is not approved. */
function buttons(voice: Voice, { rescue }: Thread, { plan, planHash, seq, terms }: Gate, isWhole: boolean): KnownBlock {
  const { text } = voice
  const said = wordsOf(voice, plan)
  const names = { instance: plan.instance.name, paths: pathsOf(plan) }
  const value = gateReference({ rescue, gate: plan.gate, planHash, opened: seq })
  const confirm = (parts: Omit<ConfirmParts, 'style'>) => ({ ...parts, text: plain(parts.text, names) })
  const approve = button({
    label: text.thread.gate.approve,
    action: ACTIONS.approve,
    value,
    style: 'primary',
    spoken: plain(said.approveLabel, names),
    confirm: { ...confirm(said.confirmApprove), style: 'primary' },
  })
  const deny = button({
    label: text.thread.gate.deny,
    action: ACTIONS.deny,
    value,
    style: 'danger',
    spoken: plain(said.denyLabel, names),
  })
  if (!isWhole) return actions(deny)
  const { breakGlass: label, breakGlassLabel } = text.thread.gate
  const alone = button({ label, action: ACTIONS.breakGlass, value, spoken: plain(breakGlassLabel, names) })
  return actions(approve, deny, ...(terms?.mayBreakGlass ? [alone] : []))
}

function pathsOf(plan: Gate['plan']): string {
  if (plan.gate === 1) return ''
  const files = plan.changes.filter(isFileChange)
  return (files.length > 0 ? files : plan.changes).map((change) => visible(changeName(change))).join(', ')
}
