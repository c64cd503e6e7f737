/**
 * Clicks on a gate's buttons that changed nothing: who tried what, and why it was refused. They are evidence, and anybody
 * in a channel can make them, so each person gets only so much room.
 */
import { z } from 'zod'
import type { Actor } from './events.ts'
import { samePerson } from './same-person.ts'

const REFUSALS = [
  ...(['not-an-approver', 'own-request', 'own-text', 'already-approved', 'already-decided', 'expired'] as const),
  ...(['plan-changed', 'not-waiting', 'may-not-break-glass', 'forged'] as const),
] as const

export const RefusedClick = z.object({
  wish: z.enum(['approved', 'denied', 'broke-glass']),
  why: z.enum(REFUSALS),
  /** What the button named; a forged one may name nothing that can be read. */
  gate: z.union([z.literal(1), z.literal(2)]).optional(),
  planHash: z.string().max(64).optional(),
  /** There was no room for more: what this person clicks from now on is not recorded here. */
  isLast: z.literal(true).optional(),
})
export type RefusedClick = z.infer<typeof RefusedClick>

/** In one rescue's log. A person who is refused so often has said what they want. */
const MOST_OF_ONE = 10
const MOST_OF_ALL = 100

/** Undefined when there is no room for it. `before`: those whose clicks the log has. */
export function refusedClick(before: readonly Actor[], by: Actor, click: RefusedClick): RefusedClick | undefined {
  const ofThem = before.filter((actor) => samePerson(actor, by)).length
  if (ofThem >= MOST_OF_ONE || before.length >= MOST_OF_ALL) return undefined
  const isLast = ofThem === MOST_OF_ONE - 1 || before.length === MOST_OF_ALL - 1
  return isLast ? { ...click, isLast } : click
}
