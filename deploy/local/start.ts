/**
 * Starts all of it on loopback: Redis, the stand-ins for Slack and OCI, the
 * machines, and then bot and worker as they are started in production: as
 * processes of their own that get everything through their environment.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { workUnderWay } from './clock/at-work.ts'
import { LocalClock } from './clock/local-clock.ts'
import type { Acceleration } from './machines/acceleration.ts'
import type { Machine, MachineSpec } from './machines/machine.ts'
import { startMachine } from './machines/vm.ts'
import { type OciStandIn, startOci } from './oci/oci.ts'
import { ociSwitch } from './oci-switch.ts'
import { freePort } from './ports.ts'
import { createProcesses, type Processes, type RunningProcess } from './processes.ts'
import { type LocalRedis, startRedis } from './redis.ts'
import { defaultWorkspace } from './slack/server/options.ts'
import { type SlackStandIn, startSlack } from './slack/server/start.ts'

export interface StartOptions {
  readonly machines: readonly MachineSpec[]
  readonly acceleration: Acceleration
  /** Names of the machines that are switched off: OCI says STOPPED of them. */
  readonly off?: readonly string[]
  /** More environment variables for bot and worker, e.g. `GATE_2_EXPIRY_SECONDS`. */
  readonly env?: Readonly<Record<string, string>>
  /** Ports of the chat page; a free one when not given. */
  readonly pagePort?: number
  /** Whoever sits at the page can let time pass, for all but the machines. */
  readonly movesClock?: boolean
  /** Makes a machine; one under QEMU when not given. */
  readonly makeMachine?: typeof startMachine
}

export interface Running extends AsyncDisposable {
  readonly slack: SlackStandIn
  readonly oci: OciStandIn
  readonly redis: LocalRedis
  readonly machines: ReadonlyMap<string, Machine>
  readonly processes: Processes
  readonly bot: RunningProcess
  readonly worker: RunningProcess
  /** Who plays which part in the workspace, and where. */
  readonly people: { readonly requester: string; readonly approver: string; readonly outsider: string }
  readonly channel: string
  /** Logs of all processes. */
  readonly directory: string
  /** One more worker on the same queue. */
  startWorker(name: string, env?: Readonly<Record<string, string>>): Promise<RunningProcess>
  close(): Promise<void>
}

const ROOT = join(import.meta.dirname, '..', '..')
const REGION = 'ap-tokyo-1'
const COMPARTMENT = 'apps/prod'
/** What `openssl rand -base64 32` gives those who run it themselves. */
const SEALING_KEY_BYTES = 32
/** A loopback network of our own, so that each machine has port 22's stand-in on an address of its own. */
const NETWORK = '127.77.0'

export async function start(options: StartOptions, signal: AbortSignal): Promise<Running> {
  await using undo = new AsyncDisposableStack()
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-run-'))
  undo.defer(() => rm(directory, { recursive: true, force: true }))
  const redis = undo.use(await startRedis(join(directory, 'redis'), signal))
  const hindrance = () => workUnderWay(redis.url)
  const clock = options.movesClock === true ? undo.use(await LocalClock.start(directory, hindrance)) : undefined
  const manifest = await readManifest()
  const [slack, machines] = await Promise.all([
    startSlack({ manifest, port: options.pagePort ?? 0, movableClock: clock }).then((one) => undo.use(one)),
    startMachines(options, directory, undo, signal),
  ])
  const key = await makeApiKey(directory)
  const oci = undo.use(
    await startOci({
      ...{ region: REGION, apiKeys: [key.public], compartmentPath: COMPARTMENT },
      now: () => clock?.now() ?? Date.now(),
      machines: [...machines.values()].map(asInstance),
    }),
  )
  slack.addSwitch(ociSwitch(oci.faults))
  const processes = undo.use(createProcesses())
  const shared = {
    ...plainEnvironment(),
    ...clock?.environment,
    REDIS_URL: redis.url,
    SEALING_KEY: randomBytes(SEALING_KEY_BYTES).toString('base64'),
    LOG_LEVEL: 'debug',
  }
  const startOwn = (name: string, script: string, env: Readonly<Record<string, string | undefined>>) =>
    startUntilReady(processes, directory, name, script, { ...shared, ...env, ...options.env }, signal)
  const startWorker = (name: string, env: Readonly<Record<string, string>> = {}) =>
    startOwn(name, 'workers/main.ts', { ...workerEnvironment(oci, machines, key.configFile), ...env })
  const [bot, worker] = await Promise.all([
    startOwn('bot', 'bot/main.ts', botEnvironment(slack)),
    startWorker('worker'),
  ])
  const belongings = undo.move()
  const close = () => belongings.disposeAsync()
  const { people, channel } = PARTS
  const running = { slack, oci, redis, machines, processes, bot, worker, people, channel, directory, startWorker }
  return { ...running, close, [Symbol.asyncDispose]: close }
}

