/**
 * What stands at some paths, without following a last symbolic link and without reading the
 * files over the line: one command for all of them. Looking, applying and checking share it.
 */
import { RescueError } from '../base/errors.ts'
import type { Owner } from '../record/changes.ts'
import type { Shell } from '../shell/shell.ts'

export type Found = { readonly kind: 'none' } | Present

export interface Present {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other'
  /** Four octal digits. */
  readonly mode: string
  readonly owner: Owner
  /** st_dev: equal for all of one file system. */
  readonly device: string
  readonly bytes: number
  /** `chattr +i` or `+a`: not even root may replace it. */
  readonly fixed: boolean
  /** Of the content, in hex; null for all but regular files. */
  readonly sha256: string | null
}

const NOTHING: Found = { kind: 'none' }

/** One answer line for each path; `lsattr` and `sha256sum` only read, and never wait as opening a FIFO would. */
const SCRIPT = [
  'export LC_ALL=C',
  'for p do if s=$(stat -c "%f %u %g %d %s" -- "$p" 2>&1)',
  'then h=; [ -f "$p" ] && [ ! -L "$p" ] && h=$(sha256sum <"$p" | cut -c1-64)',
  'a=$(lsattr -d -- "$p" 2>/dev/null | cut -d" " -f1)',
  'echo "at $s <$a> <$h> $p"',
  'else case $s in *"No such file"*|*"Not a directory"*) echo "none $p";; *) echo "fail $s";; esac; fi; done',
  'echo end',
].join('; ')

const ANSWER =
  /^at (?<raw>[0-9a-f]+) (?<uid>\d+) (?<gid>\d+) (?<device>\d+) (?<bytes>\d+) <(?<flags>\S*)> <(?<hash>[0-9a-f]{64})?> (?<path>\/.*)$/

/**
 * Every one of `paths` has an answer in the map.
 * @throws RescueError `look-unreadable` when the machine's answer is not whole
 */
export async function inspect(
  shell: Shell,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<(path: string) => Found> {
  if (paths.length === 0) return () => NOTHING
  const { output } = await shell.run(['/bin/sh', '-c', SCRIPT, 'sh', ...paths], signal)
  const found: ReadonlyMap<string, Found> = new Map(output.split(/\r?\n/).flatMap(readAnswer))
  const missing = paths.find((path) => !found.has(path))
  if (missing !== undefined) throw unreadable(missing, output)
  return (path) => found.get(path) ?? NOTHING
}

/** The error for answers that make no sense, with what was said. */
export function unreadable(about: string, said: string): RescueError {
  return new RescueError('machine', 'look-unreadable', `the machine's answer about ${about} makes no sense`, {
    details: { about, said: said.slice(0, 500) },
  })
}

/** Better said before the gate than after it. @throws RescueError `cannot-write` */
export function refuseFixed(path: string, found: Found): void {
  if (found.kind === 'none' || !found.fixed) return
  const details = { path, reason: 'immutable' }
  throw new RescueError('operator', 'cannot-write', `${path} is made unchangeable with chattr`, { details })
}

/** `/`, and everything on the way to `path`, outermost first. */
export function onTheWay(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '')
  return ['/', ...names.map((_, index) => `/${names.slice(0, index + 1).join('/')}`)]
}

function readAnswer(line: string): readonly (readonly [string, Found])[] {
  if (line.startsWith('none /')) return [[line.slice('none '.length), NOTHING]]
  const { raw, uid, gid, device = '', bytes, flags = '', hash, path } = ANSWER.exec(line)?.groups ?? {}
  if (raw === undefined || path === undefined) return []
  const bits = Number.parseInt(raw, 16)
  const found: Present = {
    kind: kindOf(bits),
    mode: (bits & 0o7777).toString(8).padStart(4, '0'),
    owner: { uid: Number(uid), gid: Number(gid) },
    device,
    bytes: Number(bytes),
    fixed: /[ia]/.test(flags),
    sha256: hash ?? null,
  }
  return [[path, found]]
}

/** The file type in st_mode: inode(7). */
function kindOf(bits: number): Present['kind'] {
  const type = bits & 0o170000
  if (type === 0o100000) return 'file'
  if (type === 0o040000) return 'directory'
  return type === 0o120000 ? 'symlink' : 'other'
}
