/** Files over a shell: base64 on the line, a checksum from the machine's own tools, again when they differ. */
import { RescueError } from '../base/errors.ts'
import { readSummed } from './answers.ts'
import { isChecksumOf } from './checksum.ts'
import type { CommandResult, Shell } from './shell.ts'

/** A shell with the functions of `remote-functions.ts`. */
interface PuttingShell extends Pick<Shell, 'run'> {
  put(text: string, signal: AbortSignal): Promise<void>
}

const ATTEMPTS = 3
/** What a person edits in a rescue is far smaller; at 115200 baud this takes 8 s. */
const MOST_BYTES = 65_536
/** `_f` says so when there is no regular file. */
const NO_FILE = 3

export async function readFileOver(
  shell: PuttingShell,
  path: string,
  maxBytes = MOST_BYTES,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { exitCode, output } = await shell.run(['_f', path, String(maxBytes + 1)], signal)
    if (exitCode === NO_FILE) return undefined
    const bytes = exitCode === 0 ? readSummed(output) : undefined
    if (bytes !== undefined && bytes.length > maxBytes)
      throw new RescueError('machine', 'file-too-long', `${path} has more than ${maxBytes} bytes`, {
        details: { path },
      })
    if (bytes !== undefined) return bytes
  }
  throw failed('read', path)
}

export async function writeFileOver(
  shell: PuttingShell,
  path: string,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${path}.oci-rescue`
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await shell.put(Buffer.from(bytes).toString('base64'), signal)
    const written = await shell.run(['_w', temporary], signal)
    if (written.exitCode !== 0) throw await cleanedUp(shell, temporary, failed('written', path, written), signal)
    if (!isChecksumOf(written.output, bytes)) continue
    const renamed = await shell.run(['mv', '-f', temporary, path], signal)
    if (renamed.exitCode !== 0) throw await cleanedUp(shell, temporary, failed('written', path, renamed), signal)
    return
  }
  throw await cleanedUp(shell, temporary, failed('written', path), signal)
}

async function cleanedUp(shell: PuttingShell, path: string, reason: RescueError, signal: AbortSignal) {
  await shell.run(['rm', '-f', path], signal)
  return reason
}

function failed(what: string, path: string, result?: CommandResult): RescueError {
  const why = result === undefined ? 'the checksums differ' : result.output.trim()
  return new RescueError('machine', 'transfer-failed', `${path} could not be ${what}: ${why}`, { details: { path } })
}
