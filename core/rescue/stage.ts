/** What every story works with: its world, its log, its console, and what it may be ended by. */
import { RescueError } from '../base/errors.ts'
import type { Instance } from '../record/events.ts'
import type { PlaybookRequest } from '../record/playbooks.ts'
import type { RescueContext } from './context.ts'
import type { Ending } from './ending.ts'
import { passGate } from './gate.ts'
import type { Journal } from './journal.ts'
import { requestPlan } from './plans.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

export interface Stage {
  readonly world: World
  readonly journal: Journal
  readonly session: Session
  readonly context: RescueContext
  /** Found, and locked for this rescue. */
  readonly instance: Instance
  /** Ends with Stop, too. */
  readonly stoppable: AbortSignal
  /** Does not, for the moments in which stopping would do harm. */
  readonly signal: AbortSignal
}

/** Gate 1: nothing has happened yet. Undefined when it was approved. */
export async function passFirstGate(stage: Stage, request: PlaybookRequest): Promise<Ending | undefined> {
  const { journal, context, instance, stoppable } = stage
  await journal.append({ type: 'phase-began', phase: 'gate-1' })
  const options = { ...context, expiresInMs: context.settings.gate1ExpiryMs }
  const decision = await passGate(journal, requestPlan(request, instance), options, stoppable)
  return decision === 'approved' ? undefined : notApproved(decision, 1)
}

export function notApproved(decision: 'denied' | 'expired', gate: 1 | 2): Ending {
  return { outcome: decision, code: decision, details: { gate: String(gate) } }
}

export function demandRequest(journal: Journal): { readonly playbook: PlaybookRequest; readonly target: string } {
  const { request } = journal.state
  if (request === undefined) throw new RescueError('us', 'unexpected', 'the log begins without a request')
  return request
}
