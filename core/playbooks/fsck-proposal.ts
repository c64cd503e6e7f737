/**
 * What is to be done about file systems that were checked: pure. What may lose data comes only after what can not has
 * been tried in this rescue, and alone in its plan. An XFS whose log can not be replayed is refused: throwing the log
 * away (`xfs_repair -L`) is never proposed.
 */
import { RescueError } from '../base/errors.ts'
import type { Change, ChangeOf } from '../record/changes.ts'
import type { Fsck } from '../record/playbooks.ts'
import { because, type Reason } from '../record/reasons.ts'
import type { FsckFacts } from './fsck.ts'
import type { Proposal } from './playbook.ts'

/** A file system, and what its own tool has said about it. */
export interface Checked {
  /** As the kernel calls it in this boot, e.g. `/dev/sda1`. */
  readonly device: string
  /** As it is called in the next boot, too: its UUID, where it has one. */
  readonly name: string
  readonly type: string
  /** It is mounted, read-only. */
  readonly isRoot: boolean
  /** Paths from `/`. */
  readonly tool: string
  readonly mountTool: string
  readonly umountTool: string
  /** A directory at which it can be mounted. */
  readonly place: string
  readonly exitCode: number
  /** Its beginning and its end. */
  readonly report: string
}

interface Family {
  /** The tool and the options with which it changes nothing. */
  readonly dryRun: readonly string[]
  /** The next step; undefined when the file system is in order. */
  readonly step: (fs: Checked, made: readonly Change[]) => Step | undefined
}

/** Changes that belong together. */
type Step = readonly ChangeOf<'run'>[]

const EXT: Family = { dryRun: ['e2fsck', '-fn'], step: stepForExt }
const XFS: Family = { dryRun: ['xfs_repair', '-n'], step: stepForXfs }
const FAT: Family = { dryRun: ['fsck.vfat', '-n'], step: stepForFat }

const FAMILIES: ReadonlyMap<string, Family> = new Map([
  ...(['ext2', 'ext3', 'ext4'] as const).map((type) => [type, EXT] as const),
  ['xfs', XFS],
  ['vfat', FAT],
])

/** Undefined for a type that nothing here mends, such as btrfs. */
export function familyOf(type: string): Family | undefined {
  return FAMILIES.get(type)
}

/** @throws RescueError `fsck-failed`, `fsck-log-dirty`, `repair-did-not-help` */
export function propose({ checked, made }: FsckFacts, _request: Fsck, _rescueId: string): Proposal {
  const next = checked.flatMap((fs) => {
    const step = familyOf(fs.type)?.step(fs, made)
    return step === undefined ? [] : [step]
  })
  const details = { path: checked.map(({ device }) => device).join(', ') }
  if (next.length === 0) return { kind: 'nothing-to-change', details, notices: [] }
  const gentle = next.filter((step) => !step.some(({ destructive }) => destructive))
  const now = gentle.length > 0 ? gentle : next.slice(0, 1)
  const plan = { user: null, changes: now.flat(), selinux: false }
  return { kind: 'changes', plan, notices: [], isPart: now.length < next.length }
}

/** Of the exit code of e2fsck(8): errors are left. */
const LEFT = 4
/** From here on it was misused or cancelled, or is not even a tool that could be run. */
const MISUSED = 16

const WITHOUT_TROUBLE = [0, 1, 2, 3]
/**
 * With `-p` it gives up at the first error that it does not dare to mend: with 4, and 8 besides where it could not even
 * go on. Looking again tells what is left.
 */
const GAVE_UP = [4, 5, 6, 7, 12]

