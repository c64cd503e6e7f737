/** The bot: reads its settings, knows all parts, and ends cleanly. */
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { PolicyError } from '../core/approvals/policy-file.ts'
import { describeError, RescueError } from '../core/base/errors.ts'
import { processLog } from '../core/base/process-log.ts'
import { type BotConfig, readBotConfig } from '../core/config/bot.ts'
import { ConfigError } from '../core/config/read.ts'
import { catalogues, type Language } from '../core/i18n/catalogue.ts'
import { Allowances } from '../core/store/allowances.ts'
import { connectRedis, RETRIES_WHILE_SOMEBODY_WAITS } from '../core/store/connect.ts'
import { assertDurable } from '../core/store/durable.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { Hearings } from '../core/store/hearings.ts'
import { Inventories } from '../core/store/inventories.ts'
import { Keepers } from '../core/store/keepers.ts'
import { Posts } from '../core/store/posts.ts'
import { RescueQueue } from '../core/store/queue.ts'
import { RefusedClicks } from '../core/store/refused-clicks.ts'
import { sealedAnswers, sealedPasswords } from '../core/store/sealed-hand-overs.ts'
import { noteSealingKey } from '../core/store/sealing-key.ts'
import { askingClient, startApp, streamingClient } from './app.ts'
import { Gatekeeper } from './gatekeeper.ts'
import { KnownInstances } from './instances/known-instances.ts'
import { policyOf } from './policy.ts'
import { Rescues } from './rescues.ts'
import { Languages } from './slack/languages.ts'
import { Membership } from './slack/membership.ts'
import { teamOf } from './slack/people.ts'
import { Poster } from './slack/poster.ts'
import { Budget } from './thread/budget.ts'
import { Threads } from './thread/threads.ts'
import { uploadOf } from './thread/uploads.ts'
import type { Voice, Voices } from './thread/words.ts'

async function main(): Promise<void> {
  const config = readBotConfig(process.env)
  const logger = processLog('bot', config.LOG_LEVEL)
  // Slack's socket client lets some rejections float; what is left behind is not known, so a supervisor starts us again.
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'a promise was rejected and nobody looked')
    process.exit(1)
  })
  const stopped = untilStopped()
  await using parts = new AsyncDisposableStack()
  await start(config, logger, parts)
  process.stdout.write('bot ready\n')
  logger.info({ signal: await stopped }, 'stopping')
}

async function start(config: BotConfig, logger: Logger, parts: AsyncDisposableStack): Promise<void> {
  const policy = await policyOf(config)
  const onTrouble = (error: unknown) => logger.warn({ err: error }, 'trouble with Redis')
  const redis = connectRedis(config.REDIS_URL, { name: 'oci-rescue-bot', retries: RETRIES_WHILE_SOMEBODY_WAITS })
  redis.on('error', onTrouble)
  parts.defer(() => redis.disconnect())
  for (const note of await assertDurable(redis)) logger.warn({ note }, 'this Redis is less durable than it could be')
  await noteSealingKey(redis, config.SEALING_KEY, 'bot', hostname())

  const log = parts.use(new RedisEventLog(redis, { onTrouble }))
  const queue = parts.use(new RescueQueue(redis, onTrouble))
  const languages = new Languages({ usual: config.RESCUE_LANGUAGE, channels: config.RESCUE_CHANNEL_LANGUAGES }, now)
  const access = { apiUrl: config.SLACK_API_URL, botToken: config.SLACK_BOT_TOKEN, appToken: config.SLACK_APP_TOKEN }
  const asking = askingClient(access, logger)
  const voice = (language: Language): Voice => ({
    text: catalogues[language],
    commandPrefix: config.RESCUE_COMMAND_PREFIX,
    policy,
  })
  const voices: Voices = {
    in: (channel) => voice(languages.in(channel)),
    of: async (user) => voice(await languages.of(user, asking)),
  }
  const home = await teamOf(asking)
  const membership = new Membership(asking, new Allowances(redis, `${home}:membership`), now)
  const onTroubleWith = (what: string, details: Readonly<Record<string, unknown>>) => logger.warn(details, what)
  const threads = parts.use(
    new Threads({
      log,
      gatekeeper: new Gatekeeper({ log, policy, membership, home, now: () => new Date() }),
      notes: new Posts(redis),
      passwords: sealedPasswords(redis, config.SEALING_KEY),
      poster: new Poster(streamingClient(access, logger)),
      budget: new Budget(new Allowances(redis, home), now),
      keepers: new Keepers(redis),
      voices,
      now,
      date: () => new Date(),
      uploadOf: (item, thread) => uploadOf(voices.in(thread.state.request?.channel), log, item, thread),
      onTrouble: onTroubleWith,
    }),
  )
  const rescues = new Rescues({
    log,
    enqueue: (rescue) => queue.add(rescue),
    sealed: sealedAnswers(redis, config.SEALING_KEY),
    policy,
    membership,
    home,
    refused: new RefusedClicks(redis, () => new Date()),
    now: () => new Date(),
    onRequested: (rescue) => threads.open(rescue),
    onTrouble: onTroubleWith,
  })
  const instances = new KnownInstances(new Inventories(redis), (error) =>
    logger.warn({ err: error }, 'the newest list of instances could not be had'),
  )
  const hearings = new Hearings(redis)
  const desk = { rescues, threads, hearings, instances, policy, voice: voices.in(undefined), languages, logger }
  parts.use(await startApp(access, desk, logger))
  await threads.resume()
  await rescues.enqueueUnclaimed()
}

/** Monotonic, so that a clock that is set does not stop the budget. */
function now(): number {
  return performance.now()
}

/** The first of the two signals ends us in order; a second one ends us at once, as it would by default. */
async function untilStopped(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  process.once('SIGTERM', resolve)
  process.once('SIGINT', resolve)
  return await promise
}

/** For whoever started us: which setting, which server; a stack only where it is our own fault. */
function report(error: unknown): string {
  if (error instanceof ConfigError || error instanceof PolicyError || error instanceof RescueError) return error.message
  return error instanceof Error && 'code' in error
    ? `${describeError(error)} (${String(error.code)})`
    : describeError(error)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  process.stderr.write(`${report(error)}\n`)
  process.exit(1)
}
