/**
 * What all journeys stand on: everything started as the demo starts it, around
 * one machine whose disk can be read afterwards.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runCommand } from '../../deploy/local/commands.ts'
import { Ext4 } from '../../deploy/local/machines/ext4.ts'
import { type LoggedEvent, readEvents } from '../../deploy/local/rescue-events.ts'
import { setUp } from '../../deploy/local/setup.ts'
import { type Running, start } from '../../deploy/local/start.ts'
import { ask, type Played } from '../../deploy/local/unattended.ts'

export const COMMAND = '/oci-rescue replace-key web-1 opc'
export const KEYS_FILE = '/home/opc/.ssh/authorized_keys'
/** Where the partition with the root file system begins, in bytes. */
const ROOT_OFFSET = 1 << 20
const never = new AbortController().signal

export interface Journey extends AsyncDisposable {
  readonly running: Running
  /** A new key pair: the public line, and the file of the private half. */
  readonly publicKey: string
  readonly identity: string
  ask(): Promise<Played>
  events(played: Played): Promise<readonly LoggedEvent[]>
  /** Switches the machine off and reads files off its disk; undefined for one that is not there. */
  readDisk(paths: readonly string[]): Promise<readonly (string | undefined)[]>
  /** The same files as they were before anything was started. */
  readonly before: readonly (string | undefined)[]
}

/** Starts bot, worker, stand-ins and `web-1`. `env` goes to bot and worker. */
export async function startJourney(env: Readonly<Record<string, string>> = {}): Promise<Journey> {
  await using undo = new AsyncDisposableStack()
  const { machines, acceleration } = await setUp({ for: 'tests' }, (line) => console.log(line), never)
  const base = machines.find(({ name }) => name === 'web-1')
  if (base === undefined) throw new Error('there is no machine web-1')
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-journey-'))
  undo.defer(() => rm(directory, { recursive: true, force: true }))
  const disk = join(directory, 'web-1.qcow2')
  await runCommand('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', base.disk, '-F', base.format, disk])
  const before = await readFiles(base.disk, base.format, [KEYS_FILE], directory)
  const identity = join(directory, 'key')
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'riya@laptop', '-f', identity])
  const publicKey = await runCommand('cat', [`${identity}.pub`])
  const spec = { ...base, disk, format: 'qcow2', keep: true } as const
  const running = undo.use(await start({ machines: [spec], acceleration, env }, never))
  undo.defer(() => running.slack.throwViolations())
  const belongings = undo.move()
  return {
    running,
    publicKey,
    identity,
    before,
    ask: () => ask(running, { say: COMMAND, publicKey, approval: { kind: 'approve' } }, never),
    events: ({ rescue }) => readEvents(running.redis.url, rescue),
    readDisk: async (paths) => {
      await running.machines.get('web-1')?.stop()
      return await readFiles(disk, 'qcow2', paths, directory)
    },
    [Symbol.asyncDispose]: () => belongings.disposeAsync(),
  }
}

/** The last event of a rescue, which must be its end. */
export function endOf(events: readonly LoggedEvent[]): LoggedEvent['event'] {
  const last = events.at(-1)?.event
  if (last?.type !== 'ended') throw new Error(`the rescue has not ended: ${JSON.stringify(last)}`)
  return last
}

/** Until a phase has begun and its gate, if it is one, is open. */
export async function untilGate(journey: Journey, played: Played, gate: 1 | 2): Promise<void> {
  for (;;) {
    const events = await journey.events(played)
    if (events.some(({ event }) => event.type === 'gate-opened' && event.gate === gate)) return
    if (events.some(({ event }) => event.type === 'ended')) throw new Error(JSON.stringify(endOf(events)))
    await sleep(250)
  }
}

/** sshd's greeting: the machine is up, whatever anybody says about it. */
export async function greetingOfSshd({ running }: Pick<Journey, 'running'>, name = 'web-1'): Promise<string> {
  const { host, port } = running.machines.get(name)?.sshd ?? { host: '', port: 0 }
  for (;;) {
    const greeting = await greetingOnce(host, port)
    if (greeting !== '') return greeting
    await sleep(500)
  }
}

/** QEMU accepts before the guest does, and then hangs up: an empty greeting. */
function greetingOnce(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, host)
    const answer = (text: string) => {
      socket.destroy()
      resolve(text)
    }
    socket.setTimeout(5000, () => answer(''))
    socket.once('data', (bytes) => answer(bytes.toString()))
    socket.once('error', () => answer(''))
    socket.once('close', () => answer(''))
  })
}

/**
 * A machine that was switched off leaves changes in its file system's journal, and
 * folders half written: e2fsck plays the journal back first, as the kernel does at
 * the next mount.
 */
async function readFiles(
  disk: string,
  format: string,
  paths: readonly string[],
  directory: string,
): Promise<readonly (string | undefined)[]> {
  const root = join(directory, 'root.ext4')
  const partition = `driver=raw,offset=${ROOT_OFFSET},file.driver=${format},file.file.filename=${disk}`
  await runCommand('qemu-img', ['convert', '--image-opts', partition, '-O', 'raw', root])
  await runCommand('e2fsck', ['-y', '-E', 'journal_only', root])
  const files = new Ext4(root, 0)
  const texts: (string | undefined)[] = []
  for (const path of paths) {
    texts.push((await files.status(path)) === undefined ? undefined : await files.read(path))
  }
  await rm(root)
  return texts
}