/** Without `-f` it would not look at a file system that is marked as clean. */
function stepForExt(fs: Checked, made: readonly Change[]): Step | undefined {
  const { device, tool, exitCode } = fs
  if (exitCode < LEFT) return undefined
  if (exitCode >= MISUSED || (exitCode & LEFT) === 0) throw failed(fs)
  const tried = (option: string) => wasMade(fs, made, (words) => words.includes(option))
  if (tried('-y')) throw didNotHelp(fs)
  if (!tried('-p')) {
    const why = [because('fsck-errors', { device }), ...restart(fs)]
    return [run(fs, [tool, '-f', '-p', device], [...WITHOUT_TROUBLE, ...GAVE_UP], false, why)]
  }
  const why = [because('fsck-errors-left', { device }), ...restart(fs)]
  return [run(fs, [tool, '-f', '-y', device], WITHOUT_TROUBLE, true, why)]
}

/** What xfs_repair(8) says when changes are in the log that are not in the file system yet. */
const DIRTY_LOG = /valuable metadata changes in a log/

function stepForXfs(fs: Checked, made: readonly Change[]): Step | undefined {
  const { device, tool, exitCode, isRoot, report } = fs
  if (DIRTY_LOG.test(report)) return replay(fs, made)
  if (exitCode === 0) return undefined
  if (exitCode !== 1 || /fatal error|could not|couldn't (?:open|initialize)/i.test(report)) throw failed(fs)
  if (wasMade(fs, made, ([first]) => first === tool)) throw didNotHelp(fs)
  const why = [because('fsck-xfs-errors', { device }), ...restart(fs)]
  // `-d`: also when it is mounted, if only read-only.
  return [run(fs, [tool, ...(isRoot ? ['-d'] : []), device], [0], true, why)]
}

/**
 * The kernel replays the log when it mounts, also read-only, and the root file system was mounted already. That it can
 * not be mounted is an answer, too (mount(8): 32): looking again tells.
 */
function replay(fs: Checked, made: readonly Change[]): Step {
  const { device, isRoot, mountTool, umountTool, place } = fs
  if (isRoot || wasMade(fs, made, ([first]) => first === mountTool)) {
    throw new RescueError('operator', 'fsck-log-dirty', `the log of ${device} can not be replayed`, {
      details: { device },
    })
  }
  const why = [because('fsck-log-to-replay', { device })]
  const mount = run(fs, [mountTool, '-t', 'xfs', '-o', 'ro', device, place], [0, 32], false, why)
  return [mount, run(fs, [umountTool, device], [0, 1, 32], false, [because('fsck-nothing-may-use-it', { device })])]
}

/** fsck.fat(8): 1 for errors, mended or not. */
function stepForFat(fs: Checked, made: readonly Change[]): Step | undefined {
  const { device, tool, exitCode } = fs
  if (exitCode === 0) return undefined
  if (exitCode !== 1) throw failed(fs)
  if (wasMade(fs, made, ([first]) => first === tool)) throw didNotHelp(fs)
  const why = [because('fsck-fat-errors', { device })]
  return [run(fs, [tool, '-a', device], [0, 1], true, why)]
}

/** The kernel has parts of it in memory, as they were before. */
function restart({ isRoot }: Checked): readonly Reason[] {
  return isRoot ? [because('fsck-root-booted-after')] : []
}

function run(
  { name, report }: Checked,
  command: readonly string[],
  succeeds: readonly number[],
  destructive: boolean,
  why: readonly Reason[],
): ChangeOf<'run'> {
  const words = { command: [...command], succeeds: [...succeeds], destructive, device: name, undo: null, why: [...why] }
  return { kind: 'run', ...words, ...(report === '' ? {} : { evidence: report }) }
}

/** Devices may have changed their names since: the machine was booted in between. */
function wasMade({ name }: Checked, made: readonly Change[], has: (words: readonly string[]) => boolean): boolean {
  return made.some((change) => change.kind === 'run' && change.device === name && has(change.command))
}

function failed({ device, tool, exitCode, report }: Checked): RescueError {
  return new RescueError('machine', 'fsck-failed', `${tool} could not check ${device}: ${report}`, {
    details: { command: tool, device, exitCode: String(exitCode), said: report.slice(-500) },
  })
}

function didNotHelp({ device }: Checked): RescueError {
  return new RescueError('machine', 'repair-did-not-help', `${device} still has errors`)
}
