/** A configuration file as text, for a playbook that changes a part of it: whole, and refused where it could not come back as it is. */
import { RescueError } from '../base/errors.ts'
import type { Attributes } from '../record/changes.ts'
import type { Shell } from '../shell/shell.ts'
import { type Found, refuseFixed, unreadable } from './inspect.ts'

/** More is no configuration file, and minutes on a serial line. */
const LARGEST_BYTES = 256 * 1024

export interface TextFile extends Attributes {
  readonly path: string
  readonly text: string
}

/** `most`: bytes. @throws RescueError `unsuitable-file`, `cannot-write`, `look-unreadable` */
export async function readText(
  shell: Shell,
  path: string,
  found: Found,
  signal: AbortSignal,
  most = LARGEST_BYTES,
): Promise<TextFile> {
  if (found.kind !== 'file') throw unsuitable(path, found.kind === 'symlink' ? 'a-link' : 'no-file')
  refuseFixed(path, found)
  if (found.bytes > most) throw unsuitable(path, 'too-large')
  const bytes = await shell.readFile(path, signal, most)
  if (bytes === undefined) throw unreadable(path, '')
  return { path, text: decode(path, bytes), mode: found.mode, owner: found.owner }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw unsuitable(path, 'not-text', cause)
  }
}

type Unsuitable = 'a-link' | 'no-file' | 'too-large' | 'not-text'

function unsuitable(path: string, reason: Unsuitable, cause?: unknown): RescueError {
  return new RescueError('operator', 'unsuitable-file', `${path} is ${reason}`, { cause, details: { path, reason } })
}
