/** What the gates show: the request and the proposal, as plans that people approve. */
import { RescueError } from '../base/errors.ts'
import type { ProposedChanges } from '../playbooks/playbook.ts'
import type { Instance } from '../record/events.ts'
import type { ChangePlan, RequestPlan } from '../record/plan.ts'
import { type PlaybookRequest, repairsOf } from '../record/playbooks.ts'
import { readPastedKey } from '../record/public-key.ts'

/** The bot has read the keys too, but whoever writes them into a machine reads them again. Throws `key-refused`. */
export function requestPlan(request: PlaybookRequest, { id, name }: Instance): RequestPlan {
  for (const key of keysIn(request)) {
    const read = readPastedKey(key)
    if (read.kind === 'key') continue
    throw new RescueError('operator', 'key-refused', 'the public key is not usable', { details: { why: read.why } })
  }
  return { gate: 1, instance: { id, name }, request }
}

export function changePlan(request: PlaybookRequest, { id, name }: Instance, plan: ProposedChanges): ChangePlan {
  return { gate: 2, playbook: request.name, instance: { id, name }, ...plan }
}

function keysIn(request: PlaybookRequest): readonly string[] {
  if (request.name === 'connect') return [request.publicKey]
  return repairsOf(request).flatMap((repair) => (repair.name === 'replace-key' ? [repair.publicKey] : []))
}
