/** The playbooks by name, and what is the same for all of them. */
import type { PlaybookRequest } from '../record/playbooks.ts'
import type { Shell } from '../shell/shell.ts'
import { consult, type Proposal } from './playbook.ts'
import { replaceKey } from './replace-key.ts'

export { applyChanges } from './apply.ts'
export { checkChanges } from './check.ts'
export { rebootCommand } from './leave.ts'
export type { Proposal } from './playbook.ts'

/**
 * What the playbook of this name wants to change on this machine; changes nothing.
 * @throws RescueError `operator` when the request can not be met on this machine, `machine` when it gives no clear answers
 */
export function lookAndPropose(
  shell: Shell,
  request: PlaybookRequest,
  rescueId: string,
  signal: AbortSignal,
): Promise<Proposal> {
  switch (request.name) {
    case 'replace-key':
      return consult(replaceKey, shell, request, rescueId, signal)
  }
}
