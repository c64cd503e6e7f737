/**
 * From a bare root prompt to a shell that can be worked with: the kernel silent,
 * a shell with a terminal of its own where that is possible (bash where there is
 * one), no echo, and a proof that it answers.
 *
 * A shell that the kernel started as process 1 has no controlling terminal, so
 * Ctrl-C does nothing and a command that hangs hangs for ever. A child on the
 * same serial line has one. It must be a child: process 1 that ends, even by
 * `exec setsid`, takes the kernel down with it.
 */
import { RescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import { watch } from '../machine/watch.ts'
import { type Findings, firstLine, readFindings } from './first-line.ts'
import { interruptShell } from './interrupt.ts'
import { nonce } from './nonce.ts'
import { inHalves } from './remote-functions.ts'
import { SerialShell } from './serial-shell.ts'
import { setUp } from './set-up.ts'
import { type Lack, type Surroundings, surroundingsOf } from './surroundings.ts'

/** The prompt is on the screen when we come; a line that was just drawn over it may still be moving. */
const PROMPT_MS = 10_000
/** Under emulation the first processes take seconds: nothing of them is in memory yet. */
const ANSWER_MS = 20_000
const ATTEMPTS = 3
/** A prompt that an interrupt brings back is there at once. */
const CLOSED_MS = 2000
const SHELLS = ['maintenance-shell', 'initramfs-shell'] as const

export interface EnterOptions {
  /** Where the shell looks for programs; where they are on every Linux if not given. */
  readonly path?: string
  /** Milliseconds without a byte after which an answer is taken for lost. */
  readonly quietMs?: number
}

/**
 * Throws `shell-unclean` when what answers is not a shell that does what it is told, `Stuck`, `NothingAppeared`
 * when there is no root prompt.
 */
export async function enterShell(
  console: Console,
  signal: AbortSignal,
  { path = PATH, quietMs }: EnterOptions = {},
): Promise<SerialShell> {
  const found = await silenceAndLook(console, path, signal)
  const child = await startChild(console, found, signal)
  const prompt = nonce()
  const surroundings = await setUpAny(console, prompt, candidates(found, child), signal)
  const lacks: Lack[] = []
  if (!found.isSilent) lacks.push('silence')
  if (!found.isInterruptible && child === undefined) lacks.push('interrupt')
  return new SerialShell(console, prompt, surroundings, { lacks, quietMs })
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** All in one line: the first thing is that the kernel must not talk into the answers. */
async function silenceAndLook(console: Console, path: string, signal: AbortSignal): Promise<Findings> {
  let found: Findings | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await untilPrompt(console, attempt, signal)
    const name = nonce()
    const look = (heard: string) => readFindings(heard, name)
    found = (await heardAfter(console, [firstLine(name, path)], look, signal)) ?? found
    if (found?.isSilent) return found
  }
  if (found === undefined) throw unclean(console)
  return found
}

/** A line that was torn may have left the shell waiting for its end: for more of a word, or for a command's. */
async function untilPrompt(console: Console, attempt: number, signal: AbortSignal): Promise<void> {
  if (attempt > 0) await interruptShell(console, signal)
  await watch(console, SHELLS, 'root-prompt', PROMPT_MS, signal)
}

type Child = 'bash' | 'sh'

/**
 * Undefined where the shell at hand stays: it is a bash with a terminal, or nothing else can be started. An old
 * `setsid` (Oracle Linux 6) knows no `-c`; then the shell gets its terminal by being the first to open it.
 */
async function startChild(console: Console, found: Findings, signal: AbortSignal): Promise<Child | undefined> {
  const child: Child = found.isBash || found.tools.includes('bash') ? 'bash' : 'sh'
  for (const start of childStarts(found, child)) {
    const name = nonce()
    const line = `PS1=${inHalves(`@${name}# `)} ${start};echo ${inHalves(`@${name}`)}:left`
    const look = (heard: string) => new RegExp(`@${name}(?<how># |:left)`).exec(heard)?.groups?.how
    const how = await heardAfter(console, [line], look, signal)
    if (how === undefined) throw unclean(console)
    if (how !== ':left') return child
  }
  return undefined
}

function childStarts({ isBash, isInterruptible, tools, device }: Findings, child: Child): readonly string[] {
  const shell = child === 'bash' ? 'bash --noediting --norc --noprofile' : 'sh'
  if (isInterruptible) return isBash || child === 'sh' ? [] : [shell]
  if (!tools.includes('setsid') || device === undefined) return isBash || child === 'sh' ? [] : [shell]
  const onDevice = `</dev/${device} >/dev/${device} 2>&1`
  return [`setsid -c ${shell} ${onDevice}`, `setsid sh -c 'exec ${shell} ${onDevice}'`]
}

/** Where the functions for bash can not be had, those for any sh can, in bash too. */
function candidates(found: Findings, child: Child | undefined): readonly Surroundings[] {
  const isBash = child === 'bash' || (child === undefined && found.isBash)
  const any = surroundingsOf(isBash, found.tools, undefined)
  const best = surroundingsOf(isBash, found.tools, found.place)
  return best.shell === 'bash' ? [best, best, any] : [any, any]
}

async function setUpAny(
  console: Console,
  prompt: string,
  surroundings: readonly Surroundings[],
  signal: AbortSignal,
): Promise<Surroundings> {
  for (const candidate of surroundings) {
    const ask = <T>(lines: readonly string[], look: (heard: string) => T | undefined) =>
      heardAfter(console, lines, look, signal)
    if (await setUp(ask, candidate, prompt)) return candidate
    await interruptShell(console, signal)
    await closeQuote(console, signal)
  }
  throw unclean(console)
}

/** What a torn line may have left open: a comment where nothing is open, the end of a word where one is. */
async function closeQuote(console: Console, signal: AbortSignal): Promise<void> {
  if (await isAtPrompt(console, signal)) return
  await console.type("#'\r", signal)
}

async function isAtPrompt(console: Console, signal: AbortSignal): Promise<boolean> {
  try {
    await watch(console, SHELLS, 'shell-prompt', CLOSED_MS, signal)
    return true
  } catch (thrown) {
    if (thrown instanceof NothingAppeared) return false
    throw thrown
  }
}

/** What `look` found in what the line said after `lines` were typed; undefined when it did not in time. */
async function heardAfter<T>(
  console: Console,
  lines: readonly string[],
  look: (heard: string) => T | undefined,
  signal: AbortSignal,
): Promise<T | undefined> {
  using heard = console.listen()
  await console.type(lines.map((line) => `${line}\r`).join(''), signal)
  return await appears(console, 'shell-answer', () => look(heard.text), ANSWER_MS, signal)
}

function unclean(console: Console): RescueError {
  const message = 'what stands at the root prompt does not answer as a shell does'
  return new RescueError('machine', 'shell-unclean', `${message}\n--- screen ---\n${console.view().text}`)
}
