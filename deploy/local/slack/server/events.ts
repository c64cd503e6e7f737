/**
 * The Events API over Socket Mode: what is written where the app is a member goes to the app, its own messages too, if
 * the manifest subscribes to it. What is not acknowledged comes again, as at Slack: at once, after a minute, after five
 * (docs.slack.dev/apis/events-api, retries).
 */
import type { Change } from './changes.ts'
import { slackId } from './ids.ts'
import type { Sockets } from './sockets.ts'
import type { Workspace } from './workspace.ts'

const RETRY_MILLISECONDS = [0, 60_000, 300_000]

export interface SentEvents {
  stop(): void
  /** Sends the event of this message once more, as Slack does when the acknowledgement got lost. */
  repeat(ts: string): Promise<void>
}

/** Sends events from now on. */
export function sendEvents(workspace: Workspace, sockets: Sockets): SentEvents {
  const waiting = new Set<() => void>()
  const sent = new Map<string, unknown>()
  let isOver = false
  const later = (milliseconds: number, run: () => void) => {
    // What was under way when the sockets were closed fails after that, and would be tried for six minutes more.
    if (isOver) return
    const callOff = workspace.clock.after(milliseconds, () => {
      waiting.delete(callOff)
      run()
    })
    waiting.add(callOff)
  }
  const send = async (payload: unknown, retry: number): Promise<void> => {
    const delivery = await sockets.deliverEvent(payload, retry)
    const pause = RETRY_MILLISECONDS[retry]
    if (delivery.kind === 'failed' && pause !== undefined) later(pause, () => void send(payload, retry + 1))
  }
  const stop = workspace.changes.listen((change) => {
    const event = eventOf(workspace, change)
    if (event === undefined) return
    const payload = callback(workspace, event)
    sent.set(event.ts, payload)
    void send(payload, 0)
  })
  return {
    stop: () => {
      stop()
      isOver = true
      for (const callOff of waiting) callOff()
    },
    repeat: async (ts) => {
      if (!sent.has(ts)) throw new Error(`no event of a message ${ts} was sent`)
      await sockets.deliverEvent(sent.get(ts), 1)
    },
  }
}

/** What an app subscribes to, and the scope without which Slack does not send it all the same. */
const SUBSCRIPTIONS = {
  direct: { event: 'message.im', scope: 'im:history' },
  channel: { event: 'message.channels', scope: 'channels:history' },
}

/** Undefined for what the app did not subscribe to, or may not see. */
function eventOf(workspace: Workspace, change: Change) {
  if (change.kind !== 'posted') return undefined
  const isDirect = workspace.isDirect(change.channel)
  const { event, scope } = SUBSCRIPTIONS[isDirect ? 'direct' : 'channel']
  const { app } = workspace
  const isSent = app.manifest.settings.event_subscriptions.bot_events.includes(event) && app.scopes.includes(scope)
  if (!isSent || !workspace.channel(change.channel).botIsMember) return undefined
  const { metadata: _, ...message } = change.message
  const place = { channel: change.channel, channel_type: isDirect ? 'im' : 'channel' }
  return { ...message, ...place, event_ts: change.message.ts }
}

function callback({ app, team, clock }: Workspace, event: object) {
  return {
    token: app.verificationToken,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: slackId('Ev'),
    event_time: Math.floor(clock.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: team.id, user_id: app.botUserId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: false,
  }
}
