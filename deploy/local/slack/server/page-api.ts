/** What the chat page (and a Person in a test) asks of the server: everything one user sees, live, and their deeds. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { Change, Notice } from './changes.ts'
import { click, command, type Means, say, shortcut } from './deeds.ts'
import type { Message } from './messages.ts'
import { actInView, closeView, submit } from './modals.ts'
import type { SlackUser } from './options.ts'
import { SlackRefusal } from './refusal.ts'
import { type SelectPlace, suggest } from './suggestions.ts'
import type { OpenView } from './views.ts'
import type { Workspace } from './workspace.ts'

/** Everything one user sees at one moment. */
export interface Snapshot {
  readonly team: { readonly name: string }
  readonly app: {
    readonly name: string
    readonly botUserId: string
    readonly commands: readonly unknown[]
    readonly shortcuts: readonly unknown[]
  }
  readonly me: SlackUser
  readonly users: readonly SlackUser[]
  readonly userGroups: readonly { readonly id: string; readonly handle: string }[]
  readonly channels: readonly {
    readonly id: string
    readonly name: string
    /** The app's conversation with this person alone. */
    readonly isDirect: boolean
    readonly messages: readonly Message[]
    readonly ephemerals: readonly Message[]
  }[]
  readonly views: readonly OpenView[]
  /** Milliseconds by which time was moved; null where it can not be. */
  readonly ahead: number | null
  readonly notices: readonly Notice[]
}

const Values = z.record(z.string(), z.unknown())
const Action = { action_id: z.string(), block_id: z.string().optional(), value: z.unknown().optional() }

const Deed = z.discriminatedUnion('deed', [
  z.object({
    deed: z.literal('say'),
    channel: z.string(),
    text: z.string().max(40_000),
    thread_ts: z.string().optional(),
  }),
  z.object({
    deed: z.literal('command'),
    channel: z.string(),
    text: z.string().max(40_000),
    thread_ts: z.string().optional(),
  }),
  z.object({ deed: z.literal('click'), channel: z.string(), message_ts: z.string(), ...Action }),
  z.object({ deed: z.literal('act-in-view'), view_id: z.string(), values: Values.default({}), ...Action }),
  z.object({
    deed: z.literal('suggest'),
    view_id: z.string().optional(),
    channel: z.string().optional(),
    message_ts: z.string().optional(),
    typed: z.string().max(3000),
    ...Action,
  }),
  z.object({
    deed: z.literal('shortcut'),
    channel: z.string(),
    callback_id: z.string(),
    message_ts: z.string().optional(),
  }),
  z.object({ deed: z.literal('submit'), view_id: z.string(), values: Values.default({}) }),
  z.object({ deed: z.literal('close-view'), view_id: z.string(), all: z.boolean().default(false) }),
])
export type Deed = z.input<typeof Deed>

const DeedRequest = z.object({ user: z.string() }).and(Deed)

/** Does what a person asked for; Slack's refusals become `{ kind: 'refused', error }`. */
export async function doDeed(means: Means, body: unknown): Promise<unknown> {
  const parsed = DeedRequest.safeParse(body)
  if (!parsed.success) return { kind: 'refused', error: 'invalid_deed', problem: z.prettifyError(parsed.error) }
  try {
    return await carryOut(means, userOf(means.workspace, parsed.data.user), parsed.data)
  } catch (error) {
    if (error instanceof SlackRefusal) return { kind: 'refused', error: error.error }
    throw error
  }
}

async function carryOut(means: Means, user: SlackUser, deed: z.output<typeof Deed>): Promise<unknown> {
  switch (deed.deed) {
    case 'say':
      return { kind: 'done', ts: say(means, user, channelOf(means, user, deed.channel), deed.text, deed.thread_ts).ts }
    case 'command':
      return command(means, user, channelOf(means, user, deed.channel), deed.text, deed.thread_ts)
    case 'click':
      return click(means, user, channelOf(means, user, deed.channel), deed.message_ts, clickOf(deed))
    case 'act-in-view':
      return actInView(means, user, deed.view_id, clickOf(deed), deed.values)
    case 'suggest':
      return suggest(means, user, selectPlace(means, user, deed), clickOf(deed), deed.typed)
    case 'shortcut':
      return shortcut(means, user, channelOf(means, user, deed.channel), deed.callback_id, deed.message_ts)
    case 'submit':
      return submit(means, user, deed.view_id, deed.values)
    case 'close-view':
      await closeView(means, user, deed.view_id, deed.all)
      return { kind: 'done' }
    default:
      return deed satisfies never
  }
}

export function snapshot(workspace: Workspace, notices: readonly Notice[], userId: string): Snapshot {
  const me = userOf(workspace, userId)
  const { messages, app } = workspace
  return {
    team: { name: workspace.team.name },
    app: {
      name: app.botName,
      botUserId: app.botUserId,
      commands: app.manifest.features.slash_commands,
      shortcuts: app.manifest.features.shortcuts,
    },
    me,
    users: workspace.users,
    userGroups: workspace.userGroups.map(({ id, handle }) => ({ id, handle })),
    channels: [...workspace.channels, workspace.direct(me.id)]
      .filter((channel) => channel.members.includes(me.id))
      .map(({ id, name }) => ({
        id,
        name,
        isDirect: workspace.isDirect(id),
        messages: messages.in(id),
        ephemerals: messages.ephemerals(me.id, id),
      })),
    views: workspace.views.of(me.id),
    ahead: workspace.movableClock?.ahead ?? null,
    notices,
  }
}

/** Server-sent events: first the snapshot, then each change that this user may see. */
export function stream(
  workspace: Workspace,
  notices: readonly Notice[],
  userId: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const first = snapshot(workspace, notices, userId)
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  send(response, 'snapshot', first)
  const channels = new Set(first.channels.map((channel) => channel.id))
  const stop = workspace.changes.listen((change) => {
    if (isVisible(change, userId, channels)) send(response, 'change', change)
  })
  request.on('close', stop)
}

function send(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

function isVisible(change: Change, user: string, channels: ReadonlySet<string>): boolean {
  if (change.kind === 'clock') return true
  return 'user' in change ? change.user === user : channels.has(change.channel)
}

function selectPlace(
  means: Means,
  user: SlackUser,
  deed: { view_id?: string | undefined; channel?: string | undefined; message_ts?: string | undefined },
): SelectPlace {
  if (deed.view_id !== undefined) return { view: deed.view_id }
  return { channel: channelOf(means, user, deed.channel ?? ''), message: deed.message_ts ?? '' }
}

function clickOf({
  action_id,
  block_id,
  value,
}: {
  action_id: string
  block_id?: string | undefined
  value?: unknown
}) {
  return { actionId: action_id, blockId: block_id, value }
}

function userOf(workspace: Workspace, id: string): SlackUser {
  const user = workspace.user(id)
  if (user === undefined) throw new SlackRefusal('user_not_found')
  return user
}

function channelOf({ workspace }: Means, user: SlackUser, id: string) {
  const channel = workspace.channel(id)
  if (!channel.members.includes(user.id)) throw new SlackRefusal('channel_not_found')
  return channel
}
