/** The texts of long files: each stands in the log once, and is found there by its sum. */
import { RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import type { EventLog } from '../record/log.ts'
import type { ChangePlan } from '../record/plan.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import { keptText, replay } from '../record/state.ts'
import type { Journal } from './journal.ts'

/** Safe to repeat. */
export async function keepText(journal: Journal, text: string): Promise<void> {
  const sum = sha256(text)
  if (keptText(journal.state, sum) === undefined) await journal.append({ type: 'text-kept', sha256: sum, text })
}

/** @throws RescueError `text-lost` */
export function textFrom({ state }: Journal, sum: string): string {
  const text = keptText(state, sum)
  if (text === undefined) throw new RescueError('us', 'text-lost', 'a text is not in the log that the plan names')
  return text
}

/**
 * What is undone stands in the log of the rescue that did it; people see the difference here, too. A log that is gone
 * by now has told them then.
 */
export async function keepTextsOfUndone(
  journal: Journal,
  log: EventLog,
  request: PlaybookRequest,
  plan: Pick<ChangePlan, 'changes'>,
): Promise<void> {
  const long = plan.changes.filter((change) => change.kind === 'replace-long-file')
  if (request.name !== 'undo' || long.length === 0) return
  const { entries } = await log.read(request.of, 0)
  const state = replay(entries)
  for (const { before, after } of long) {
    for (const { sha256: sum } of [before, after]) {
      const text = keptText(state, sum)
      if (text !== undefined) await keepText(journal, text)
    }
  }
}
