/**
 * The playbook for a file system with errors: e2fsck(8) as it runs at boot, and only when that was not enough, after
 * another approval, with a yes to all it asks; xfs_repair(8), and never the option that throws the log away.
 */
import { RescueError } from '../base/errors.ts'
import type { Change, ChangeOf } from '../record/changes.ts'
import type { Fsck } from '../record/playbooks.ts'
import { type FileSystemFacts, lookAtFileSystem } from './look-at-file-system.ts'
import type { Playbook, Proposal } from './playbook.ts'

/** Bits of e2fsck's exit code. */
const ERRORS_LEFT = 4
const OPERATIONAL = 8 | 16 | 32
/** Repaired, and the same with "reboot": the machine is booted anew after it in any case. */
const REPAIRED = [0, 1, 2, 3]

export interface FsckFacts extends FileSystemFacts {
  /** What this rescue has done so far. */
  readonly done: readonly Change[]
}

/** `done`: the changes of the rescue so far, for only they tell what was tried. */
export function repairFileSystem(done: readonly Change[]): Playbook<Fsck, FsckFacts> {
  return {
    name: 'fsck',
    looksAgain: true,
    look: async (shell, { device }, signal) => ({ ...(await lookAtFileSystem(shell, device, signal)), done }),
    propose,
  }
}

/** @throws RescueError `check-not-made`, `still-broken` when everything was tried */
export function propose(facts: FsckFacts): Proposal {
  const changes = facts.family === 'ext' ? forExt(facts) : forXfs(facts)
  const { name } = facts.device
  if (changes.length === 0) return { kind: 'nothing-to-change', details: { path: name }, notices: [] }
  return { kind: 'changes', plan: { user: null, changes: [...changes], selinux: facts.selinux }, notices: [] }
}

function forExt(facts: FsckFacts): readonly Change[] {
  const { exitCode, tool, device, said } = facts
  // 12 is both: errors that it found, and something that it could not do without changing anything.
  if ((exitCode & ERRORS_LEFT) === 0) {
    if ((exitCode & OPERATIONAL) === 0) return []
    throw notMade(facts)
  }
  const gently = run(facts, [tool, '-f', '-p', device.name], {
    // With 4 it has done what it does by itself, and what is left is asked about in the next round.
    ...{ succeeds: [...REPAIRED, ERRORS_LEFT, ERRORS_LEFT | 1, ERRORS_LEFT | 2, ERRORS_LEFT | 3], destructive: false },
    why: `${device.name} has errors; those that can be repaired safely are. The check says:\n${lastLines(said)}`,
  })
  const thoroughly = run(facts, [tool, '-f', '-y', device.name], {
    ...{ succeeds: REPAIRED, destructive: true },
    why: `errors are left on ${device.name} that can not be repaired safely: files may be lost, or end in lost+found. The check says:\n${lastLines(said)}`,
  })
  const next = [gently, thoroughly].find((change) => !isDone(facts, change))
  if (next === undefined) throw stillBroken(facts)
  return [next]
}

/**
 * 1: errors; 2: there are changes in the log that only mounting brings to where they belong (xfs_repair(8)). The root
 * file system was mounted to come here.
 */
function forXfs(facts: FsckFacts): readonly Change[] {
  const { exitCode, tool, device, isRoot, said } = facts
  if (exitCode === 0) return []
  if (exitCode === 2 || /needs to be replayed/.test(said)) {
    const replay = replayLog(facts)
    if (isRoot || isDone(facts, replay)) throw notMade(facts)
    return [replay]
  }
  if (exitCode !== 1) throw notMade(facts)
  const repair = run(facts, [tool, ...(isRoot ? ['-d'] : []), device.name], {
    ...{ succeeds: [0], destructive: isRoot },
    why: `${device.name} has errors${isRoot ? '; it is repaired while it is mounted, only for reading' : ''}. The check says:\n${lastLines(said)}`,
  })
  if (isDone(facts, repair)) throw stillBroken(facts)
  return [repair]
}

function replayLog(facts: FsckFacts): Change {
  const { name } = facts.device
  const script = 'd=$(mktemp -d) && mount -t xfs -- "$1" "$d" && umount -- "$d" && rmdir -- "$d"'
  return run(
    facts,
    ['/bin/sh', '-c', `mount -t tmpfs tmpfs /tmp && ${script}; r=$?; umount /tmp; exit $r`, 'sh', name],
    {
      ...{ succeeds: [0], destructive: false },
      why: `what was last written to ${name} is still in its log: mounting it once brings it to where it belongs`,
    },
  )
}

type Run = Pick<ChangeOf<'run'>, 'succeeds' | 'destructive' | 'why'>

function run({ device }: FsckFacts, command: string[], { succeeds, destructive, why }: Run): ChangeOf<'run'> {
  return { kind: 'run', command, succeeds: [...succeeds], destructive, device: device.name, undo: null, why }
}

function isDone({ done }: FsckFacts, change: Change): boolean {
  const text = (one: Change) => (one.kind === 'run' ? one.command.join('\0') : undefined)
  return done.some((one) => text(one) !== undefined && text(one) === text(change))
}

function lastLines(said: string): string {
  return said.split('\n').slice(-8).join('\n')
}

function notMade({ device, exitCode, said }: FsckFacts): RescueError {
  const details = { device: device.name, exitCode: `${exitCode}`, said: lastLines(said) }
  return new RescueError('machine', 'check-not-made', `${device.name} could not be checked: ${said}`, { details })
}

function stillBroken({ device, said }: FsckFacts): RescueError {
  const details = { device: device.name, said: lastLines(said) }
  return new RescueError('machine', 'still-broken', `errors are left on ${device.name}: ${said}`, { details })
}
