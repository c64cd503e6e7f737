/**
 * Makes the changes of an approved plan, in order, and leaves the file system read-only,
 * whatever happens. All of them are compared with the machine before the first is made.
 */
import { describeError, RescueError } from '../base/errors.ts'
import { type Change, changeName } from '../record/changes.ts'
import type { Shell } from '../shell/shell.ts'
import { type Found, inspect } from './inspect.ts'
import { type Means, makeChange, pathsOf, removeTraces, type Standing, standing } from './make-change.ts'
import type { ProposedChanges } from './playbook.ts'
import { makeReadOnly, makeWritable } from './writable.ts'

/** Told around each change, so that it stands in the log before and after it happens. */
export interface ChangeSteps {
  began(index: number): Promise<void>
  /** `said` is what a tool has printed, where the change was one. */
  finished(index: number, said?: string): Promise<void>
}

/** After a failure or a stop the machine is looked at once more, not waited for: it may be gone. */
const UNDO_LIMIT_MS = 20_000

/**
 * Safe to repeat: a change that is found done is not made again. What works on file systems that nobody may write to
 * meanwhile is made first. True when the file system is read-only again.
 * @throws RescueError `file-changed`, `cannot-write`, `backup-differs`, `selinux-policy-failed`, `tool-failed`; the
 *   details `changed`, `notChanged` and `inDoubt` then list paths and commands, as the machine showed them after the failure
 */
export async function applyChanges(
  shell: Shell,
  plan: Pick<ProposedChanges, 'changes' | 'selinux'>,
  means: Pick<Means, 'rescueId' | 'hashOfNewPassword' | 'long'>,
  steps: ChangeSteps,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await inspect(shell, plan.changes.flatMap(pathsOf), signal)
  refuseDifferent(plan.changes, found)
  const tools = new ToolRuns()
  const opened: string[] = []
  const make = async (change: Change) => {
    const index = plan.changes.indexOf(change)
    await steps.began(index)
    tools.began(change)
    const isDone = standing(change, found) === 'done'
    const said = isDone
      ? undefined
      : await makeChange(shell, change, { ...means, selinux: plan.selinux, found }, signal)
    tools.finished(change)
    await steps.finished(index, said)
  }
  try {
    for (const change of plan.changes.filter(wantsReadOnly)) await make(change)
    const rest = plan.changes.filter((change) => !wantsReadOnly(change))
    if (rest.length === 0) return true
    await makeWritable(shell, plan.selinux, rest.flatMap(pathsOf), opened, signal)
    for (const change of rest) await make(change)
    return await makeReadOnly(shell, opened, signal)
  } catch (error) {
    const aftermath = await leaveClean(shell, plan.changes, means.rescueId, opened, tools)
    throw withDetails(error, aftermath)
  }
}

/** A check of a file system must be the only one that writes to it. */
export function wantsReadOnly(change: Change): boolean {
  return change.kind === 'run' && change.device !== null
}

/** What became of the tools: nothing on the disk tells. */
class ToolRuns {
  readonly #begun = new Set<Change>()
  readonly #finished = new Set<Change>()

  began(change: Change): void {
    this.#begun.add(change)
  }

  finished(change: Change): void {
    this.#finished.add(change)
  }

  standing(change: Change): Standing {
    if (this.#finished.has(change)) return 'done'
    return this.#begun.has(change) ? 'different' : 'as-shown'
  }
}

function refuseDifferent(changes: readonly Change[], found: (path: string) => Found): void {
  const different = changes.find((change) => standing(change, found) === 'different')
  if (different === undefined) return
  const path = changeName(different)
  throw new RescueError('operator', 'file-changed', `${path} is no longer what was shown`, {
    details: {
      path,
      ...sorted(changes, (change) => (standing(change, found) === 'done' ? 'done' : 'as-shown')),
    },
  })
}

/** Takes the temporary files away, makes the file system read-only, and tells what stands there now. */
async function leaveClean(
  shell: Shell,
  changes: readonly Change[],
  rescueId: string,
  opened: readonly string[],
  tools: ToolRuns,
): Promise<Record<string, string>> {
  const signal = AbortSignal.timeout(UNDO_LIMIT_MS)
  try {
    for (const change of changes) await removeTraces(shell, change, rescueId, signal)
    const readOnly = await makeReadOnly(shell, opened, signal)
    const found = await inspect(shell, changes.flatMap(pathsOf), signal)
    const where = (change: Change) => (change.kind === 'run' ? tools.standing(change) : standing(change, found))
    return { readOnlyAgain: readOnly ? 'yes' : 'no', ...sorted(changes, where) }
  } catch (error) {
    // The line or the machine is gone; the first error is the one to read, and all of this is in doubt.
    return { readOnlyAgain: describeError(error), ...sorted(changes, () => 'different') }
  }
}

function sorted(changes: readonly Change[], where: (change: Change) => Standing): Record<string, string> {
  const paths = (wanted: Standing) =>
    changes
      .filter((change) => where(change) === wanted)
      .map(changeName)
      .join(', ')
  return { changed: paths('done'), notChanged: paths('as-shown'), inDoubt: paths('different') }
}

function withDetails(error: unknown, aftermath: Record<string, string>): unknown {
  // Others keep their identity: whoever ended the wait compares the reason of its signal.
  if (!(error instanceof RescueError) || error.constructor !== RescueError) return error
  const { responsible, code, message, details } = error
  return new RescueError(responsible, code, message, { cause: error, details: { ...details, ...aftermath } })
}
