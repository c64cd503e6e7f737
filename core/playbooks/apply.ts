/**
 * Makes the changes of an approved plan, in order, and leaves the file system read-only,
 * whatever happens. All of them are compared with the machine before the first is made.
 */
import { describeError, RescueError } from '../base/errors.ts'
import type { Change } from '../record/plan.ts'
import type { Shell } from '../shell/shell.ts'
import { type Found, inspect } from './inspect.ts'
import { makeChange, pathsOf, removeTraces, type Standing, standing } from './make-change.ts'
import type { ProposedChanges } from './playbook.ts'
import { makeReadOnly, makeWritable } from './writable.ts'

/** Told around each change, so that it stands in the log before and after it happens. */
export interface ChangeSteps {
  began(index: number): Promise<void>
  finished(index: number): Promise<void>
}

/** After a failure or a stop the machine is looked at once more, not waited for: it may be gone. */
const UNDO_LIMIT_MS = 20_000

/**
 * Safe to repeat: a change that is found done is not made again. True when the file system is read-only again.
 * @throws RescueError `file-changed`, `cannot-write`, `backup-differs`, `selinux-policy-failed`; the details `changed`,
 *   `notChanged` and `inDoubt` then list paths, as the machine showed them after the failure
 */
export async function applyChanges(
  shell: Shell,
  plan: Pick<ProposedChanges, 'changes' | 'selinux'>,
  rescueId: string,
  steps: ChangeSteps,
  signal: AbortSignal,
): Promise<boolean> {
  const found = await inspect(shell, plan.changes.flatMap(pathsOf), signal)
  refuseDifferent(plan.changes, found)
  try {
    await makeWritable(shell, plan.selinux, signal)
    for (const [index, change] of plan.changes.entries()) {
      await steps.began(index)
      if (standing(change, found) === 'as-shown') {
        await makeChange(shell, change, { selinux: plan.selinux, rescueId, found }, signal)
      }
      await steps.finished(index)
    }
    return await makeReadOnly(shell, signal)
  } catch (error) {
    const aftermath = await leaveClean(shell, plan.changes, rescueId)
    throw withDetails(error, aftermath)
  }
}

function refuseDifferent(changes: readonly Change[], found: (path: string) => Found): void {
  const different = changes.find((change) => standing(change, found) === 'different')
  if (different === undefined) return
  throw new RescueError('operator', 'file-changed', `${different.path} is no longer what was shown`, {
    details: {
      path: different.path,
      ...sorted(changes, (change) => (standing(change, found) === 'done' ? 'done' : 'as-shown')),
    },
  })
}

/** Takes the temporary files away, makes the file system read-only, and tells what stands there now. */
async function leaveClean(shell: Shell, changes: readonly Change[], rescueId: string): Promise<Record<string, string>> {
  const signal = AbortSignal.timeout(UNDO_LIMIT_MS)
  try {
    for (const change of changes) await removeTraces(shell, change, rescueId, signal)
    const readOnly = await makeReadOnly(shell, signal)
    const found = await inspect(shell, changes.flatMap(pathsOf), signal)
    return { readOnlyAgain: readOnly ? 'yes' : 'no', ...sorted(changes, (change) => standing(change, found)) }
  } catch (error) {
    // The line or the machine is gone; the first error is the one to read, and all of this is in doubt.
    return { readOnlyAgain: describeError(error), ...sorted(changes, () => 'different') }
  }
}

function sorted(changes: readonly Change[], where: (change: Change) => Standing): Record<string, string> {
  const paths = (wanted: Standing) =>
    changes
      .filter((change) => where(change) === wanted)
      .map(({ path }) => path)
      .join(', ')
  return { changed: paths('done'), notChanged: paths('as-shown'), inDoubt: paths('different') }
}

function withDetails(error: unknown, aftermath: Record<string, string>): unknown {
  // Others keep their identity: whoever ended the wait compares the reason of its signal.
  if (!(error instanceof RescueError) || error.constructor !== RescueError) return error
  const { responsible, code, message, details } = error
  return new RescueError(responsible, code, message, { cause: error, details: { ...details, ...aftermath } })
}
