/** chat.*: posting, editing and deleting messages. */
import { z } from 'zod'
import { type ArgumentsOf, fromJson, methodArguments } from '../arguments.ts'
import type { Block } from '../blocks.ts'
import { checkMessageBlocks } from '../check-blocks.ts'
import type { Message } from '../messages.ts'
import { HUNDREDS, POSTS_PER_WORKSPACE, TIER_3, TIER_4 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import { LONGEST_TEXT } from '../validate.ts'
import type { Workspace } from '../workspace.ts'
import { type Methods, method } from './method.ts'

/** docs.slack.dev/reference/methods/chat.postMessage: longer texts are truncated. */
const TRUNCATED_AT = 40_000

const Metadata = z.strictObject({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) })

export function chatMethods(workspace: Workspace, baseUrl: () => string): Methods {
  const writes = { token: 'bot', scope: 'chat:write' } as const
  return {
    'chat.postMessage': method({ ...writes, limit: POSTS_PER_WORKSPACE }, methodArguments['chat.postMessage'], (args) =>
      post(workspace, args),
    ),
    'chat.update': method({ ...writes, limit: TIER_3 }, methodArguments['chat.update'], (args) =>
      update(workspace, args),
    ),
    'chat.delete': method({ ...writes, limit: TIER_3 }, methodArguments['chat.delete'], (args) =>
      remove(workspace, args),
    ),
    'chat.postEphemeral': method({ ...writes, limit: TIER_4 }, methodArguments['chat.postEphemeral'], (args) =>
      whisper(workspace, args),
    ),
    'chat.getPermalink': method({ token: 'bot', limit: HUNDREDS }, methodArguments['chat.getPermalink'], (args) =>
      permalink(workspace, baseUrl(), args),
    ),
  }
}

function post(workspace: Workspace, args: ArgumentsOf<'chat.postMessage'>) {
  const channel = workspace.joinedChannel(args.channel)
  if (channel.isArchived) throw new SlackRefusal('is_archived')
  refuseClosedTab(workspace, channel.id)
  const blocks = blocksOf(workspace, args.blocks)
  const [text, ...rest] = blocks === undefined ? pieces(args.text) : [args.text.slice(0, TRUNCATED_AT)]
  refuseEmpty(text, blocks)
  const place = { thread_ts: threadOf(workspace, channel.id, args.thread_ts) }
  const content = { ...place, text: text ?? '', blocks, metadata: metadataOf(args.metadata) }
  const message = workspace.messages.post(channel.id, workspace.botMessage(content))
  for (const more of rest) workspace.messages.post(channel.id, workspace.botMessage({ ...place, text: more }))
  return { ok: true, channel: channel.id, ts: message.ts, message }
}

function update(workspace: Workspace, args: ArgumentsOf<'chat.update'>) {
  const channel = workspace.channel(args.channel)
  const message = ownMessage(workspace, channel.id, args.ts, 'cant_update_message')
  if (args.text.length > LONGEST_TEXT) throw new SlackRefusal('msg_too_long')
  const blocks = blocksOf(workspace, args.blocks)
  refuseEmpty(args.text, blocks)
  refuseMismatch(message.blocks, blocks)
  const isEdit = blocks === undefined
  const updated: Message = {
    ...message,
    text: args.text,
    blocks,
    metadata: args.metadata === undefined ? message.metadata : metadataOf(args.metadata),
    edited: isEdit ? { user: workspace.app.botUserId, ts: workspace.nextTs() } : undefined,
  }
  workspace.messages.replace(channel.id, updated)
  return { ok: true, channel: channel.id, ts: updated.ts, text: updated.text, message: updated }
}

function remove(workspace: Workspace, args: ArgumentsOf<'chat.delete'>) {
  const channel = workspace.channel(args.channel)
  workspace.messages.delete(channel.id, ownMessage(workspace, channel.id, args.ts, 'cant_delete_message'))
  return { ok: true, channel: channel.id, ts: args.ts }
}

