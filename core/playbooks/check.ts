/** Reads back, after the changes, that the machine holds what was approved. */
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/plan.ts'
import type { Shell } from '../shell/shell.ts'
import { inspect } from './inspect.ts'
import { pathsOf, sha256, standing } from './make-change.ts'

/**
 * Text (by its SHA-256), mode and owner of each changed path; the text of each backup.
 * @throws RescueError `check-failed` with the path that is not as approved
 */
export async function checkChanges(shell: Shell, changes: readonly Change[], signal: AbortSignal): Promise<void> {
  const found = await inspect(shell, changes.flatMap(pathsOf), signal)
  for (const change of changes) {
    if (standing(change, found) !== 'done') throw failed(change.path)
    if (change.kind !== 'replace-file' || change.backup === null || change.before === null) continue
    const backup = found(change.backup)
    if (backup.kind !== 'file' || backup.sha256 !== sha256(change.before)) throw failed(change.backup)
  }
}

function failed(path: string): RescueError {
  return new RescueError('machine', 'check-failed', `${path} is not what was approved`, { details: { path } })
}
