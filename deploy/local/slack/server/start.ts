/** Starts a Slack workspace on loopback: Web API, Socket Mode and the chat page, for one unchanged Bolt app. */
import { Api, type ApiStatistics } from './api.ts'
import type { Change, Listener, Notice } from './changes.ts'
import { wallClock } from './clock.ts'
import type { Means } from './deeds.ts'
import { sendEvents } from './events.ts'
import type { Message } from './messages.ts'
import { appMethods } from './methods/app.ts'
import { chatMethods } from './methods/chat.ts'
import { conversationMethods } from './methods/conversations.ts'
import { fileMethods } from './methods/files.ts'
import { userGroupMethods } from './methods/usergroups.ts'
import { viewMethods } from './methods/views.ts'
import type { SlackOptions } from './options.ts'
import { makePerson, type Person } from './person.ts'
import { ResponseUrls } from './response-urls.ts'
import { listen, makeServer } from './server.ts'
import { Sockets } from './sockets.ts'
import { type Switch, Switches } from './switches.ts'
import { Triggers } from './triggers.ts'
import { slackSwitch, type Weather } from './weather.ts'
import { Workspace } from './workspace.ts'

interface SlackStatistics extends ApiStatistics {
  /** From a command, click or submission leaving here to the app's acknowledgement, in the order they came. */
  readonly ackMilliseconds: readonly number[]
  /** Commands, clicks and submissions that no app acknowledged in time. */
  readonly unacknowledged: number
  /** WebSockets that are open now. */
  readonly sockets: number
}

export interface SlackStandIn extends AsyncDisposable {
  /** For Bolt's `clientOptions.slackApiUrl`. */
  readonly apiUrl: string
  readonly pageUrl: string
  readonly botToken: string
  readonly appToken: string
  readonly teamId: string
  readonly botUserId: string
  person(userId: string): Person
  /** All messages of a channel, replies included, oldest first. */
  messages(channelId: string): readonly Message[]
  thread(channelId: string, ts: string): readonly Message[]
  /** An uploaded file's bytes. */
  file(id: string): { readonly name: string; readonly bytes: Uint8Array } | undefined
  /** Calls `listener` with each change from now on; returns the way to stop that. */
  onChange(listener: Listener): () => void
  statistics(): SlackStatistics
  /** Throws when the app has sent anything since the last time that `validate.ts` finds fault with. */
  throwViolations(): void
  /** Sends the event of a message once more, as Slack does when an acknowledgement got lost. Resolves when it is acknowledged. */
  repeatEvent(ts: string): Promise<void>
  /** The same with the last command, click or form. */
  repeatDeed(): Promise<'acknowledged' | 'failed'>
  /** Sends Slack's request to connect anew over one of the connections. */
  refreshConnection(reason?: 'warning' | 'refresh_requested'): void
  /** The last click or form, as it was sent to the app. */
  lastInteraction(): unknown
  /** Sends the app a click or a form that need not be one of Slack's; resolves when it has acknowledged. */
  deliver(payload: unknown): Promise<'acknowledged' | 'failed'>
  /** From now on this method answers every call with an error, `ratelimited` by a 429; as always again with none. */
  failing(method: string, error: string | undefined): void
  /** Changes who is in a user group. */
  regroup(groupId: string, users: readonly string[]): void
  /** One more thing that can be broken on the page. */
  addSwitch(one: Switch): void
  /** As on the page: `slack` has the states of `weather.ts`. */
  chooseSwitch(id: string, state: string): boolean
  close(): Promise<void>
}

/** Throws what zod found when the manifest, the users or the channels are not well-formed. */
export async function startSlack(options: SlackOptions): Promise<SlackStandIn> {
  const clock = options.movableClock ?? options.clock ?? wallClock()
  const workspace = new Workspace(options, clock)
  const sockets = new Sockets(clock, workspace.app.id)
  const triggers = new Triggers(clock)
  const address = { port: 0 }
  const baseUrl = () => `http://127.0.0.1:${address.port}`
  const ackMilliseconds: number[] = []
  const means: Means = {
    workspace,
    sockets,
    triggers,
    responseUrls: new ResponseUrls(workspace),
    baseUrl,
    acknowledged: (milliseconds) => ackMilliseconds.push(milliseconds),
  }
  const methods = {
    ...appMethods(workspace, sockets, () => `ws://127.0.0.1:${address.port}`),
    ...chatMethods(workspace, baseUrl),
    ...viewMethods(workspace, triggers),
    ...conversationMethods(workspace),
    ...userGroupMethods(workspace),
    ...fileMethods(workspace, baseUrl),
  }
  const api = new Api(workspace.app, methods, workspace.violations, clock)
  const notices = collectNotices(workspace)
  const events = sendEvents(workspace, sockets)
  let weather: Weather = 'fair'
  const switches = new Switches()
  switches.add(
    slackSwitch(
      () => weather,
      (next) => {
        weather = next
      },
      sockets,
    ),
  )
  const server = makeServer({ api, means, notices, switches, weather: () => weather })
  async function close(): Promise<void> {
    events.stop()
    sockets.close()
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  try {
    address.port = await listen(server, options.port ?? 0)
  } catch (error) {
    events.stop()
    sockets.close()
    throw error
  }
  return {
    apiUrl: `${baseUrl()}/api/`,
    pageUrl: `${baseUrl()}/`,
    botToken: workspace.app.botToken,
    appToken: workspace.app.appToken,
    teamId: workspace.team.id,
    botUserId: workspace.app.botUserId,
    person: (userId) => makePerson(workspace, notices, baseUrl(), userId),
    messages: (channelId) => workspace.messages.in(channelId),
    thread: (channelId, ts) => workspace.messages.thread(channelId, ts),
    file: (id) => fileOf(workspace, id),
    onChange: (listener) => workspace.changes.listen(listener),
    statistics: () => ({
      ...api.statistics(),
      ackMilliseconds: [...ackMilliseconds],
      unacknowledged: sockets.unacknowledged,
      sockets: sockets.count,
    }),
    throwViolations: () => workspace.violations.throwAny(),
    repeatEvent: (ts) => events.repeat(ts),
    repeatDeed: async () => (await sockets.deliverAgain()).kind,
    refreshConnection: (reason = 'refresh_requested') => sockets.refresh(reason),
    lastInteraction: () => sockets.lastInteraction,
    deliver: async (payload) => (await sockets.deliver('interactive', payload)).kind,
    failing: (method, error) => api.fail(method, error),
    regroup: (groupId, users) => workspace.regroup(groupId, users),
    addSwitch: (one) => switches.add(one),
    chooseSwitch: (id, state) => switches.choose(id, state),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Keeps what Slack itself told each user, for pages that are opened later. */
function collectNotices(workspace: Workspace): (user: string) => readonly Notice[] {
  const byUser = new Map<string, Notice[]>()
  workspace.changes.listen((change: Change) => {
    if (change.kind === 'notice') byUser.set(change.user, [...(byUser.get(change.user) ?? []), change.notice])
  })
  return (user) => byUser.get(user) ?? []
}

function fileOf({ files }: Workspace, id: string) {
  const file = files.find(id)
  return file === undefined ? undefined : { name: file.object.name, bytes: file.bytes }
}
