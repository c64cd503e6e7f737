/** Files over a shell: read as the output of a command, written from a variable, with a sum from the machine's own tools. */
import { RescueError } from '../base/errors.ts'
import type { ExactResult } from './collect.ts'
import { escapeForPrintf } from './quote.ts'
import { LONGEST_OUTPUT } from './remote-functions.ts'
import type { CommandResult, Shell } from './shell.ts'
import { toolSum } from './sums.ts'
import type { Surroundings } from './surroundings.ts'

/** A shell with the functions of `remote-functions.ts`. */
interface FileShell extends Pick<Shell, 'run' | 'readFile'> {
  readonly surroundings: Surroundings
  runExactly(command: readonly string[], signal: AbortSignal): Promise<ExactResult>
  put(text: string, signal: AbortSignal): Promise<void>
  beCareful(): void
}

const ATTEMPTS = 3
/** What a person edits in a rescue is far smaller; at 115200 baud this takes 8 s. */
const MOST_BYTES = 65_536
/** `_f` says so when there is no regular file. */
const NO_FILE = 3

export async function readFileOver(
  shell: FileShell,
  path: string,
  maxBytes = MOST_BYTES,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const most = Math.min(maxBytes, LONGEST_OUTPUT - 1)
  const { exitCode, bytes } = await contentOf(shell, path, most, signal)
  if (exitCode === NO_FILE) return undefined
  if (exitCode !== 0) throw failed('read', path, Buffer.from(bytes).toString('utf8'))
  if (bytes.length > most) throw tooLong(path, most)
  return bytes
}

export async function writeFileOver(
  shell: FileShell,
  path: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${path}.oci-rescue`
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await shell.put(encodeFor(shell.surroundings, bytes), signal)
    const written = await shell.run(['_w', temporary], signal)
    if (written.exitCode !== 0) throw await cleanedUp(shell, temporary, failed('written', path, said(written)), signal)
    if (!(await isWritten(shell, temporary, bytes, written, signal))) {
      shell.beCareful()
      continue
    }
    const renamed = await shell.run(['mv', '-f', temporary, path], signal)
    if (renamed.exitCode !== 0) throw await cleanedUp(shell, temporary, failed('written', path, said(renamed)), signal)
    return
  }
  throw await cleanedUp(shell, temporary, failed('written', path, 'the sums differ'), signal)
}

async function contentOf(shell: FileShell, path: string, most: number, signal: AbortSignal): Promise<ExactResult> {
  try {
    return await shell.runExactly(['_f', path, String(most + 1)], signal)
  } catch (thrown) {
    // Where there is no `head`, all of it comes.
    if (thrown instanceof RescueError && thrown.code === 'output-too-long') throw tooLong(path, most)
    throw thrown
  }
}

function encodeFor({ encoder }: Surroundings, bytes: Uint8Array): string {
  return encoder === 'base64' ? Buffer.from(bytes).toString('base64') : escapeForPrintf(bytes)
}

/** By the sum that `_w` printed; where there is no tool for sums, by reading it back. */
async function isWritten(
  shell: FileShell,
  path: string,
  bytes: Uint8Array,
  { output }: CommandResult,
  signal: AbortSignal,
): Promise<boolean> {
  const { sum } = shell.surroundings
  if (sum !== undefined) return output.split(/\s/)[0] === toolSum(sum, bytes)
  const there = await shell.readFile(path, signal)
  return there !== undefined && Buffer.compare(there, bytes) === 0
}

async function cleanedUp(shell: FileShell, path: string, reason: RescueError, signal: AbortSignal) {
  await shell.run(['rm', '-f', path], signal)
  return reason
}

function said(result: CommandResult): string {
  return result.output.trim()
}

function tooLong(path: string, most: number): RescueError {
  return new RescueError('machine', 'file-too-long', `${path} has more than ${most} bytes`, { details: { path } })
}

function failed(what: string, path: string, why: string): RescueError {
  return new RescueError('machine', 'transfer-failed', `${path} could not be ${what}: ${why}`, { details: { path } })
}
