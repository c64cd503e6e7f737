/**
 * Makes one approved change. Every step can be repeated, and up to the rename, which is
 * atomic, the old file stands untouched.
 */
import { assertNever, RescueError } from '../base/errors.ts'
import {
  backupOf,
  type Change,
  type ChangeOf,
  type FileChange,
  isFileChange,
  isSameAttributes,
  sumsOf,
} from '../record/changes.ts'
import type { EventOf } from '../record/events.ts'
import { type Part, writeLongFile } from '../shell/long-file.ts'
import type { Shell } from '../shell/shell.ts'
import type { Found } from './inspect.ts'
import { runChange, runTool } from './writable.ts'

type Directory = ChangeOf<'ensure-directory'>
type File = ChangeOf<'replace-file'>
type LongFile = ChangeOf<'replace-long-file'>

/** How a machine stands to a change: as people saw it, changed already, or neither. */
export type Standing = 'as-shown' | 'done' | 'different'

/** `-F` sets the whole context, as the policy says; without restorecon the directory's own is right for all in it. */
const RESTORE_CONTEXT =
  'if command -v restorecon >/dev/null; then restorecon -F -- "$p"; else chcon --reference="$(dirname -- "$p")" -- "$p"; fi'

/** In characters. The kernel takes words of up to 128 KiB (execve(2), MAX_ARG_STRLEN); this is a dozen long keys. */
const LONGEST_WORD = 8192

/** What a change is made with. */
export interface Means {
  readonly selinux: boolean
  readonly rescueId: string
  /** What was inspected just now; the change stands as shown. */
  readonly found: (path: string) => Found
  /** Makes a new password for the user and gives its hash (crypt(5)); who gets the password is not known here. */
  readonly hashOfNewPassword: (user: string) => Promise<string>
  /** For `replace-long-file`, whose texts stand in the log. */
  readonly long?: LongTexts | undefined
}

export interface LongTexts {
  /** @throws RescueError `text-lost` when no such text was kept */
  readonly textOf: (sha256: string) => string
  readonly onPart: (way: EventOf<'transferring'>['way'], path: string, part: Part) => Promise<void>
}

/** Where a new file is made. */
interface Place {
  readonly selinux: boolean
  readonly temporary: string
  /** Empty when none has to be made. */
  readonly backup: string
}

/** All that has to be inspected to know where the machine stands; nothing of a tool can be. */
export function pathsOf(change: Change): readonly string[] {
  if (change.kind === 'run') return []
  if (change.kind === 'move-aside') return [change.path, change.backup]
  const backup = backupOf(change)
  return backup === null ? [change.path] : [change.path, backup]
}

/** A tool's work can not be seen at a path: it stands as shown until somebody says that it was run. */
export function standing(change: Change, found: (path: string) => Found): Standing {
  switch (change.kind) {
    case 'replace-file':
    case 'replace-long-file':
      return fileStanding(change, found(change.path))
    case 'ensure-directory':
      return directoryStanding(change, found(change.path))
    case 'set-attributes':
      return attributesStanding(change, found(change.path))
    case 'move-aside':
      return movedStanding(change, found)
    case 'set-password':
      return passwordStanding(change, found)
    case 'run':
      return 'as-shown'
    default:
      return assertNever(change)
  }
}

/**
 * Gives what a tool has said, where the change was one.
 * @throws RescueError `cannot-write`, `backup-differs`, `tool-failed`
 */
export async function makeChange(
  shell: Shell,
  change: Change,
  means: Means,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { selinux, rescueId, found } = means
  switch (change.kind) {
    case 'ensure-directory':
      await makeDirectory(shell, change, selinux, signal)
      return undefined
    case 'replace-file': {
      const backup = needsBackup(change, found) ? (change.backup ?? '') : ''
      await replaceFile(shell, change, { selinux, temporary: temporaryName(change, rescueId), backup }, signal)
      return undefined
    }
    case 'replace-long-file': {
      const backup = needsBackup(change, found) ? change.backup : ''
      await replaceLongFile(shell, change, { ...means, temporary: temporaryName(change, rescueId), backup }, signal)
      return undefined
    }
    case 'set-attributes':
      await setAttributes(shell, change, signal)
      return undefined
    case 'move-aside':
      await moveAside(shell, change, signal)
      return undefined
    case 'set-password':
      await setPassword(shell, change, means, signal)
      return undefined
    case 'run':
      return await runTool(shell, change, signal)
    default:
      return assertNever(change)
  }
}

