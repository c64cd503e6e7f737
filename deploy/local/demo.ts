/**
 * `npm run demo`: sets everything up, then one unattended rescue of a real
 * machine. Prints the thread as it grows; ends with a table and the login, or
 * with what failed and the screen at that moment.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DemoOptions, readDemoOptions, USAGE } from './demo-options.ts'
import { type Login, logIn, makeKeyPair } from './login.ts'
import { readMachinesFile } from './machines/machines-file.ts'
import { untilInterrupted } from './processes.ts'
import { type LoggedEvent, readEvents, secondsByPhase } from './rescue-events.ts'
import { setUp } from './setup.ts'
import type { Message } from './slack/server/messages.ts'
import { defaultWorkspace } from './slack/server/options.ts'
import { type Running, start } from './start.ts'
import { ThreadPrinter } from './thread-printer.ts'
import { ask, decide, type Played } from './unattended.ts'

interface Result {
  readonly outcome: string
  readonly seconds: Readonly<Record<string, number>>
  readonly rescueId: string
  readonly thread: readonly Message[]
  readonly events: readonly LoggedEvent[]
  readonly login: Login | null
  readonly leftovers: { readonly consoleConnections: readonly unknown[]; readonly processes: readonly unknown[] }
}

/** With `--ignore` nobody comes: the gate that is ignored must not wait as long as in real life. */
const SOON_EXPIRED = '20'

await main()

async function main(): Promise<void> {
  using interrupted = untilInterrupted()
  try {
    const options = readDemoOptions(process.argv.slice(2))
    process.exitCode = (await demo(options, interrupted.signal)) ? 0 : 1
  } catch (thrown) {
    if (interrupted.signal.aborted) say('stopped; everything that was started has ended')
    else say(thrown instanceof Error ? thrown.message : String(thrown))
    if (thrown instanceof TypeError && 'code' in thrown) say(USAGE)
    process.exitCode = 1
  }
}

