/**
 * Makes the system writable for the changes that were approved, and read-only again.
 * Nothing here runs before the approval.
 */
import { RescueError } from '../base/errors.ts'
import { type ChangeOf, changeName } from '../record/changes.ts'
import type { Shell } from '../shell/shell.ts'

/** Writing back a busy machine's memory to a slow volume; far longer than a few files need. */
const FLUSH_LIMIT_MS = 60_000

/** Loading a policy takes 1 to 5 s on two cores; slow shapes and TCG are several times slower. */
const POLICY_LIMIT_MS = 60_000

/** A check of a large, slow volume; the rescue's own limit for its work is what ends it otherwise. */
export const TOOL_LIMIT_MS = 1_800_000

/**
 * Runs what its parameters say and prints only the end of its output, for a check of a file system can have very much
 * to say; ends as it ended.
 */
const LAST_WORDS = 'exec 3>&1; r=$({ { "$@" 3>&- 4>&-; echo $? >&4; } 2>&1 | tail -c 4000 >&3; } 4>&1); exit "$r"'

/** What a tool has said, in the log and in the thread: its last words tell what came of it. */
const LONGEST_SAYING = 2000

/** Words that `mount`, `mv` and their like use for what the kernel refuses (errno(3), in the C locale). */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|Disk quota exceeded/i, 'full'],
  [/Read-only file system|write-protected/i, 'read-only'],
  [/Operation not permitted|Permission denied/i, 'immutable'],
  [/Input\/output error|Structure needs cleaning/i, 'broken-disk'],
]

/**
 * Of each path the file system that holds it, found from the nearest directory up: the root file system by then is
 * writable. `-w` asks the kernel, which says no on a read-only file system even to root: mount's word alone is not enough.
 */
const OPEN_PLACES = [
  'for p do while [ ! -d "$p" ]; do p=$(dirname -- "$p"); done',
  'p=$(readlink -f -- "$p"); up() { stat -c %d -- "$1"; }',
  'while [ "$p" != / ] && [ "$(up "$p")" = "$(up "$p/..")" ]; do p=$(dirname -- "$p"); done',
  '[ -w "$p" ] && continue; echo "opens $p"',
  'mount -o remount,rw -- "$p" && [ -w "$p" ] || exit 1; done',
].join('; ')

/**
 * SELinux's policy first, so that new files get their contexts; then the root file system read-write, and those that
 * hold the paths. Safe to repeat. Adds to `opened` where else than at `/` something was made writable, also when it fails.
 * @throws RescueError `selinux-policy-failed`, `cannot-write`
 */
export async function makeWritable(
  shell: Shell,
  selinux: boolean,
  paths: readonly string[],
  opened: string[],
  signal: AbortSignal,
): Promise<void> {
  if (selinux) await loadPolicy(shell, signal)
  const script = `export LC_ALL=C; exec 2>&1; mount -o remount,rw / && [ -w / ] || exit 1; ${OPEN_PLACES}`
  const command = ['/bin/sh', '-c', script, 'sh', ...paths]
  const { output, exitCode } = await shell.run(command, signal, { limitMs: FLUSH_LIMIT_MS })
  opened.push(...[...output.matchAll(/^opens (?<place>\/.*?)\r?$/gm)].map(({ groups }) => groups?.place ?? ''))
  if (exitCode !== 0) throw cannotWrite(opened.at(-1) ?? '/', output, 'read-only')
}

/** Everything on the disk, then read-only. False when something still has a file open for writing; the disk is in step all the same. */
export async function makeReadOnly(shell: Shell, opened: readonly string[], signal: AbortSignal): Promise<boolean> {
  const script =
    'exec >/dev/null 2>&1; sync; r=0; for p do mount -o remount,ro -- "$p" || r=1; done; mount -o remount,ro / && exit $r'
  const { exitCode } = await shell.run(['/bin/sh', '-c', script, 'sh', ...opened], signal, { limitMs: FLUSH_LIMIT_MS })
  return exitCode === 0
}

/** Runs a script of `sh` that changes things; its output must say on which step it stopped. */
export async function runChange(
  shell: Shell,
  script: string,
  parameters: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const command = ['/bin/sh', '-c', `export LC_ALL=C; exec 2>&1; set -e; ${script}`, 'sh', ...parameters]
  const { output, exitCode } = await shell.run(command, signal, { limitMs: FLUSH_LIMIT_MS })
  if (exitCode !== 0) throw cannotWrite(path, output, 'unknown')
}

/**
 * Runs an approved tool, and gives the end of what it said.
 * @throws RescueError `tool-failed` when its exit code is none of those that were approved as a success
 */
export async function runTool(
  shell: Shell,
  { command, succeeds, ...change }: ChangeOf<'run'>,
  signal: AbortSignal,
): Promise<string> {
  const script = `export LC_ALL=C; exec 2>&1; ${LAST_WORDS}`
  const { output, exitCode } = await shell.run(['/bin/sh', '-c', script, 'sh', ...command], signal, {
    limitMs: TOOL_LIMIT_MS,
  })
  const said = output.trim().slice(-LONGEST_SAYING)
  if (succeeds.includes(exitCode)) return said
  const name = changeName({ ...change, command, succeeds })
  throw new RescueError('machine', 'tool-failed', `${name} ended with ${exitCode}: ${said}`, {
    details: { command: name, exitCode: String(exitCode), said: said.slice(-500) },
  })
}

function cannotWrite(path: string, said: string, otherwise: string): RescueError {
  const reason = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? otherwise
  return new RescueError('operator', 'cannot-write', `${path} can not be written: ${said.trim()}`, {
    details: { path, reason, said: said.trim().slice(0, 500) },
  })
}

/** load_policy(8): with `-i` it fails with 2 also when there is nothing to do, and only its words tell. */
async function loadPolicy(shell: Shell, signal: AbortSignal): Promise<void> {
  const script = 'export LC_ALL=C; exec 2>&1; /usr/sbin/load_policy -i'
  const { output, exitCode } = await shell.run(['/bin/sh', '-c', script], signal, { limitMs: POLICY_LIMIT_MS })
  // The kernel has no SELinux, or has it switched off (`selinux=0`): then contexts do not matter either.
  if (exitCode === 0 || /already loaded|No such device/i.test(output)) return
  throw new RescueError('machine', 'selinux-policy-failed', `SELinux's policy was not loaded: ${output.trim()}`, {
    details: { said: output.trim().slice(0, 500) },
  })
}