/** Of a change that was begun and given up: its temporary file, and the backup where the file itself still stands. */
export async function removeTraces(shell: Shell, change: Change, rescueId: string, signal: AbortSignal): Promise<void> {
  if (!isFileChange(change) && change.kind !== 'set-password') return
  // The second name is the one that `writeFile` uses until it is done; a long file comes in parts.
  const script = 'rm -f -- "$1" "$1.oci-rescue" "$1".part-*; [ "$2" -ef "$3" ] && rm -f -- "$3"; true'
  const parameters = [temporaryName(change, rescueId), change.path, change.backup ?? '']
  await shell.run(['/bin/sh', '-c', script, 'sh', ...parameters], signal)
}

function fileStanding(change: FileChange, now: Found): Standing {
  const { before, after } = sumsOf(change)
  if (now.kind === 'none') return before === null ? 'as-shown' : 'different'
  if (now.kind !== 'file') return 'different'
  if (now.sha256 === after && isSameAttributes(now, change)) return 'done'
  return before !== null && now.sha256 === before ? 'as-shown' : 'different'
}

function directoryStanding({ before, after }: Directory, now: Found): Standing {
  if (now.kind === 'none') return before === null ? 'as-shown' : 'different'
  if (now.kind !== 'directory') return 'different'
  if (isSameAttributes(now, after)) return 'done'
  if (before === null) return 'different'
  return isSameAttributes(now, before) ? 'as-shown' : 'different'
}

function attributesStanding({ before, after }: ChangeOf<'set-attributes'>, now: Found): Standing {
  if (now.kind === 'none') return 'different'
  if (isSameAttributes(now, after)) return 'done'
  return isSameAttributes(now, before) ? 'as-shown' : 'different'
}

function movedStanding({ path, backup, sha256 }: ChangeOf<'move-aside'>, found: (path: string) => Found): Standing {
  const [here, there] = [found(path), found(backup)]
  if (here.kind === 'none') return there.kind === 'file' && there.sha256 === sha256 ? 'done' : 'different'
  return here.kind === 'file' && here.sha256 === sha256 && there.kind === 'none' ? 'as-shown' : 'different'
}

/** The new text can not be known; the backup is made with it, in one step. */
function passwordStanding(
  { path, backup, sha256 }: ChangeOf<'set-password'>,
  found: (path: string) => Found,
): Standing {
  const [here, there] = [found(path), found(backup)]
  if (here.kind !== 'file') return 'different'
  if (here.sha256 === sha256) return 'as-shown'
  return there.kind === 'file' && there.sha256 === sha256 ? 'done' : 'different'
}

/** A name beside the file, so that renaming stays within one file system; a rescue finds its own again. */
function temporaryName(change: { readonly path: string }, rescueId: string): string {
  return `${change.path}.new-${rescueId}`
}

/** chown(1) first: it takes set-user-ID bits away, which the mode may want. */
async function setAttributes(shell: Shell, change: ChangeOf<'set-attributes'>, signal: AbortSignal): Promise<void> {
  const { mode, owner } = change.after
  const script = 'chown -h -- "$2" "$1"; chmod -- "$3" "$1"; sync'
  await runChange(shell, script, [change.path, `${owner.uid}:${owner.gid}`, mode], change.path, signal)
}

async function moveAside(shell: Shell, { path, backup }: ChangeOf<'move-aside'>, signal: AbortSignal): Promise<void> {
  const script = '[ ! -e "$2" ] || { echo "$2 is there already"; exit 1; }; mv -T -- "$1" "$2"; sync'
  await runChange(shell, script, [path, backup], path, signal)
}

/** The user's line `l` from the one that is there, `x`. */
const NEW_PASSWORD = 'l="$4:$5:0:$(echo "$x" | cut -d: -f4-)"'
/** The whole line as it was: also since when the password was what it was (shadow(5)). */
const OLD_PASSWORD = 'l=$(grep "^$4:" "$5"); [ "$(printf "%s\\n" "$l" | grep -c :)" = 1 ]'

/** By the shell alone: not every system has awk(1), and sed(1) would have to be kept from the signs in a hash. */
const copyWith = (line: string) =>
  `n=0; while IFS= read -r x || [ -n "$x" ]; do l=$x; case $x in "$4":*) n=$((n + 1)); ${line};; esac; ` +
  `printf "%s\\n" "$l"; done <"$2" >"$1"; [ "$n" = 1 ] || { echo "there is not one line of $4"; exit 1; }`

/**
 * The hash goes into the user's line of a new file, which has owner, mode and context of the old one before it takes
 * its name. 0 in the third field: whoever logs in with it has to choose another one at once (shadow(5)).
 */
