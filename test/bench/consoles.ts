/**
 * Two hundred consoles in one worker process, each replaying a boot at line rate: what
 * they cost that process, and how fast each presses the first key at its menu. Measured
 * from outside, by the machines that speak and by the kernel that counts.
 */
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type RunningProcess, startProcess } from '../../deploy/local/processes.ts'
import { recording } from '../helpers/recordings.ts'
import { npmScript } from './npm-script.ts'
import { percentile } from './numbers.ts'
import type { Print } from './print.ts'
import { BYTES_PER_MS, filmOf, Replay } from './replay.ts'

const CONSOLES = 200
/** How often each machine speaks: a gateway gathers what a port says before it sends a packet. */
const PIECE_MS = 10
/** Until all is compiled that runs often, and every console's scrollback is full. */
const WARM_MS = 20_000
const MEASURED_MS = 30_000
/** proc_pid_stat(5) counts processor time in ticks, 100 a second on every Linux that Node runs on. */
const MS_PER_TICK = 10

export async function benchConsoles(print: Print, signal: AbortSignal): Promise<void> {
  const one = await measure(1, signal)
  const all = await measure(CONSOLES, signal)
  const each = (all.residentBytes - one.residentBytes) / (CONSOLES - 1) / 2 ** 20
  const { reactions } = all
  const pace = `the lines at ${(100 * all.pace).toFixed(0)} % of their speed`
  print(
    `consoles ${CONSOLES} at 115200 baud: ${(100 * all.load).toFixed(0)} % of one core (goal 60), ${pace}`,
    all.load <= 0.6,
  )
  print(
    `consoles resident ${each.toFixed(2)} MiB each (goal 1.5), ${mebibytes(one.residentBytes)} MiB for one alone`,
    each <= 1.5,
  )
  const [middle, slow] = [percentile(reactions, 50), percentile(reactions, 99)]
  print(
    `consoles reaction p50 ${middle.toFixed(1)} p99 ${slow.toFixed(1)} ms of ${reactions.length} menus (goal p99 50)`,
    slow <= 50,
  )
}

interface Cost {
  /** Processor time for each second, 1 for a whole core. */
  readonly load: number
  /** How much of what 115200 baud carry was said: far less than 1 on a machine too busy for this measurement. */
  readonly pace: number
  readonly residentBytes: number
  /** From a menu's last byte to the first key, ms. */
  readonly reactions: readonly number[]
}

async function measure(count: number, signal: AbortSignal): Promise<Cost> {
  await using undo = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-bench-'))
  undo.defer(() => rm(folder, { recursive: true, force: true }))
  const path = join(folder, 'lines')
  const film = filmOf(recording('debian-12'))
  const replays: Replay[] = []
  const server = createServer((socket) => replays.push(new Replay(film, socket, replays.length / count)))
  undo.defer(() => void server.close())
  server.listen(path)
  await once(server, 'listening', { signal })
  const worker = undo.use(await startWorker(path, count))
  const speaking = setInterval(() => replays.forEach((replay) => void replay.tick()), PIECE_MS)
  undo.defer(() => clearInterval(speaking))
  const takeReactions = () => replays.flatMap((replay) => replay.takeReactions())
  const takeSaid = () => replays.reduce((sum, replay) => sum + replay.takeSaid(), 0)
  await sleep(WARM_MS, undefined, { signal })
  takeReactions()
  takeSaid()
  const [before, began] = [await processorMs(worker), performance.now()]
  await sleep(MEASURED_MS, undefined, { signal })
  if (!worker.isRunning() || replays.length !== count) throw new Error(`the consoles ended: ${worker.lastLines()}`)
  const took = performance.now() - began
  const load = ((await processorMs(worker)) - before) / took
  const pace = takeSaid() / (count * BYTES_PER_MS * took)
  return { load, pace, residentBytes: await residentBytes(worker), reactions: takeReactions() }
}

async function startWorker(path: string, count: number): Promise<RunningProcess> {
  const program = fileURLToPath(import.meta.resolve('./console-worker.ts'))
  // Young objects of two hundred consoles may fill 16 MiB before they are collected, unless the worker's flags say otherwise.
  const flags = (await npmScript('worker')).args.filter((word) => word.startsWith('--'))
  const args = [...flags, program, path, String(count)]
  // It has nothing to say goodbye to.
  return startProcess({ name: 'consoles', command: process.execPath, args, graceMs: 500 })
}

/** In user and kernel mode, all threads: fields 14 and 15, counted from behind the name, which may hold blanks. */
async function processorMs({ pid }: RunningProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK
}

async function residentBytes({ pid }: RunningProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(?<kibibytes>\d+) kB$/m.exec(status)?.groups?.kibibytes) * 1024
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
