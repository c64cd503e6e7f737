/** The Bolt app over Socket Mode, with its listeners; nothing runs before `startApp`. */
import { App, SocketModeReceiver } from '@slack/bolt'
import { WebClient, type WebClientOptions } from '@slack/web-api'
import type { Logger } from 'pino'
import { registerActions } from './actions/actions.ts'
import { registerStartActions } from './actions/start.ts'
import { registerCommands } from './commands/commands.ts'
import type { Desk } from './desk.ts'
import { registerSuggestions } from './instances/suggestions.ts'
import { registerModals } from './modals/modals.ts'
import { registerSendFile } from './modals/send-file.ts'
import { registerShortcuts } from './shortcuts/shortcuts.ts'
import { slackLogger } from './slack/logging.ts'
import { registerThreadCommands } from './thread-commands/thread-commands.ts'

export interface SlackAccess {
  readonly apiUrl: string
  readonly botToken: string
  readonly appToken: string
}

/**
 * How long a pong may take, and, by a quirk of the client, how long it waits before it connects again after Slack asked
 * it to: 5 s by default.
 */
const PING_TIMEOUT_MS = 2500
/** A call that hangs would hang for ever by default. */
const CALL_TIMEOUT_MS = 10_000
/** After this, a form could not be opened any more. */
const ANSWER_TIMEOUT_MS = 1500
/** Somebody waits for these calls, and Slack for three seconds at most. */
const RETRIES_WHILE_SOMEBODY_WAITS = 2

export interface RunningApp extends AsyncDisposable {
  close(): Promise<void>
}

/**
 * Resolves when Slack has said hello; throws when it does not take the tokens. There are two connections: Slack asks each
 * to connect again every few hours, and gives what people do meanwhile to the other.
 */
export async function startApp(access: SlackAccess, desk: Desk, logger: Logger): Promise<RunningApp> {
  const receiver = makeReceiver(access, logger)
  const second = makeReceiver(access, logger)
  const app = new App({
    token: access.botToken,
    receiver,
    logger: slackLogger(logger),
    // An own object: the socket's client writes its own retries into the one it gets.
    // A 429 is an answer: the client would keep all other calls waiting until it is over, forms too.
    clientOptions: { ...clientOptions(access, logger), rejectRateLimitedCalls: true },
    convoStore: false,
    deferInitialization: true,
  })
  registerCommands(app, desk)
  registerModals(app, desk)
  registerSendFile(app, desk)
  registerActions(app, desk)
  registerStartActions(app, desk)
  registerSuggestions(app, desk)
  registerShortcuts(app, desk)
  registerThreadCommands(app, desk)
  app.error(async (error) => logger.error({ code: error.code, reason: error.message }, 'a listener failed'))
  await app.init()
  await app.start()
  second.init(app)
  await second.start()
  const close = async () => {
    // `stop` resolves before the socket is closed.
    await app.stop()
    await Promise.all([receiver, second].map(({ client }) => client.disconnect()))
  }
  return { close, [Symbol.asyncDispose]: close }
}

function makeReceiver(access: SlackAccess, logger: Logger): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: access.appToken,
    clientPingTimeout: PING_TIMEOUT_MS,
    logger: slackLogger(logger),
    installerOptions: { clientOptions: clientOptions(access, logger) },
  })
}

/**
 * For everything that nobody waits for. Each call is made once: a post that is repeated stands there twice, and a 429
 * must not hold up others.
 */
export function streamingClient(access: SlackAccess, logger: Logger): WebClient {
  return new WebClient(access.botToken, {
    slackApiUrl: access.apiUrl,
    logger: slackLogger(logger),
    timeout: CALL_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  })
}

/** For what decides whether somebody may do something: an answer within Slack's three seconds, or none. */
export function askingClient(access: SlackAccess, logger: Logger): WebClient {
  return new WebClient(access.botToken, {
    slackApiUrl: access.apiUrl,
    logger: slackLogger(logger),
    timeout: ANSWER_TIMEOUT_MS,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  })
}

/** Never with `headers`: the client would put the bot's token into them, and the socket would be opened with it. */
function clientOptions(access: SlackAccess, logger: Logger): WebClientOptions {
  return {
    slackApiUrl: access.apiUrl,
    logger: slackLogger(logger),
    timeout: CALL_TIMEOUT_MS,
    retryConfig: { retries: RETRIES_WHILE_SOMEBODY_WAITS },
  }
}