async function setPassword(
  shell: Shell,
  change: ChangeOf<'set-password'>,
  { selinux, rescueId, hashOfNewPassword }: Means,
  signal: AbortSignal,
): Promise<void> {
  const script = [
    'umask 077',
    'rm -f -- "$1"',
    'cp -p -- "$2" "$1"',
    copyWith(change.from === undefined ? NEW_PASSWORD : OLD_PASSWORD),
    '[ -e "$3" ] || ln -T -- "$2" "$3"',
    'sync',
    'mv -fT -- "$1" "$2"',
    ...(selinux ? ['p=$2', RESTORE_CONTEXT] : []),
    'sync',
  ].join('; ')
  const line = change.from ?? (await hashOfNewPassword(change.user))
  const parameters = [temporaryName(change, rescueId), change.path, change.backup, change.user, line]
  await runChange(shell, script, parameters, change.path, signal)
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
function needsBackup(change: FileChange, found: (path: string) => Found): boolean {
  const { before } = sumsOf(change)
  if (change.backup === null || before === null) return false
  const there = found(change.backup)
  if (there.kind === 'none') return true
  if (there.kind === 'file' && there.sha256 === before) return false
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
  { selinux, temporary, backup }: Place,
  signal: AbortSignal,
): Promise<void> {
  const short = change.after.length <= LONGEST_WORD && !change.after.includes('\0')
  if (!short) await sendAhead(shell, change, temporary, signal)
  // Not printf's own write: dash says "I/O error" whatever the reason was, and cat says which.
  const write = short ? ['rm -f -- "$1"', 'umask 077', 'printf %s "$7" | cat >"$1"'] : []
  const script = [KEEP_OLD, ...write, ...takeItsName(selinux)].join('; ')
  const parameters = parametersOf(change, temporary, backup)
  await runChange(shell, script, [...parameters, short ? change.after : ''], change.path, signal)
}

/** Made beside the old file, of that file and of what is new, or of an older one; then as every other. */
async function replaceLongFile(
  shell: Shell,
  change: LongFile,
  { selinux, temporary, backup, long }: Place & Pick<Means, 'long'>,
  signal: AbortSignal,
): Promise<void> {
  if (change.from === undefined) {
    if (long === undefined) throw new RescueError('us', 'text-lost', 'nobody knows the texts of a long file')
    const [before, after] = [
      Buffer.from(long.textOf(change.before.sha256)),
      Buffer.from(long.textOf(change.after.sha256)),
    ]
    // For the new file, and for its parts beside it.
    await makeRoom(shell, change.path, temporary, 2 * after.length, signal)
    const files = { old: change.path, before, after, to: temporary }
    await writeLongFile(shell, files, (part) => long.onPart('to-machine', change.path, part), signal)
  }
  const copy = change.from === undefined ? [] : ['rm -f -- "$1"', 'umask 077', 'cat -- "$7" >"$1"']
  const script = [KEEP_OLD, ...copy, ...takeItsName(selinux)].join('; ')
  const parameters = [...parametersOf(change, temporary, backup), change.from ?? '']
  await runChange(shell, script, parameters, change.path, signal)
}

/** Of a new file that is whole: as parameters 1 to 6. */
function takeItsName(selinux: boolean): readonly string[] {
  return [
    '[ "$(sha256sum <"$1")" = "$5  -" ] || { echo "the text that arrived is not the text that was sent"; exit 1; }',
    'chown -- "$3" "$1"',
    'chmod -- "$4" "$1"',
    'sync',
    'mv -fT -- "$1" "$2"',
    ...(selinux ? ['p=$2', RESTORE_CONTEXT] : []),
    'sync',
  ]
}

function parametersOf(change: FileChange, temporary: string, backup: string): readonly string[] {
  const { uid, gid } = change.owner
  return [temporary, change.path, `${uid}:${gid}`, change.mode, sumsOf(change).after, backup]
}

async function sendAhead(shell: Shell, change: File, temporary: string, signal: AbortSignal): Promise<void> {
  const bytes = new TextEncoder().encode(change.after)
  await makeRoom(shell, change.path, temporary, bytes.length, signal)
  await shell.writeFile(temporary, bytes, signal)
}

/** Room is tried before the text is sent: a full or read-only disk says so here, in words that can be told apart. */
async function makeRoom(shell: Shell, path: string, at: string, bytes: number, signal: AbortSignal): Promise<void> {
  const room = 'rm -f -- "$1"; head -c "$2" /dev/zero >"$1"; rm -f -- "$1"'
  await runChange(shell, room, [at, String(bytes)], path, signal)
}
