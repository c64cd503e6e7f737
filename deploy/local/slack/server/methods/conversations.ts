/** conversations.* and users.*: reading channels, threads and people. */
import { type ArgumentsOf, methodArguments, type Paging } from '../arguments.ts'
import type { Message } from '../messages.ts'
import { TIER_3, TIER_4 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import type { Workspace } from '../workspace.ts'
import { type Methods, method } from './method.ts'

export function conversationMethods(workspace: Workspace): Methods {
  // All channels here are public ones. For private ones Slack wants `groups:…`.
  const scope = (what: 'read' | 'history') => (args: Readonly<Record<string, unknown>>) =>
    `${workspace.isDirect(String(args.channel)) ? 'im' : 'channels'}:${what}`
  const reads = { token: 'bot', scope: scope('read') } as const
  const readsHistory = { token: 'bot', scope: scope('history'), limit: TIER_3 } as const
  return {
    'conversations.info': method({ ...reads, limit: TIER_3 }, methodArguments['conversations.info'], (args) =>
      info(workspace, args.channel),
    ),
    'conversations.members': method({ ...reads, limit: TIER_4 }, methodArguments['conversations.members'], (args) =>
      members(workspace, args),
    ),
    'conversations.history': method(readsHistory, methodArguments['conversations.history'], (args) =>
      history(workspace, args),
    ),
    'conversations.replies': method(readsHistory, methodArguments['conversations.replies'], (args) =>
      replies(workspace, args),
    ),
    'conversations.open': method(
      { token: 'bot', scope: 'im:write', limit: TIER_3 },
      methodArguments['conversations.open'],
      (args) => open(workspace, args.users),
    ),
    'users.info': method({ token: 'bot', scope: 'users:read', limit: TIER_4 }, methodArguments['users.info'], (args) =>
      userInfo(workspace, args),
    ),
  }
}

function info(workspace: Workspace, id: string) {
  const channel = workspace.channel(id)
  return {
    ok: true,
    channel: {
      id: channel.id,
      name: channel.name,
      name_normalized: channel.name,
      is_channel: true,
      is_group: false,
      is_im: false,
      is_mpim: false,
      is_private: false,
      is_archived: channel.isArchived,
      is_shared: false,
      is_ext_shared: false,
      is_org_shared: false,
      is_member: channel.botIsMember,
      context_team_id: workspace.team.id,
    },
  }
}

/** With one person; the app has no use for groups. */
function open(workspace: Workspace, users: string) {
  const { id } = workspace.direct(users)
  return { ok: true, no_op: true, already_open: true, channel: { id } }
}

function members(workspace: Workspace, args: ArgumentsOf<'conversations.members'>) {
  const channel = workspace.channel(args.channel)
  const all = [...channel.members, ...(channel.botIsMember ? [workspace.app.botUserId] : [])]
  const page = pageOf(all, args.cursor, args.limit)
  return { ok: true, members: page.items, response_metadata: { next_cursor: page.next } }
}

/** Newest first, without the replies in threads. */
function history(workspace: Workspace, args: ArgumentsOf<'conversations.history'>) {
  const channel = workspace.joinedChannel(args.channel)
  const top = workspace.messages.in(channel.id).filter((one) => one.thread_ts === undefined || one.thread_ts === one.ts)
  return messagePage(top.filter((message) => isWanted(message, args)).toReversed(), args)
}

/** Oldest first, the parent always leading. */
function replies(workspace: Workspace, args: ArgumentsOf<'conversations.replies'>) {
  const channel = workspace.joinedChannel(args.channel)
  const [parent, ...rest] = workspace.messages.thread(channel.id, args.ts)
  if (parent === undefined) throw new SlackRefusal('thread_not_found')
  return messagePage([parent, ...rest.filter((message) => isWanted(message, args))], args)
}

function userInfo(workspace: Workspace, { user: id, include_locale }: ArgumentsOf<'users.info'>) {
  const user = workspace.user(id)
  if (user === undefined) throw new SlackRefusal('user_not_found')
  const names = { real_name: user.realName, display_name: user.name }
  return {
    ok: true,
    user: {
      id: user.id,
      team_id: workspace.team.id,
      name: user.name,
      real_name: user.realName,
      deleted: user.isDeactivated,
      is_bot: false,
      is_app_user: false,
      is_restricted: false,
      is_ultra_restricted: false,
      tz: user.tz,
      tz_label: user.tz,
      tz_offset: offsetOf(user.tz, workspace.clock.now()),
      ...(include_locale ? { locale: user.locale } : {}),
      profile: { ...names, real_name_normalized: user.realName, display_name_normalized: user.name },
    },
  }
}

/** Seconds east of Greenwich at that moment. */
function offsetOf(timeZone: string, now: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(now)
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const { sign, hours, minutes } = /(?<sign>[+-])(?<hours>\d\d):(?<minutes>\d\d)/.exec(name)?.groups ?? {}
  const seconds = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60
  return sign === '-' ? -seconds : seconds
}

function isWanted({ ts }: Message, { oldest, latest, inclusive }: Paging): boolean {
  if (inclusive && (ts === oldest || ts === latest)) return true
  return (oldest === undefined || Number(ts) > Number(oldest)) && (latest === undefined || Number(ts) < Number(latest))
}

function messagePage(messages: readonly Message[], args: Paging) {
  const page = pageOf(messages, args.cursor, args.limit)
  return {
    ok: true,
    messages: page.items.map((message) => (args.include_all_metadata ? message : { ...message, metadata: undefined })),
    has_more: page.next !== '',
    response_metadata: { next_cursor: page.next },
  }
}

/** Cursors are opaque to apps: here the number of items already given, in base64. */
function pageOf<T>(items: readonly T[], cursor: string | undefined, limit: number) {
  const from = cursor ? Number(Buffer.from(cursor, 'base64').toString()) : 0
  if (!Number.isInteger(from) || from < 0) throw new SlackRefusal('invalid_cursor')
  const end = from + Math.max(1, limit)
  return { items: items.slice(from, end), next: end < items.length ? Buffer.from(String(end)).toString('base64') : '' }
}
