/** What people do in the channel: write, give commands, press buttons. The page and the tests come in here alike. */
import { type Block, interactiveElements } from './blocks.ts'
import { escapeCommandText, escapeMessageText } from './escape.ts'
import { type StateValues, stateValues } from './input-values.ts'
import type { Message } from './messages.ts'
import type { SlackChannel, SlackUser } from './options.ts'
import {
  type Acted,
  commandPayload,
  globalShortcutPayload,
  messageActionPayload,
  messageShortcutPayload,
} from './payloads.ts'
import { SlackRefusal } from './refusal.ts'
import { ResponseMessage } from './response-message.ts'
import { type ResponsePlace, type ResponseUrls, show } from './response-urls.ts'
import type { Delivery, Sockets } from './sockets.ts'
import type { Triggers } from './triggers.ts'
import type { Workspace } from './workspace.ts'

/** How it went for the person who did it. */
export type Outcome =
  | { kind: 'done'; milliseconds: number }
  /** Slack's word for it: `operation_timeout`, `dispatch_failed`, `not_in_thread`, `invalid_command`. */
  | { kind: 'failed'; error: string }

/** What a deed needs besides the workspace. */
export interface Means {
  readonly workspace: Workspace
  readonly sockets: Sockets
  readonly triggers: Triggers
  readonly responseUrls: ResponseUrls
  baseUrl(): string
  /** Told of each acknowledgement, in milliseconds. */
  acknowledged(milliseconds: number): void
}

export interface Click {
  readonly actionId: string
  readonly blockId?: string | undefined
  /** For selects, radio buttons and checkboxes: the chosen value or values. */
  readonly value?: unknown
}

/** A plain message by a person, in the channel or in a thread. */
export function say(
  { workspace }: Means,
  user: SlackUser,
  channel: SlackChannel,
  text: string,
  threadTs?: string,
): Message {
  if (text.trim() === '') throw new SlackRefusal('no_text')
  if (threadTs !== undefined && workspace.messages.find(channel.id, threadTs) === undefined)
    throw new SlackRefusal('thread_not_found')
  return workspace.messages.post(channel.id, {
    type: 'message',
    ts: workspace.nextTs(),
    user: user.id,
    team: workspace.team.id,
    text: escapeMessageText(text),
    thread_ts: threadTs,
  })
}

/** `line` is the command and its text, as typed. Slack refuses commands in threads and does not know those of other apps. */
export async function command(
  means: Means,
  user: SlackUser,
  channel: SlackChannel,
  line: string,
  threadTs?: string,
): Promise<Outcome> {
  const { workspace } = means
  const { name = '', text = '' } = /^(?<name>\/\S*)\s*(?<text>.*)$/s.exec(line.trim())?.groups ?? {}
  const known = workspace.app.manifest.features.slash_commands.find((one) => one.command === name)
  if (known === undefined)
    return fail(means, user, channel.id, threadTs, 'invalid_command', `${name} is not a valid command.`)
  if (threadTs !== undefined)
    return fail(means, user, channel.id, threadTs, 'not_in_thread', `${name} is not supported in threads. Sorry!`)
  const place = { user: user.id, channel: channel.id }
  const payload = commandPayload(
    { workspace, user },
    channel,
    name,
    known.should_escape ? escapeCommandText(text.trim(), workspace) : text.trim(),
    { trigger_id: means.triggers.issue({ user: user.id }), response_url: responseUrl(means, 'commands', place) },
  )
  const delivery = await means.sockets.deliver('slash_commands', payload)
  const outcome = settle(means, delivery, user, place, undefined, name)
  return delivery.kind === 'failed' ? outcome : showReply(means, delivery.payload, user, place, outcome)
}

/** A press of a button, or a choice, in a message that this person can see. */
export async function click(
  means: Means,
  user: SlackUser,
  channel: SlackChannel,
  messageTs: string,
  given: Click,
): Promise<Outcome> {
  const { workspace } = means
  if (!workspace.app.manifest.settings.interactivity.is_enabled) throw new SlackRefusal('interactivity_disabled')
  const message = visibleMessage(workspace, user, channel, messageTs)
  const blocks = message.blocks ?? []
  const entered = given.value === undefined ? {} : { [given.actionId]: given.value }
  const values = stateValues(blocks, entered)
  const acted = actedOn(blocks, given, values, workspace.nextTs())
  const original = { ts: message.ts, isEphemeral: message.is_ephemeral === true }
  const place = { user: user.id, channel: channel.id, message: original }
  const payload = messageActionPayload(
    { workspace, user },
    channel,
    message,
    acted,
    { trigger_id: means.triggers.issue({ user: user.id }), response_url: responseUrl(means, 'actions', place) },
    values,
  )
  const delivery = await means.sockets.deliver('interactive', payload)
  return settle(means, delivery, user, place, message.thread_ts, 'This action')
}