const [requester, approver, outsider, secondApprover] = defaultWorkspace.users
const PARTS = {
  people: { requester: requester.id, approver: approver.id, outsider: outsider.id },
  channel: defaultWorkspace.channels[0].id,
}

async function readManifest(): Promise<unknown> {
  return parse(await readFile(join(ROOT, 'deploy/slack/manifest.yaml'), 'utf8'))
}

async function startMachines(
  options: StartOptions,
  directory: string,
  undo: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Machine>> {
  const hosts = options.machines.map((_, index) => `${NETWORK}.${index + 2}`)
  const sshdPort = await freePort(hosts[0] ?? `${NETWORK}.2`)
  const machines = new Map<string, Machine>()
  const make = options.makeMachine ?? startMachine
  for (const [index, spec] of options.machines.entries()) {
    const place = { directory: join(directory, spec.name), sshdHost: hosts[index] ?? `${NETWORK}.2`, sshdPort }
    const paused = options.off?.includes(spec.name) === true
    const machine = await make(spec, { ...place, acceleration: options.acceleration, paused }, signal)
    machines.set(spec.name, undo.use(machine))
  }
  return machines
}

function asInstance(machine: Machine) {
  return { machine, displayName: machine.spec.name }
}

/** An API key as OCI's console makes them, and the configuration file that names it. */
async function makeApiKey(directory: string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const tenancyId = 'ocid1.tenancy.oc1..local'
  const userId = 'ocid1.user.oc1..oci-rescue'
  const fingerprint = '00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff'
  const keyFile = join(directory, 'oci', 'api-key.pem')
  const configFile = join(directory, 'oci', 'config')
  await mkdir(join(directory, 'oci'), { mode: 0o700 })
  await writeFile(keyFile, privateKey, { mode: 0o600 })
  const entries = { user: userId, fingerprint, tenancy: tenancyId, region: REGION, key_file: keyFile }
  const lines = Object.entries(entries).map(([name, value]) => `${name}=${value}`)
  await writeFile(configFile, ['[DEFAULT]', ...lines, ''].join('\n'), { mode: 0o600 })
  return { configFile, public: { tenancyId, userId, fingerprint, publicKeyPem: publicKey } }
}

/** Nothing of whoever runs this reaches bot and worker: no proxy, no agent, no OCI settings. */
function plainEnvironment(): Record<string, string | undefined> {
  return { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' }
}

function botEnvironment(slack: SlackStandIn): Record<string, string> {
  const { people, channel } = PARTS
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    RESCUE_CHANNELS: channel,
    RESCUE_REQUESTERS: [people.requester, people.approver, secondApprover.id].join(','),
    RESCUE_APPROVERS: [people.approver, secondApprover.id].join(','),
  }
}

function workerEnvironment(
  oci: OciStandIn,
  machines: ReadonlyMap<string, Machine>,
  configFile: string,
): Record<string, string> {
  const [first] = machines.values()
  return {
    OCI_CONFIG_FILE: configFile,
    OCI_ENDPOINT: oci.endpoint,
    OCI_COMPARTMENTS: oci.compartmentId,
    ...(first === undefined ? {} : { LOGIN_PORT: String(first.sshd.port) }),
  }
}

/** Both programs print one line when they are ready; one that ends before it is shown with its last words. */
async function startUntilReady(
  processes: Processes,
  directory: string,
  name: string,
  script: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<RunningProcess> {
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  const running = await processes.start({
    name,
    command: process.execPath,
    args: [join(ROOT, script)],
    cwd: ROOT,
    env: { ...env },
    logFile: join(directory, `${name}.log`),
    // SIGTERM lets a worker boot the machines normally that it has taken down, which takes minutes under emulation.
    graceMs: 180_000,
    onLine: (line) => {
      if (/\b(?:bot|worker) ready\b/.test(line)) resolve()
    },
  })
  const died = running.exited.then(() => {
    throw new Error(`${name} ended before it was ready:\n${running.lastLines()}`)
  })
  // Once it is ready, its end is somebody else's business.
  died.catch(() => undefined)
  await Promise.race([ready, died, rejectedBy(signal)])
  return running
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
