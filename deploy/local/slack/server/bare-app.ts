/** For tests: the smallest thing that is an app. Calls the Web API, hears envelopes, and answers them or keeps silent. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { z } from 'zod'
import type { SlackManifest } from './options.ts'
import type { SlackStandIn } from './start.ts'

const Envelope = z.looseObject({ type: z.string(), envelope_id: z.string().optional(), payload: z.unknown() })
type Envelope = z.infer<typeof Envelope>

const Answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() })
export type Answer = z.infer<typeof Answer> & { status: number; retryAfter: string | null }

/** A manifest with all scopes that the tests need. */
export function testManifest(scopes: readonly string[] = EVERYTHING): z.input<typeof SlackManifest> {
  return {
    display_information: { name: 'Test' },
    features: {
      bot_user: { display_name: 'test-bot' },
      slash_commands: [{ command: '/test', description: 'Tests', should_escape: true }],
    },
    oauth_config: { scopes: { bot: [...scopes] } },
    settings: { interactivity: { is_enabled: true }, socket_mode_enabled: true },
  }
}

const EVERYTHING = [
  'commands',
  'chat:write',
  'files:write',
  'files:read',
  'channels:read',
  'channels:history',
  'users:read',
]

/** Calls a method with JSON; `token` is the bot's unless another is given. */
export async function call(
  slack: SlackStandIn,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
  token: string | undefined = slack.botToken,
): Promise<Answer> {
  const response = await fetch(slack.apiUrl + method, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(args),
  })
  const answer = Answer.parse(await response.json())
  return { ...answer, status: response.status, retryAfter: response.headers.get('retry-after') }
}

export interface BareApp extends AsyncDisposable {
  readonly heard: readonly Envelope[]
  close(): Promise<void>
}

/** Connects; `answer` gives what goes into each acknowledgement, or undefined to stay silent. */
export async function connect(slack: SlackStandIn, answer: (payload: unknown) => unknown): Promise<BareApp> {
  const { url } = await call(slack, 'apps.connections.open', {}, slack.appToken)
  const socket = new WebSocket(String(url))
  const heard: Envelope[] = []
  const hello = once(socket, 'message')
  await hello
  socket.on('message', async (data) => {
    const envelope = Envelope.parse(JSON.parse(String(data)))
    heard.push(envelope)
    const payload = await answer(envelope.payload)
    if (envelope.envelope_id !== undefined && payload !== undefined)
      socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload }))
  })
  const close = async () => {
    if (socket.readyState === WebSocket.CLOSED) return
    const closed = once(socket, 'close')
    socket.close()
    await closed
  }
  return { heard, close, [Symbol.asyncDispose]: close }
}

export function plainText(text: string) {
  return { type: 'plain_text' as const, text }
}