/** A shortcut of the app: a global one, or one from the menu of a message. */
export async function shortcut(
  means: Means,
  user: SlackUser,
  channel: SlackChannel,
  callbackId: string,
  messageTs?: string,
): Promise<Outcome> {
  const { workspace, triggers } = means
  const type = messageTs === undefined ? 'global' : 'message'
  const known = workspace.app.manifest.features.shortcuts.find(
    (one) => one.callback_id === callbackId && one.type === type,
  )
  if (known === undefined) throw new SlackRefusal('shortcut_not_found')
  const deed = { workspace, user }
  const trigger_id = triggers.issue({ user: user.id })
  const place: ResponsePlace = { user: user.id, channel: channel.id }
  const message = messageTs === undefined ? undefined : visibleMessage(workspace, user, channel, messageTs)
  const payload =
    message === undefined
      ? globalShortcutPayload(deed, callbackId, trigger_id, workspace.nextTs())
      : messageShortcutPayload(deed, channel, message, callbackId, workspace.nextTs(), {
          trigger_id,
          response_url: responseUrl(means, 'actions', place),
        })
  const delivery = await means.sockets.deliver('interactive', payload)
  return settle(means, delivery, user, place, message?.thread_ts, known.name)
}

/** The element that is meant; without a block id the action id must name only one. */
export function actedOn(blocks: readonly Block[], given: Click, values: StateValues, actionTs: string): Acted {
  const found = blocks.flatMap((block) =>
    interactiveElements(block)
      .filter((element) => element.action_id === given.actionId)
      .filter(() => given.blockId === undefined || block.block_id === given.blockId)
      .map((element) => ({ block, element })),
  )
  const [one, another] = found
  if (one === undefined) throw new SlackRefusal('action_not_found')
  if (another !== undefined) throw new SlackRefusal('action_ambiguous')
  return { ...one, value: values[one.block.block_id ?? '']?.[given.actionId], actionTs }
}

/** Counts the acknowledgement, or tells the person that there was none. */
function settle(
  means: Means,
  delivery: Delivery,
  user: SlackUser,
  place: ResponsePlace,
  threadTs: string | undefined,
  subject: string,
): Outcome {
  if (delivery.kind === 'failed') {
    const text = `${subject} failed with the error "${delivery.error}"`
    return fail(means, user, place.channel, threadTs, delivery.error, text)
  }
  means.acknowledged(delivery.milliseconds)
  return { kind: 'done', milliseconds: delivery.milliseconds }
}

/** Shows the message that an app may put into the acknowledgement of a command. */
function showReply(means: Means, reply: unknown, user: SlackUser, place: ResponsePlace, outcome: Outcome): Outcome {
  const answer = ResponseMessage.safeParse(reply)
  if (!answer.success || (answer.data.text === '' && answer.data.blocks === undefined)) return outcome
  means.workspace.violations.response(reply)
  try {
    show(means.workspace, place, answer.data)
    return outcome
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error
    return fail(means, user, place.channel, undefined, error.error, `The answer was refused: ${error.error}`)
  }
}

function fail(
  { workspace }: Means,
  user: SlackUser,
  channel: string,
  threadTs: string | undefined,
  error: string,
  text: string,
): Outcome {
  workspace.notify(user.id, channel, threadTs, error, text)
  return { kind: 'failed', error }
}

function responseUrl({ baseUrl, responseUrls }: Means, kind: 'commands' | 'actions', place: ResponsePlace): string {
  return baseUrl() + responseUrls.issue(kind, place)
}

export function visibleMessage({ messages }: Workspace, user: SlackUser, channel: SlackChannel, ts: string): Message {
  const message = messages.find(channel.id, ts) ?? messages.findEphemeral(user.id, channel.id, ts)
  if (message === undefined) throw new SlackRefusal('message_not_found')
  return message
}
