/** A change that a tool of the machine makes, as most of them are: it needs a writable system, and 0 is its success. */
import { RescueError } from '../base/errors.ts'
import type { ChangeOf } from '../record/changes.ts'
import type { Reason } from '../record/reasons.ts'

/** `undo`: what takes it back, or null. The first word of each command is a path from `/`. */
export function toolRun(command: readonly string[], undo: readonly string[] | null, why: Reason): ChangeOf<'run'> {
  return {
    kind: 'run',
    command: [...command],
    succeeds: [0],
    destructive: false,
    device: null,
    undo: undo === null ? null : [...undo],
    why: [why],
  }
}

/** The same of one of `tools`: those that were looked for and are there. @throws RescueError `tool-missing` */
export function runOf(
  tools: ReadonlySet<string>,
  command: readonly string[],
  undo: readonly string[] | null,
  why: Reason,
): ChangeOf<'run'> {
  const [tool = ''] = command
  if (!tools.has(tool)) throw new RescueError('operator', 'tool-missing', `${tool} is not there`, { details: { tool } })
  return toolRun(command, undo, why)
}
