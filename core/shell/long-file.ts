/**
 * Files that take long over a serial line: in parts, compressed where the machine can, and with a word after each part.
 * A new text is made on the machine out of the old one, so that only what is new goes over the line.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import { commonEnds } from '../base/common-ends.ts'
import { RescueError } from '../base/errors.ts'
import type { Shell } from './shell.ts'

/** How much has gone over the line, and how much there is; told before the first part, and after each. */
export interface Part {
  readonly done: number
  readonly all: number
}

type OnPart = (part: Part) => Promise<void>

/** Of what goes over the line, before base64: at 115200 baud a part takes 6 s, and twice that when it is typed. */
const PART_BYTES = 48 * 1024
/** For compressing a megabyte on a slow machine. */
const LIMIT_MS = 120_000

const HAS_TOOLS = 'command -v base64 >/dev/null && command -v sha256sum >/dev/null || exit 4; '
const PACK = 'pack() { if command -v gzip >/dev/null; then gzip -c; else cat; fi; }; '
const LENGTH = `${HAS_TOOLS}${PACK}pack <"$1" | wc -c`
const READ = `${PACK}pack <"$1" | tail -c "+$2" | head -c "$3" | base64`
const LACKS_TOOLS = 4

/**
 * `bytes` is the file's length as it was seen, for a limit to what is unpacked.
 * @throws RescueError `transfer-failed`, `lacks-tools`
 */
export async function readLongFile(
  shell: Shell,
  path: string,
  bytes: number,
  onPart: OnPart,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const length = await run(shell, path, LENGTH, [path], signal)
  const all = Number(/^\s*(\d+)\s*$/.exec(length)?.[1] ?? Number.NaN)
  if (!Number.isFinite(all)) throw failed('read', path, length)
  const parts: Buffer[] = []
  const count = Math.ceil(all / PART_BYTES)
  for (let index = 0; index < count; index += 1) {
    if (count > 1) await onPart({ done: index * PART_BYTES, all })
    const text = await run(shell, path, READ, [path, String(index * PART_BYTES + 1), String(PART_BYTES)], signal)
    parts.push(Buffer.from(text, 'base64'))
  }
  if (count > 1) await onPart({ done: all, all })
  const packed = Buffer.concat(parts)
  if (packed.length !== all) throw failed('read', path, `${packed.length} bytes of ${all} came`)
  return unpacked(path, packed, bytes)
}

export interface LongFile {
  /** The path of the old file, and what stands in it. */
  readonly old: string
  readonly before: Uint8Array
  readonly after: Uint8Array
  /** Where the new file is made; its parts lie beside it until it is whole, under its name with `.part-…` behind it. */
  readonly to: string
}

/**
 * Whoever takes the new file must compare its sum: the old one may have been another.
 * @throws RescueError `transfer-failed`, `lacks-tools`
 */
export async function writeLongFile(
  shell: Shell,
  { old, before, after, to }: LongFile,
  onPart: OnPart,
  signal: AbortSignal,
): Promise<void> {
  const { begin, end } = commonEnds(before, after)
  const isPacked = (await run(shell, to, `${HAS_TOOLS}command -v gzip || echo none`, [], signal)).trim() !== 'none'
  const fresh = after.subarray(begin, after.length - end)
  const packed = isPacked ? gzipSync(fresh) : fresh
  const count = Math.ceil(packed.length / PART_BYTES)
  for (let index = 0; index < count; index += 1) {
    if (count > 1) await onPart({ done: index * PART_BYTES, all: packed.length })
    const part = packed.subarray(index * PART_BYTES, (index + 1) * PART_BYTES)
    await shell.writeFile(`${to}.part-${index}`, part, signal)
  }
  if (count > 1) await onPart({ done: packed.length, all: packed.length })
  const parts = Array.from({ length: count }, (_, index) => `${to}.part-${index}`)
  const words = [to, old, String(begin), String(before.length - end + 1), isPacked ? 'gzip' : 'cat', ...parts]
  await run(shell, to, PUT_TOGETHER, words, signal)
}

/** What stands before the change, what is new, what stands behind it. */
const PUT_TOGETHER =
  'to=$1 old=$2 begin=$3 behind=$4 how=$5; shift 5; umask 077; ' +
  'unpack() { [ $# = 0 ] || cat -- "$@" | if [ "$how" = gzip ]; then gzip -dc; else cat; fi; }; ' +
  '{ head -c "$begin" <"$old" && unpack "$@" && tail -c "+$behind" <"$old"; } >"$to" && rm -f -- "$@"'

function unpacked(path: string, packed: Buffer, bytes: number): Uint8Array {
  // The first two bytes of RFC 1952; no text begins with them.
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed
  try {
    return gunzipSync(packed, { maxOutputLength: Math.max(1, bytes) })
  } catch (cause) {
    throw failed('read', path, cause instanceof Error ? cause.message : 'it can not be unpacked', cause)
  }
}

async function run(
  shell: Shell,
  path: string,
  script: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const command = ['/bin/sh', '-c', `export LC_ALL=C; ${script}`, 'sh', ...words]
  const { output, exitCode } = await shell.run(command, signal, { limitMs: LIMIT_MS })
  if (exitCode === LACKS_TOOLS && output === '')
    throw new RescueError('machine', 'lacks-tools', `${path} is too long for a machine without base64 or sha256sum`, {
      details: { path },
    })
  if (exitCode !== 0) throw failed('read or written', path, output.trim())
  return output
}

function failed(what: string, path: string, why: string, cause?: unknown): RescueError {
  const message = `${path} could not be ${what}: ${why}`
  return new RescueError('machine', 'transfer-failed', message, { cause, details: { path } })
}