function whisper(workspace: Workspace, args: ArgumentsOf<'chat.postEphemeral'>) {
  const channel = workspace.joinedChannel(args.channel)
  if (channel.isArchived) throw new SlackRefusal('is_archived')
  if (!channel.members.includes(args.user)) throw new SlackRefusal('user_not_in_channel')
  if (args.text.length > LONGEST_TEXT) throw new SlackRefusal('msg_too_long')
  const blocks = blocksOf(workspace, args.blocks)
  refuseEmpty(args.text, blocks)
  const thread_ts = threadOf(workspace, channel.id, args.thread_ts)
  const message = workspace.botMessage({ text: args.text, blocks, thread_ts })
  workspace.messages.showEphemeral(args.user, channel.id, message)
  return { ok: true, message_ts: message.ts }
}

/** Slack's paths, on this server: the page opens the thread that such a link names. */
function permalink(workspace: Workspace, baseUrl: string, args: ArgumentsOf<'chat.getPermalink'>) {
  const channel = workspace.channel(args.channel)
  const message = workspace.messages.find(channel.id, args.message_ts)
  if (message === undefined) throw new SlackRefusal('message_not_found')
  const inThread = message.thread_ts === undefined ? '' : `?thread_ts=${message.thread_ts}&cid=${channel.id}`
  const path = `archives/${channel.id}/p${message.ts.replace('.', '')}`
  return { ok: true, channel: channel.id, permalink: `${baseUrl}/${path}${inThread}` }
}

function blocksOf(workspace: Workspace, given: unknown): Block[] | undefined {
  const empty = given === undefined || given === null || (Array.isArray(given) && given.length === 0)
  return empty ? undefined : checkMessageBlocks(given, (file) => workspace.files.pictureExists(file))
}

function pieces(text: string): string[] {
  const kept = text.slice(0, TRUNCATED_AT)
  return kept.match(new RegExp(`.{1,${LONGEST_TEXT}}`, 'gs')) ?? []
}

/** docs.slack.dev/reference/methods/chat.postMessage, errors: where the app takes no messages, it sends none either. */
function refuseClosedTab(workspace: Workspace, channel: string): void {
  if (workspace.isDirect(channel) && !workspace.app.manifest.features.app_home.messages_tab_enabled)
    throw new SlackRefusal('messages_tab_disabled')
}

function refuseEmpty(text: string | undefined, blocks: readonly Block[] | undefined): void {
  if ((text ?? '').trim() === '' && blocks === undefined) throw new SlackRefusal('no_text')
}

/** "Rich-text blocks cannot be replaced with non-rich-text blocks." */
function refuseMismatch(before: readonly Block[] | undefined, after: readonly Block[] | undefined): void {
  const isRich = (blocks: readonly Block[]) => blocks.some((block) => block.type === 'rich_text')
  if (before !== undefined && after !== undefined && isRich(before) && !isRich(after))
    throw new SlackRefusal('block_mismatch')
}

/** The parent that a reply names. A reply to a reply is a mistake Slack answers in odd ways, so it is refused. */
function threadOf(workspace: Workspace, channel: string, ts: string | undefined): string | undefined {
  if (ts === undefined || ts === '') return undefined
  if (!/^\d{10}\.\d{6}$/.test(ts)) throw new SlackRefusal('invalid_thread_ts')
  const parent = workspace.messages.find(channel, ts)
  if (parent === undefined) throw new SlackRefusal('thread_not_found')
  if (parent.thread_ts !== undefined && parent.thread_ts !== ts) throw new SlackRefusal('cannot_reply_to_message')
  return ts
}

function ownMessage(workspace: Workspace, channel: string, ts: string, otherwise: string): Message {
  const message = workspace.messages.find(channel, ts)
  if (message === undefined) throw new SlackRefusal('message_not_found')
  if (message.bot_id !== workspace.app.botId) throw new SlackRefusal(otherwise)
  return message
}

function metadataOf(given: unknown): Message['metadata'] {
  if (given === undefined || given === '') return undefined
  if (typeof fromJson(given) !== 'object') throw new SlackRefusal('invalid_metadata_format')
  const parsed = Metadata.safeParse(given)
  if (!parsed.success) throw new SlackRefusal('invalid_metadata_schema')
  return parsed.data
}
