/**
 * Makes one approved change. Every step can be repeated, and up to the rename, which is
 * atomic, the old file stands untouched.
 */
import { createHash } from 'node:crypto'
import { assertNever, RescueError } from '../base/errors.ts'
import type { Change, Owner } from '../record/plan.ts'
import type { Shell } from '../shell/shell.ts'
import type { Found } from './inspect.ts'
import { runChange } from './writable.ts'

type Directory = Extract<Change, { kind: 'ensure-directory' }>
type File = Extract<Change, { kind: 'replace-file' }>

/** How a machine stands to a change: as people saw it, changed already, or neither. */
export type Standing = 'as-shown' | 'done' | 'different'

/** `-F` sets the whole context, as the policy says; without restorecon the directory's own is right for all in it. */
const RESTORE_CONTEXT =
  'if command -v restorecon >/dev/null; then restorecon -F -- "$p"; else chcon --reference="$(dirname -- "$p")" -- "$p"; fi'

/** In characters. The kernel takes words of up to 128 KiB (execve(2), MAX_ARG_STRLEN); this is a dozen long keys. */
const LONGEST_WORD = 8192

/** All that has to be inspected to know where the machine stands. */
export function pathsOf(change: Change): readonly string[] {
  return change.kind === 'replace-file' && change.backup !== null ? [change.path, change.backup] : [change.path]
}

export function standing(change: Change, found: (path: string) => Found): Standing {
  const now = found(change.path)
  return change.kind === 'replace-file' ? fileStanding(change, now) : directoryStanding(change, now)
}

/**
 * @param found what was inspected just now; the change stands as shown
 * @throws RescueError `cannot-write`, `backup-differs`
 */
export async function makeChange(
  shell: Shell,
  change: Change,
  { selinux, rescueId, found }: { selinux: boolean; rescueId: string; found: (path: string) => Found },
  signal: AbortSignal,
): Promise<void> {
  switch (change.kind) {
    case 'ensure-directory':
      return makeDirectory(shell, change, selinux, signal)
    case 'replace-file': {
      const backup = needsBackup(change, found) ? (change.backup ?? '') : ''
      return replaceFile(shell, change, { selinux, temporary: temporaryName(change, rescueId), backup }, signal)
    }
    default:
      return assertNever(change)
  }
}

/** Of a change that was begun and given up: its temporary file, and the backup where the file itself still stands. */
export async function removeTraces(shell: Shell, change: Change, rescueId: string, signal: AbortSignal): Promise<void> {
  if (change.kind !== 'replace-file') return
  // The second name is the one that `writeFile` uses until it is done.
  const script = 'rm -f -- "$1" "$1.oci-rescue"; [ "$2" -ef "$3" ] && rm -f -- "$3"; true'
  const parameters = [temporaryName(change, rescueId), change.path, change.backup ?? '']
  await shell.run(['/bin/sh', '-c', script, 'sh', ...parameters], signal)
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function fileStanding({ before, after, mode, owner }: File, now: Found): Standing {
  if (now.kind === 'none') return before === null ? 'as-shown' : 'different'
  if (now.kind !== 'file') return 'different'
  if (now.sha256 === sha256(after) && now.mode === mode && isOwner(now, owner)) return 'done'
  return before !== null && now.sha256 === sha256(before) ? 'as-shown' : 'different'
}

function directoryStanding({ before, after }: Directory, now: Found): Standing {
  if (now.kind === 'none') return before === null ? 'as-shown' : 'different'
  if (now.kind !== 'directory') return 'different'
  if (now.mode === after.mode && isOwner(now, after.owner)) return 'done'
  if (before === null) return 'different'
  return now.mode === before.mode && isOwner(now, before.owner) ? 'as-shown' : 'different'
}

/** A name beside the file, so that renaming stays within one file system; a rescue finds its own again. */
function temporaryName(change: File, rescueId: string): string {
  return `${change.path}.new-${rescueId}`
}

function isOwner(now: { readonly owner: Owner }, owner: Owner): boolean {
  return now.owner.uid === owner.uid && now.owner.gid === owner.gid
}

async function makeDirectory(shell: Shell, change: Directory, selinux: boolean, signal: AbortSignal): Promise<void> {
  const script = [
    'p=$1',
    // Made for root alone first: nobody can slip in before it has its owner.
    '[ -d "$p" ] || mkdir -m 0700 -- "$p"',
    'chown -- "$2" "$p"',
    'chmod -- "$3" "$p"',
    ...(selinux ? [RESTORE_CONTEXT] : []),
  ].join('; ')
  const { owner, mode } = change.after
  await runChange(shell, script, [change.path, `${owner.uid}:${owner.gid}`, mode], change.path, signal)
}

/** Refused when the name is taken by anything but the old file itself; true when it still has to be made. */
function needsBackup(change: File, found: (path: string) => Found): boolean {
  if (change.backup === null || change.before === null) return false
  const there = found(change.backup)
  if (there.kind === 'none') return true
  if (there.kind === 'file' && there.sha256 === sha256(change.before)) return false
  throw new RescueError('operator', 'backup-differs', `${change.backup} is there already and is another file`, {
    details: { path: change.backup },
  })
}

/** A second name for the old file: atomic, takes no space, and keeps all of it; the rename then leaves only this name. */
const KEEP_OLD = '[ -z "$6" ] || ln -T -- "$2" "$6"'

/**
 * Everything in one command where the text is short, for each round trip over a serial line costs: the text travels as
 * a word of the command. A long one is sent before, in checked pieces.
 */
async function replaceFile(
  shell: Shell,
  change: File,
  { selinux, temporary, backup }: { selinux: boolean; temporary: string; backup: string },
  signal: AbortSignal,
): Promise<void> {
  const short = change.after.length <= LONGEST_WORD && !change.after.includes('\0')
  if (!short) await sendAhead(shell, change, temporary, signal)
  const script = [
    KEEP_OLD,
    // Not printf's own write: dash says "I/O error" whatever the reason was, and cat says which.
    ...(short ? ['rm -f -- "$1"', 'umask 077', 'printf %s "$7" | cat >"$1"'] : []),
    '[ "$(sha256sum <"$1")" = "$5  -" ] || { echo "the text that arrived is not the text that was sent"; exit 1; }',
    'chown -- "$3" "$1"',
    'chmod -- "$4" "$1"',
    'sync',
    'mv -fT -- "$1" "$2"',
    ...(selinux ? ['p=$2', RESTORE_CONTEXT] : []),
    'sync',
  ].join('; ')
  const { uid, gid } = change.owner
  const parameters = [temporary, change.path, `${uid}:${gid}`, change.mode, sha256(change.after), backup]
  await runChange(shell, script, [...parameters, short ? change.after : ''], change.path, signal)
}

async function sendAhead(shell: Shell, change: File, temporary: string, signal: AbortSignal): Promise<void> {
  const bytes = new TextEncoder().encode(change.after)
  // Room is tried before the text is sent: a full or read-only disk says so here, in words that can be told apart.
  const room = 'rm -f -- "$1"; head -c "$2" /dev/zero >"$1"; rm -f -- "$1"'
  await runChange(shell, room, [temporary, String(bytes.length)], change.path, signal)
  await shell.writeFile(temporary, bytes, signal)
}
