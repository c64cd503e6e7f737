/** What the gates show: the request and the proposal, as plans that people approve. */
import { RescueError } from '../base/errors.ts'
import type { Proposal } from '../playbooks/index.ts'
import type { Instance } from '../record/events.ts'
import type { ChangePlan, DowntimePlan } from '../record/plan.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import { readPastedKey } from '../record/public-key.ts'

/** The bot has read the key too, but whoever writes it into a machine reads it again. */
export function downtimePlan(request: PlaybookRequest, { id, name }: Instance): DowntimePlan {
  const { user, publicKey, keepExisting } = request
  const key = readPastedKey(publicKey)
  if (key.kind === 'refused') {
    throw new RescueError('operator', 'key-refused', 'the public key is not usable', { details: { why: key.why } })
  }
  return { gate: 1, playbook: request.name, instance: { id, name }, user, key: key.facts, keepExisting }
}

export function changePlan(
  request: PlaybookRequest,
  { id, name }: Instance,
  { plan }: Extract<Proposal, { kind: 'changes' }>,
): ChangePlan {
  return { gate: 2, playbook: request.name, instance: { id, name }, ...plan }
}
