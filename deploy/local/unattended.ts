/**
 * Plays the people of one rescue: the requester types the command and fills in
 * the form, the approver presses what was asked for. Everything goes the way it
 * goes for people: over the chat page's own interface.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Approval } from './demo-options.ts'
import { hasEnded } from './rescue-events.ts'
import { interactiveElements } from './slack/server/blocks.ts'
import type { Message } from './slack/server/messages.ts'
import type { Sight } from './slack/server/person.ts'
import type { Running } from './start.ts'
import { messageText } from './thread-text.ts'

export interface Script {
  /** The slash command as typed. */
  readonly say: string
  readonly publicKey: string
  readonly approval: Approval
}

export interface Played {
  readonly rescue: string
  /** The timestamp of the card, which is the thread's parent. */
  readonly card: string
}

/** A modal opens or an answer comes within Slack's three seconds; ten on a busy machine. */
const ANSWER_MS = 10_000
/** A slow machine under emulation boots three times in one rescue. */
const GATE_MS = 600_000
const END_MS = 1_800_000
/** The bot's last words come after the log has ended: the result, the recording. */
const LAST_WORDS_MS = 30_000
const QUIET_MS = 4_000

/** Types the command and sends the form, if it has one. Throws what the bot answered when it refuses. */
export async function ask(running: Running, script: Script, signal: AbortSignal): Promise<Played> {
  const { slack, channel, people } = running
  const requester = slack.person(people.requester)
  const before = new Set(requester.messages(channel).map(({ ts }) => ts))
  const refusals = requester.ephemerals(channel).length
  const soon = () => AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
  await requester.command(channel, script.say)
  const answer = await requester.until(
    'a form or a card',
    (sight) => formOrRefusal(sight, channel, refusals) ?? newCard(sight, channel, before),
    soon(),
  )
  if (!('input' in answer)) return played(answer)
  const sent = await requester.submit(answer.id, { [answer.input]: script.publicKey })
  if ('errors' in sent) throw new Error(`the form was refused: ${Object.values(sent.errors ?? {}).join(' ')}`)
  return played(await requester.until('the card', (sight) => newCard(sight, channel, before), soon()))
}

/** Presses a button in a rescue's thread that starts another rescue, and gives that one. */
export async function pressToStart(
  running: Running,
  { card }: Played,
  action: string,
  signal: AbortSignal,
): Promise<Played> {
  const { slack, channel, people } = running
  const requester = slack.person(people.requester)
  const before = new Set(requester.messages(channel).map(({ ts }) => ts))
  const soon = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
  const message = await requester.until(
    `a button ${action}`,
    (sight) => buttonIn(sight.thread(channel, card), action),
    soon,
  )
  const outcome = await requester.click(channel, message.ts, action)
  if (outcome.kind !== 'done') throw new Error(`${action}: ${outcome.error}`)
  return played(await requester.until('the card', (sight) => newCard(sight, channel, before), soon))
}

function buttonIn(messages: readonly Message[], action: string): Message | undefined {
  return messages.find((message) =>
    (message.blocks ?? []).flatMap(interactiveElements).some((element) => element.action_id === action),
  )
}

function played(card: Message): Played {
  return { rescue: rescueIn(card) ?? '', card: card.ts }
}

/** Decides at the gates as the script says, until the rescue's log has ended and the thread is quiet. */
export async function decide(running: Running, played: Played, approval: Approval, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const deciding = decideAtGates(running, played, approval, AbortSignal.any([signal, over.signal]))
  try {
    await Promise.race([untilEnded(running, played, signal), deciding.then(() => untilEnded(running, played, signal))])
  } finally {
    over.abort()
    await deciding.catch(() => undefined)
  }
  await untilQuiet(running, played, signal)
}

/** Each gate as it opens, however many rounds of changes there are. */
async function decideAtGates(running: Running, played: Played, approval: Approval, signal: AbortSignal): Promise<void> {
  const decided = new Set<string>()
  for (;;) {
    const { gate, value } = await openGate(running, played, decided, signal)
    const last = approval.kind !== 'approve' && approval.gate === gate
    if (last && approval.kind === 'ignore') return
    await press(running, played, gate, last ? 'deny' : 'approve', signal, value)
    if (last) return
    decided.add(value)
  }
}

interface OpenGate {
  readonly gate: 1 | 2
  /** Of its buttons. */
  readonly value: string
}

