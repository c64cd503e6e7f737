/** The bot as production runs it, a child process with its environment, beside a Slack stand-in and a Redis of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { parse } from 'yaml'
import { connectRedis } from '../../core/store/connect.ts'
import { RedisEventLog } from '../../core/store/event-log.ts'
import { defaultWorkspace, type SlackOptions } from '../../deploy/local/slack/server/options.ts'
import { type SlackStandIn, startSlack } from '../../deploy/local/slack/server/start.ts'
import { startRedis } from './redis.ts'

const ROOT = join(import.meta.dirname, '..', '..')

export const CHANNEL = 'C0OPSRESCUE'
export const REQUESTER = 'U0REQUESTER'
export const APPROVER = 'U0APPROVER'
export const OUTSIDER = 'U0OUTSIDER'

export type Environment = Readonly<Record<string, string>>

export interface BotProcess extends AsyncDisposable {
  readonly child: ChildProcess
  /** Everything it wrote to standard error, its log included. */
  readonly log: () => string
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  kill(): Promise<void>
}

/** Resolves once it says that it is ready; throws with its log when it ends instead. */
export async function startBot(environment: Environment): Promise<BotProcess> {
  const child = spawn(process.execPath, ['bot/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  let log = ''
  child.stderr.on('data', (piece) => {
    log += piece
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  child.stdout.on('data', (piece) => String(piece).includes('bot ready') && resolve())
  exited.then(([code]) => reject(new Error(`the bot ended with ${code}:\n${log}`)), reject)
  await promise
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await exited
  }
  return {
    child,
    log: () => log,
    stop: async () => {
      await end('SIGTERM')
      return child.exitCode
    },
    kill: () => end('SIGKILL'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  }
}

export interface Office extends AsyncDisposable {
  readonly slack: SlackStandIn
  readonly log: RedisEventLog
  readonly redis: Redis
  readonly environment: Environment
  /** The same without the lists of people, for a policy of its own. */
  readonly policyEnvironment: Environment
  /** For files; gone afterwards. */
  readonly directory: string
  readonly redisUrl: string
}

/** Channels besides the one that everybody is in. */
export type OfficeOptions = Pick<SlackOptions, 'channels'>

/** Slack and Redis, and what a bot has to be told about them. Closing it throws when the bot sent anything unfit. */
export async function openOffice({ channels = [] }: OfficeOptions = {}): Promise<Office> {
  await using parts = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-office-'))
  parts.defer(() => rm(directory, { recursive: true, force: true }))
  const redis = parts.use(await startRedis())
  const manifest: unknown = parse(readFileSync(join(ROOT, 'deploy/slack/manifest.yaml'), 'utf8'))
  const slack = parts.use(
    await startSlack({ ...defaultWorkspace, channels: [...defaultWorkspace.channels, ...channels], manifest }),
  )
  parts.defer(() => slack.throwViolations())
  const connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  parts.defer(() => connection.disconnect())
  const log = parts.use(new RedisEventLog(connection))
  const kept = parts.move()
  const policyEnvironment = {
    REDIS_URL: redis.url,
    SEALING_KEY: randomBytes(32).toString('base64'),
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
  }
  const lists = { RESCUE_CHANNELS: CHANNEL, RESCUE_REQUESTERS: REQUESTER, RESCUE_APPROVERS: APPROVER }
  return {
    slack,
    log,
    redis: connection,
    directory,
    redisUrl: redis.url,
    policyEnvironment,
    environment: { ...policyEnvironment, ...lists },
    [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose](),
  }
}
