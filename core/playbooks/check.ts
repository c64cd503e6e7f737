/** Reads back, after the changes, that the machine holds what was approved. */
import { RescueError } from '../base/errors.ts'
import { backupOf, type Change, isFileChange, sumsOf } from '../record/changes.ts'
import type { Shell } from '../shell/shell.ts'
import { inspect } from './inspect.ts'
import { pathsOf, standing } from './make-change.ts'

/**
 * Text (by its SHA-256), mode and owner of each changed path; the text of each backup. What a tool has done can not be
 * read back: looking again tells.
 * @throws RescueError `check-failed` with the path that is not as approved
 */
export async function checkChanges(shell: Shell, changes: readonly Change[], signal: AbortSignal): Promise<void> {
  const found = await inspect(shell, changes.flatMap(pathsOf), signal)
  for (const change of changes) {
    if (change.kind === 'run') continue
    if (standing(change, found) !== 'done') throw failed(change.path)
    const [backup, kept] = [backupOf(change), keptSha256(change)]
    if (backup === null || kept === null) continue
    const there = found(backup)
    if (there.kind !== 'file' || there.sha256 !== kept) throw failed(backup)
  }
}

/** What the backup must hold. */
function keptSha256(change: Change): string | null {
  if (change.kind === 'move-aside' || change.kind === 'set-password') return change.sha256
  return isFileChange(change) ? sumsOf(change).before : null
}

function failed(path: string): RescueError {
  return new RescueError('machine', 'check-failed', `${path} is not what was approved`, { details: { path } })
}