async function openGate(
  { slack, channel, people }: Running,
  { rescue, card }: Played,
  decided: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<OpenGate> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(GATE_MS)])
  const look = (sight: Sight): OpenGate | undefined => {
    const values = sight.thread(channel, card).flatMap(approvableValues)
    const value = values.find((one) => one.startsWith(`${rescue}:`) && !decided.has(one))
    const gate = value?.split(':')[1]
    return value !== undefined && (gate === '1' || gate === '2') ? { gate: gate === '1' ? 1 : 2, value } : undefined
  }
  return await slack.person(people.approver).until('a gate', look, soon)
}

/** What the buttons say that approve something now. */
function approvableValues(message: Message): readonly string[] {
  const elements = (message.blocks ?? []).flatMap(interactiveElements)
  return elements.flatMap((element) =>
    element.action_id === 'approve' && 'value' in element && element.value !== undefined ? [element.value] : [],
  )
}

export async function press(
  running: Running,
  { rescue, card }: Played,
  gate: 1 | 2,
  action: 'approve' | 'deny',
  signal: AbortSignal,
  value = `${rescue}:${gate}:`,
): Promise<void> {
  const { slack, channel, people } = running
  const approver = slack.person(people.approver)
  const soon = AbortSignal.any([signal, AbortSignal.timeout(GATE_MS)])
  const look = (sight: Sight) => sight.thread(channel, card).find((message) => asks(message, value))
  const message = await approver.until(`gate ${gate}`, look, soon)
  const outcome = await approver.click(channel, message.ts, action)
  if (outcome.kind !== 'done') throw new Error(`${action} at gate ${gate}: ${outcome.error}`)
  if (action === 'deny') await giveReason(running, gate, soon)
}

/** Whoever denies is asked why. */
async function giveReason({ slack, people }: Running, gate: 1 | 2, signal: AbortSignal): Promise<void> {
  const approver = slack.person(people.approver)
  const form = await approver.until('the form that asks why', newestForm, signal)
  const sent = await approver.submit(form.id, { [form.input]: 'Not now, please.' })
  if ('errors' in sent) throw new Error(`deny at gate ${gate}: ${Object.values(sent.errors ?? {}).join(' ')}`)
}

export async function untilEnded({ redis }: Running, { rescue }: Played, signal: AbortSignal): Promise<void> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(END_MS)])
  while (!(await hasEnded(redis.url, rescue))) await sleep(250, undefined, { signal: soon })
}

async function untilQuiet({ slack, channel }: Running, { card }: Played, signal: AbortSignal): Promise<void> {
  let last = Date.now()
  const stop = slack.onChange(() => {
    last = Date.now()
  })
  const limit = Date.now() + LAST_WORDS_MS
  while (Date.now() - last < QUIET_MS && Date.now() < limit) await sleep(100, undefined, { signal })
  stop()
  if (slack.thread(channel, card).length === 0) throw new Error('the thread is gone')
}

interface Form {
  readonly id: string
  /** The action id of the input for the key, or for the reason: the one with room for many lines. */
  readonly input: string
}

function newestForm(sight: Sight): Form | undefined {
  const view = sight.views().at(-1)
  const input = view?.blocks
    .flatMap(interactiveElements)
    .find((element) => element.type === 'plain_text_input' && element.multiline === true)
  return view === undefined || input?.action_id === undefined ? undefined : { id: view.id, input: input.action_id }
}

function formOrRefusal(sight: Sight, channel: string, refusals: number): Form | undefined {
  const [refusal] = sight.ephemerals(channel).slice(refusals)
  if (refusal !== undefined) throw new Error(`the bot answered: ${messageText(refusal)}`)
  return newestForm(sight)
}

/** The last words of the rescue before may still come; they are replies, and a card is not. */
function newCard(sight: Sight, channel: string, before: ReadonlySet<string>): Message | undefined {
  return sight
    .messages(channel)
    .find(
      ({ ts, thread_ts: parent = ts, ...message }) =>
        parent === ts && !before.has(ts) && message.bot_id !== undefined && rescueIn({ ts, ...message }) !== undefined,
    )
}

function rescueIn(message: Message): string | undefined {
  return /\bR-[0-9A-Z]{6}\b/.exec(`${message.text}\n${messageText(message)}`)?.[0]
}

function asks(message: Message, reference: string): boolean {
  return (message.blocks ?? [])
    .flatMap(interactiveElements)
    .some((element) => 'value' in element && element.value?.startsWith(reference) === true)
}
