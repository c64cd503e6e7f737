/**
 * A gate: the plan goes into the log, and the rescue waits for whoever is first:
 * a person who decides, the clock, or a reason to stop.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { EventOf } from '../record/events.ts'
import type { Gate } from '../record/gates.ts'
import { type Plan, planHash } from '../record/plan.ts'
import type { Journal } from './journal.ts'

export interface GateOptions {
  readonly expiresInMs: number
  readonly now: () => Date
  /** Runs the wait; a worker gives its slot to others meanwhile. */
  readonly whileWaiting: <T>(wait: () => Promise<T>) => Promise<T>
}

/** Resolves with the decision that won. Throws the signal's reason when the rescue is stopped meanwhile. */
export async function passGate(
  journal: Journal,
  plan: Plan,
  { expiresInMs, now, whileWaiting }: GateOptions,
  signal: AbortSignal,
): Promise<EventOf<'decided'>['decision']> {
  const hash = planHash(plan)
  const expiresAt = new Date(now().getTime() + expiresInMs).toISOString()
  await journal.append({ type: 'gate-opened', gate: plan.gate, plan, planHash: hash, expiresAt })
  const gate = await whileWaiting(() => decidedOrExpired(journal, plan.gate, now, signal))
  if (gate.decision?.decision === 'approved') demandSamePlan(gate, plan)
  return gate.decision?.decision ?? 'expired'
}

/** The policy may give the gate another time than the one it was opened with; the time that is in the log counts. */
async function decidedOrExpired(journal: Journal, number: 1 | 2, now: () => Date, signal: AbortSignal): Promise<Gate> {
  for (;;) {
    const gate = demandGate(journal, number)
    if (isDecided(gate)) return gate
    const { expiresAt } = gate
    using limit = within(signal, Math.max(0, Date.parse(expiresAt) - now().getTime()))
    try {
      await journal.until(({ gates }) => hasNews(gates[number], expiresAt) || undefined, limit.signal)
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof TimeLimit)) throw thrown
      await expire(journal, number, expiresAt)
    }
  }
}

/** Unless somebody has decided, or the policy has given it more time, in this very moment. */
async function expire(journal: Journal, number: 1 | 2, expiresAt: string): Promise<void> {
  await journal.record((state) => {
    const gate = state.gates[number]
    if (gate === undefined || hasNews(gate, expiresAt)) return undefined
    return { type: 'decided', gate: number, planHash: gate.planHash, decision: 'expired' }
  })
}

/** It is decided, or has another time than this. */
function hasNews(gate: Gate | undefined, expiresAt: string): boolean {
  return gate !== undefined && (isDecided(gate) || gate.expiresAt !== expiresAt)
}

function isDecided({ decision }: Gate): boolean {
  return decision !== undefined
}

function demandGate(journal: Journal, number: 1 | 2): Gate {
  const gate = journal.state.gates[number]
  if (gate !== undefined) return gate
  throw new RescueError('us', 'unexpected', `gate ${number} was not opened`)
}

/** What was approved is the text in the log, so that text is hashed again before anything is done. */
function demandSamePlan(gate: Gate, plan: Plan): void {
  if (gate.planHash === planHash(gate.plan) && gate.planHash === planHash(plan)) return
  throw new RescueError('us', 'plan-changed', 'the approved plan is not the plan that would be applied')
}
