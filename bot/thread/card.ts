/** The parent message of a rescue: what it is, where it stands, who decided. */
import type { Button, KnownBlock } from '@slack/types'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Gate } from '../../core/record/gates.ts'
import { canShowScreen, openGate, type RescueState } from '../../core/record/state.ts'
import { actions, button, context, fields, header, type MessageBody, message, section } from '../slack/blocks.ts'
import { ACTIONS } from '../slack/names.ts'
import { clean, escapeMrkdwn, plain, say } from '../slack/text.ts'
import { type Fact, requestFacts } from './request.ts'
import type { Thread } from './thread.ts'
import { decisionWords, instanceName, requester, stateSentence, title, type Voice } from './words.ts'

/** In characters: what is longer does not stand well in half of the width. */
const LONGEST_FIELD = 60

export function cardMessage(voice: Voice, thread: Thread): MessageBody {
  const { card } = voice.text.thread
  const sentence = stateSentence(voice, thread)
  const heading = title(voice, thread.state)
  const text = say(card.text, { rescue: thread.rescue, title: heading, state: { mrkdwn: sentence } })
  return message(text, [
    header(heading),
    section(sentence),
    facts(voice, thread),
    ...longFactsAndApprovals(voice, thread),
    context(say(card.footer, { rescue: thread.rescue, detail: detail(thread) })),
    ...buttons(voice, thread),
  ])
}

function facts(voice: Voice, { state }: Thread): KnownBlock {
  const { card } = voice.text.thread
  return fields([
    [card.instance, escapeMrkdwn(instanceName(state))],
    ...asked(voice, state).filter(isShort),
    [card.requester, requester(voice, state).mrkdwn],
  ])
}

/** Over the whole width: a fingerprint does not break well in half of it. */
function longFactsAndApprovals(voice: Voice, { state }: Thread): readonly KnownBlock[] {
  const { card } = voice.text.thread
  const long = asked(voice, state).filter((fact) => !isShort(fact))
  const gates = gatesOf(state).map((gate) => approval(voice, state, gate))
  const approvals: readonly Fact[] = gates.length === 0 ? [] : [[card.approvals, gates.join('\n')]]
  return [...long, ...approvals].map(([label, says]) => section(`*${label}*\n${says}`))
}

/** What this kind of request has to be approved for: what only looks, for nothing; a diagnosis, when it wants to reboot. */
function gatesOf({ request, gates }: RescueState): readonly (1 | 2)[] {
  switch (request?.playbook.name) {
    case 'history':
    case 'screenshot':
      return []
    case 'diagnose':
      return gates[1] === undefined ? [] : [1]
    case 'shell':
    case 'connect':
    case 'reboot':
    case 'interrupt':
      return [1]
    default:
      return [1, 2]
  }
}

function asked(voice: Voice, { request }: RescueState): readonly Fact[] {
  return request === undefined ? [] : requestFacts(voice, request.playbook)
}

function isShort([, says]: Fact): boolean {
  return says.length <= LONGEST_FIELD
}

function approval({ text }: Voice, { request, gates }: RescueState, number: 1 | 2): string {
  const { card } = text.thread
  const names: Readonly<Record<string, string>> = card.firstGateNames
  const first = names[request?.playbook.name ?? ''] ?? card.gateName[1]
  const gate = gates[number]
  const decision = gate === undefined ? card.notAsked : (decisionWords({ text }, gate) ?? waitingWords(text, gate))
  return say(card.approvalLine, { gate: number === 1 ? first : card.gateName[2], decision: { mrkdwn: decision } })
}

function waitingWords({ thread }: Catalogue, { approvals, terms }: Gate): string {
  if (terms === undefined || terms.count === 1) return thread.card.waiting
  return say(thread.card.waitingForMore, { given: approvals.length, count: terms.count })
}

/** Once the instance is known, what tells it from others of its name. */
function detail({ state }: Thread): string {
  if (state.instance === undefined) return clean(state.request?.playbook.name ?? '')
  const { id, region, shape, os } = state.instance
  return [region, shape, ...(os === null ? [] : [`${os.name} ${os.version}`]), id].join('  ·  ')
}

function buttons(voice: Voice, thread: Thread): readonly KnownBlock[] {
  const elements = [...stopButton(voice, thread), ...screenButton(voice, thread)]
  return elements.length === 0 ? [] : [actions(...elements)]
}

function stopButton({ text }: Voice, { rescue, state }: Thread): readonly Button[] {
  if (state.ended !== undefined || state.stopRequested !== undefined) return []
  const { stop, stopLabel, stopConfirm } = text.thread.card
  // While somebody is asked to approve, Deny is the way to end it; Stop stays for the one who asked.
  const style = openGate(state) === undefined ? ({ style: 'danger' } as const) : {}
  const names = { rescue, target: instanceName(state) }
  return [
    button({
      label: stop,
      action: ACTIONS.stop,
      value: rescue,
      spoken: plain(stopLabel, names),
      ...style,
      confirm: { ...stopConfirm, text: plain(stopConfirm.text, names), style: 'danger' },
    }),
  ]
}

function screenButton({ text }: Voice, { rescue, state }: Thread): readonly Button[] {
  if (!canShowScreen(state)) return []
  const { screen, screenLabel } = text.thread.card
  const spoken = plain(screenLabel, { target: instanceName(state) })
  return [button({ label: screen, action: ACTIONS.screen, value: rescue, spoken })]
}
