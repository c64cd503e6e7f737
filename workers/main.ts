/** The worker: reads its settings, knows all parts, and ends cleanly. */
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { describeError, RescueError } from '../core/base/errors.ts'
import { processLog } from '../core/base/process-log.ts'
import { ConfigError } from '../core/config/read.ts'
import { readWorkerConfig, type WorkerConfig } from '../core/config/worker.ts'
import { rescue } from '../core/rescue/rescue.ts'
import { connectRedis } from '../core/store/connect.ts'
import { assertDurable } from '../core/store/durable.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { Inventories } from '../core/store/inventories.ts'
import { InventorySchedule } from '../core/store/inventory-schedule.ts'
import { RescueQueue } from '../core/store/queue.ts'
import { sealedAnswers, sealedPasswords } from '../core/store/sealed-hand-overs.ts'
import { noteSealingKey } from '../core/store/sealing-key.ts'
import { InventoryWorker } from './inventory-worker.ts'
import { takeInventory } from './oci/inventory.ts'
import { Oci } from './oci/oci.ts'
import { quietConsole } from './oci/quiet-console.ts'
import { type OciAccess, signIn } from './oci/sign-in.ts'
import { type Report, RescueWorker } from './rescue-worker.ts'
import { KeyStock } from './serial/key-stock.ts'
import { worldFor } from './world.ts'

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env)
  // Enough to tell the workers of one team apart, and a restarted one from its predecessor.
  const workerId = `${hostname()}-${randomUUID().slice(0, 8)}`
  const logger = processLog('worker', config.LOG_LEVEL).child({ workerId })
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'a promise was rejected and nobody looked')
    process.exit(1)
  })
  quietConsole((said) => logger.debug({ said }, 'a library said something'))
  const stopped = untilStopped()
  await using parts = new AsyncDisposableStack()
  const worker = await Promise.race([start(config, workerId, logger, parts), stopped.then(neverReady)])
  process.stdout.write('worker ready\n')
  logger.info({ signal: await stopped }, 'stopping: rescues pay their debts')
  if ((await worker.stop()) === 'late') {
    logger.error('rescues are left to the next worker')
    process.exit(1)
  }
}

async function start(
  config: WorkerConfig,
  workerId: string,
  logger: Logger,
  parts: AsyncDisposableStack,
): Promise<RescueWorker> {
  const onTrouble = (error: unknown) => logger.warn({ err: error }, 'trouble with Redis')
  const redis = connectRedis(config.REDIS_URL, { name: 'oci-rescue-worker', retries: null })
  redis.on('error', onTrouble)
  parts.defer(() => redis.disconnect())
  for (const note of await assertDurable(redis)) logger.warn({ note }, 'this Redis is less durable than it could be')
  await noteSealingKey(redis, config.SEALING_KEY, 'worker', workerId)
  const access = await signIn({
    auth: config.OCI_AUTH,
    configFile: config.OCI_CONFIG_FILE,
    profile: config.OCI_CONFIG_PROFILE,
    region: config.OCI_REGION,
    endpoint: config.OCI_ENDPOINT,
  })
  const world = {
    access,
    compartments: config.OCI_COMPARTMENTS,
    loginPort: config.LOGIN_PORT,
    keys: new KeyStock(),
    sshClient: config.SSH_CLIENT,
    answers: sealedAnswers(redis, config.SEALING_KEY),
    passwords: sealedPasswords(redis, config.SEALING_KEY),
  }
  const report: Report = (level, message, facts) => logger[level](facts, message)
  const worker = new RescueWorker({
    ...{ workerId, run: rescue, worldFor: (fence) => worldFor(world, fence) },
    log: parts.use(new RedisEventLog(redis, { onTrouble })),
    queue: parts.use(new RescueQueue(redis, onTrouble)),
    settings: {
      gate1ExpiryMs: config.GATE_1_EXPIRY_SECONDS * 1000,
      gate2ExpiryMs: config.GATE_2_EXPIRY_SECONDS * 1000,
      passwordExpiryMs: config.PASSWORD_EXPIRY_SECONDS * 1000,
      shellIdleMs: config.SHELL_IDLE_SECONDS * 1000,
      shellLineMs: config.SHELL_LINE_SECONDS * 1000,
      workLimitMs: config.RESCUE_TIMEOUT_MINUTES * 60_000,
      patience: { catchAttempts: config.CATCH_ATTEMPTS },
    },
    slots: config.WORKER_CONCURRENCY,
    lockMs: config.WORKER_LOCK_SECONDS * 1000,
    stopMs: config.WORKER_STOP_SECONDS * 1000,
    report,
  })
  parts.defer(async () => {
    await worker.stop()
  })
  await worker.ready()
  await listInstances(config, { redis, access, report, onTrouble }, parts)
  return worker
}

interface Means {
  readonly redis: Redis
  readonly access: OciAccess
  readonly report: Report
  readonly onTrouble: (error: unknown) => void
}

/** Without compartments there is nothing to list: instances are then given by their OCIDs. */
async function listInstances(
  { OCI_COMPARTMENTS: compartments, INVENTORY_MINUTES: everyMinutes }: WorkerConfig,
  { redis, access, report, onTrouble }: Means,
  parts: AsyncDisposableStack,
): Promise<void> {
  if (compartments.length === 0) return
  // It only reads, so no rescue's fence is in its way.
  const oci = new Oci(access, async () => undefined)
  const lister = new InventoryWorker({
    schedule: parts.use(new InventorySchedule(redis, onTrouble)),
    inventories: new Inventories(redis),
    list: (options, signal) => takeInventory(oci, { ...options, compartments, everyMinutes }, signal),
    ...{ everyMinutes, report },
  })
  parts.defer(() => lister.stop())
  await lister.ready()
}

function neverReady(signal: NodeJS.Signals): never {
  throw new RescueError('operator', 'never-ready', `${signal} came before the worker was ready`)
}

function untilStopped(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal))
  })
}

try {
  await main()
} catch (error) {
  const expected = error instanceof ConfigError || (error instanceof RescueError && error.responsible === 'operator')
  process.stderr.write(`${expected || !(error instanceof Error) ? describeError(error) : error.stack}\n`)
  process.exit(1)
}