async function demo(options: DemoOptions, signal: AbortSignal): Promise<boolean> {
  const ready = await setUp({ for: 'demo', images: options.machines === undefined }, say, signal)
  const machines = options.machines === undefined ? ready.machines : await readMachinesFile(options.machines)
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-demo-'))
  try {
    const keys =
      options.key === undefined
        ? await makeKeyPair(directory, signal)
        : { key: options.key, identity: options.identity }
    const publicKey = await readFile(keys.key, 'utf8')
    const off = machines.map(({ name }) => name).filter((name) => !options.say.split(/\s+/).includes(name))
    const env = options.approval.kind === 'ignore' ? expiry(options.approval.gate) : {}
    await using running = await start({ machines, acceleration: ready.acceleration, off, env }, signal)
    say(`\n${options.say}`)
    const result = await play(running, { options, publicKey, identity: keys.identity }, signal)
    await running.close()
    const complete = { ...result, leftovers: { ...result.leftovers, processes: leftProcesses(running) } }
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(complete, null, 2)}\n`)
    return isAsAsked(complete, options)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

interface Part {
  readonly options: DemoOptions
  readonly publicKey: string
  readonly identity: string | undefined
}

async function play(running: Running, { options, publicKey, identity }: Part, signal: AbortSignal): Promise<Result> {
  const { approval, say: line } = options
  const played = await ask(running, { say: line, publicKey, approval }, signal)
  const stopPrinting = print(running, played)
  await decide(running, played, approval, signal)
  stopPrinting()
  const events = await readEvents(running.redis.url, played.rescue)
  const seconds = secondsByPhase(events)
  const ended = events.at(-1)?.event ?? { type: 'none' }
  const result = {
    outcome: String(ended.outcome),
    seconds,
    rescueId: played.rescue,
    thread: running.slack.thread(running.channel, played.card),
    events,
    login: await provenLogin(running, events, String(ended.outcome), identity, signal),
    leftovers: { consoleConnections: running.oci.consoleConnections(), processes: [] },
  }
  printTable(seconds)
  printEnd(running, result, ended)
  return result
}

function print({ slack, channel }: Running, { card }: Played): () => void {
  const users = defaultWorkspace.users.map(({ id, realName }) => [id, realName] as const)
  const names = new Map<string, string>([...users, [slack.botUserId, 'oci-rescue']])
  const printer = new ThreadPrinter(say, (user) => names.get(user) ?? user)
  const show = () => {
    for (const message of slack.thread(channel, card)) printer.show(message)
  }
  show()
  return slack.onChange(show)
}

/** The last word has OpenSSH, with the private key that belongs to the new public one. */
async function provenLogin(
  running: Running,
  events: readonly LoggedEvent[],
  outcome: string,
  identity: string | undefined,
  signal: AbortSignal,
): Promise<Login | null> {
  const target = targetOf(running, events)
  if (target === undefined || outcome !== 'recovered' || identity === undefined || !asksForKey(events)) return null
  return await logIn({ ...target.machine.sshd, user: target.user }, identity, signal)
}

/** Only then does the new key let anybody in. */
function asksForKey(events: readonly LoggedEvent[]): boolean {
  return textIn(requestedIn(events), 'name') === 'replace-key'
}

function requestedIn(events: readonly LoggedEvent[]): unknown {
  return events.find(({ event }) => event.type === 'requested')?.event.playbook
}

function targetOf({ oci, machines }: Running, events: readonly LoggedEvent[]) {
  const resolved = events.find(({ event }) => event.type === 'resolved')?.event.instance
  const user = textIn(requestedIn(events), 'user') ?? ''
  const id = textIn(resolved, 'id')
  const found = [...machines].find(([name]) => oci.instanceIds(name).some((one) => one === id))
  return found === undefined ? undefined : { name: found[0], machine: found[1], user }
}

function textIn(value: unknown, name: string): string | undefined {
  const entry = typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name) : []
  return typeof entry?.[1] === 'string' ? entry[1] : undefined
}

function printTable(seconds: Readonly<Record<string, number>>): void {
  say(`\n${'phase'.padEnd(14)} seconds`)
  for (const [phase, value] of Object.entries(seconds)) say(`${phase.padEnd(14)} ${value.toFixed(1).padStart(7)}`)
}

function printEnd(running: Running, result: Result, ended: LoggedEvent['event']): void {
  say(`\n${lastLine(targetOf(running, result.events)?.name ?? 'the instance', result, ended)}`)
  if (Array.isArray(ended.screen)) say(['--- screen ---', ...ended.screen].join('\n'))
}

function lastLine(name: string, { outcome, login }: Result, ended: LoggedEvent['event']): string {
  if (login !== null) return `recovered: ${login.user}@${name} logged in with ${login.fingerprint}`
  if (outcome === 'recovered') return `recovered: ${String(ended.code)}; no login was tried (--identity)`
  return `${outcome}: ${String(ended.code)} ${JSON.stringify(ended.details)}`
}

/** What was asked for: a recovery, or that nothing happened and the machine is up. */
function isAsAsked({ outcome, events, login, leftovers }: Result, { approval, key, identity }: DemoOptions): boolean {
  const clean = leftovers.consoleConnections.length === 0 && leftovers.processes.length === 0
  if (!clean) say(`left behind: ${JSON.stringify(leftovers)}`)
  const wanted = { approve: ['recovered', 'done'], deny: ['denied'], ignore: ['expired'] }[approval.kind]
  const machine = events.at(-1)?.event.machine
  // Of what is neither a repair nor a boot, nobody knows what the machine makes of it.
  const up = machine === 'up' || machine === 'untouched' || outcome === 'done'
  const noKey = !asksForKey(events) || (key !== undefined && identity === undefined)
  const loggedIn = approval.kind !== 'approve' || login !== null || noKey
  return clean && up && loggedIn && wanted.includes(outcome)
}

function expiry(gate: 1 | 2): Readonly<Record<string, string>> {
  return { [`GATE_${gate}_EXPIRY_SECONDS`]: SOON_EXPIRED }
}

function leftProcesses({ processes }: Running) {
  return processes.running().map(({ name, pid }) => ({ name, pid }))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
