/**
 * Processes that stay: each writes its lines to a file, is ended by its own id, and
 * ends when we end, whatever way that happens. For commands that run to their end,
 * see commands.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireCommand } from './commands.ts'

export interface ProcessSpec {
  /** What people call it, in messages. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** The whole environment; ours when not given. */
  readonly env?: NodeJS.ProcessEnv
  /** Everything it writes is appended here, line by line. */
  readonly logFile?: string
  readonly onLine?: (line: string) => void
  /** How long it has between SIGTERM and SIGKILL, in ms; 5000 when not given. */
  readonly graceMs?: number
}

export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface RunningProcess extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  /** Resolves when the process has ended and its last line has been read. */
  readonly exited: Promise<ProcessExit>
  isRunning(): boolean
  /** The end of what it wrote, for the message when it dies. */
  lastLines(): string
  signal(name: NodeJS.Signals): void
  /** SIGTERM, after the grace SIGKILL, and nothing of its process group is left. */
  close(): Promise<void>
}

/** How many lines of a process are kept for the message about its death. */
const KEPT_LINES = 20

/**
 * Starts a process. It gets a process group of its own, so that Ctrl-C in the
 * terminal reaches only us and we end things in order; and the kernel kills it
 * should we die without having done so (PR_SET_PDEATHSIG, set by util-linux's setpriv).
 */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  const command = requireCommand(spec.command, spec.env ?? process.env)
  const child = spawn(requireCommand('setpriv', process.env), ['--pdeathsig', 'KILL', '--', command, ...spec.args], {
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    ...(spec.env !== undefined && { env: spec.env }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const pid = await spawned(child)
  return handle(spec, child, pid)
}

function spawned(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('spawn', () => child.pid !== undefined && resolve(child.pid))
  })
}

function handle(spec: ProcessSpec, child: ChildProcess, pid: number): RunningProcess {
  const kept: string[] = []
  const written = collectLines(child, spec, kept)
  const ended = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      signalGroup(pid, 'SIGKILL')
      resolve({ code, signal })
    })
  })
  const exited = ended.then(async (exit) => {
    // One second: a grandchild in a session of its own may hold the pipes open for ever.
    await Promise.race([written, sleep(1000)])
    return exit
  })
  const isRunning = () => child.exitCode === null && child.signalCode === null
  const close = async () => {
    if (isRunning()) child.kill('SIGTERM')
    const grace = new AbortController()
    const late = sleep(spec.graceMs ?? 5000, 'late' as const, { signal: grace.signal }).catch(() => 'in time' as const)
    if ((await Promise.race([ended, late])) === 'late') signalGroup(pid, 'SIGKILL')
    grace.abort()
    await exited
  }
  return {
    name: spec.name,
    pid,
    exited,
    isRunning,
    lastLines: () => kept.join('\n'),
    signal: (name) => void child.kill(name),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Resolves when both outputs have ended and the log file is complete. */
async function collectLines(child: ChildProcess, spec: ProcessSpec, kept: string[]): Promise<void> {
  const log = spec.logFile === undefined ? undefined : createWriteStream(spec.logFile, { flags: 'a' })
  const take = (line: string) => {
    log?.write(`${line}\n`)
    kept.push(line)
    if (kept.length > KEPT_LINES) kept.shift()
    spec.onLine?.(line)
  }
  await Promise.all([child.stdout, child.stderr].map((output) => readLines(output, take)))
  log?.end()
  if (log !== undefined) await finished(log)
}

function readLines(output: Readable | null, take: (line: string) => void): Promise<void> {
  if (output === null) return Promise.resolve()
  return new Promise((resolve) => createInterface({ input: output }).on('line', take).once('close', resolve))
}

/** The group may be gone already, which is what was wanted. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

export interface Processes extends AsyncDisposable {
  start(spec: ProcessSpec): Promise<RunningProcess>
  /** Those that were started here and still run. */
  running(): readonly RunningProcess[]
  /** Ends all, the youngest first. */
  close(): Promise<void>
}

export function createProcesses(): Processes {
  const started: RunningProcess[] = []
  const close = async () => {
    for (const one of started.toReversed()) await one.close()
  }
  return {
    start: async (spec) => {
      const one = await startProcess(spec)
      started.push(one)
      return one
    },
    running: () => started.filter((one) => one.isRunning()),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** `signal.reason` after Ctrl-C or its relatives. */
export class Interrupted extends Error {
  constructor(by: NodeJS.Signals) {
    super(`interrupted by ${by}`)
    this.name = 'Interrupted'
  }
}

/**
 * The signal that ends a program in good order at the first SIGINT, SIGTERM or
 * SIGHUP. A second one exits at once, and the kernel kills what we started.
 */
export function untilInterrupted(): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  let first: number | undefined
  const onSignal = (by: NodeJS.Signals) => {
    // npm passes on the SIGINT that the terminal has already sent to us: within half a second it is the same keypress.
    if (first !== undefined && Date.now() - first > 500) process.exit(130)
    first ??= Date.now()
    controller.abort(new Interrupted(by))
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, onSignal)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of names) process.off(name, onSignal)
    },
  }
}
