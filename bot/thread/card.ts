/** The parent message of a rescue: what it is, where it stands, who decided. */
import type { KnownBlock } from '@slack/types'
import { repairsOf } from '../../core/record/playbooks.ts'
import { type Gate, openGate, type RescueState } from '../../core/record/state.ts'
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
    longFactsAndApprovals(voice, thread),
    context(say(card.footer, { rescue: thread.rescue, detail: detail(thread) })),
    ...stopButton(voice, thread),
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
function longFactsAndApprovals(voice: Voice, { state }: Thread): KnownBlock {
  const { card } = voice.text.thread
  const long = asked(voice, state).filter((fact) => !isShort(fact))
  const approvals = gatesOf(state)
    .map((gate) => approval(voice, gate, state.gates[gate]))
    .join('\n')
  return section(
    [...long, [card.approvals, approvals] as const].map(([label, says]) => `*${label}*\n${says}`).join('\n'),
  )
}

/** What only looks, boots or hands out something is approved once. */
function gatesOf({ request }: RescueState): readonly (1 | 2)[] {
  if (request === undefined) return [1, 2]
  return request.playbook.name === 'kernel' || repairsOf(request.playbook).length > 0 ? [1, 2] : [1]
}

function asked(voice: Voice, { request }: RescueState): readonly Fact[] {
  return request === undefined ? [] : requestFacts(voice, request.playbook)
}

function isShort([, says]: Fact): boolean {
  return says.length <= LONGEST_FIELD
}

function approval(voice: Voice, number: 1 | 2, gate: Gate | undefined): string {
  const { card } = voice.text.thread
  const decision = gate === undefined ? card.notAsked : (decisionWords(voice, gate) ?? card.waiting)
  return say(card.approvalLine, { gate: card.gateName[number], decision: { mrkdwn: decision } })
}

/** Once the instance is known, what tells it from others of its name. */
function detail({ state }: Thread): string {
  if (state.instance === undefined) return clean(state.request?.playbook.name ?? '')
  const { id, region, shape, os } = state.instance
  return [region, shape, ...(os === null ? [] : [`${os.name} ${os.version}`]), id].join('  ·  ')
}

function stopButton({ text }: Voice, { rescue, state }: Thread): readonly KnownBlock[] {
  if (state.ended !== undefined || state.stopRequested !== undefined) return []
  const { stop, stopLabel, stopConfirm } = text.thread.card
  // While somebody is asked to approve, Deny is the way to end it; Stop stays for the one who asked.
  const style = openGate(state) === undefined ? ({ style: 'danger' } as const) : {}
  const names = { rescue, target: instanceName(state) }
  return [
    actions(
      button({
        label: stop,
        action: ACTIONS.stop,
        value: rescue,
        spoken: plain(stopLabel, names),
        ...style,
        confirm: { ...stopConfirm, text: plain(stopConfirm.text, names), style: 'danger' },
      }),
    ),
  ]
}
