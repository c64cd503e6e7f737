/**
 * What a button carries: which rescue, which gate, which plan. It is visible to the
 * client and says nothing by itself; the state comes from the log.
 */
import { z } from 'zod'
import { RESCUE_ID, TICKET } from '../../core/base/ids.ts'

export interface GateReference {
  readonly rescue: string
  readonly gate: 1 | 2
  readonly planHash: string
}

export function gateReference({ rescue, gate, planHash }: GateReference): string {
  return `${rescue}:${gate}:${planHash}`
}

export function readGateReference(value: string | undefined): GateReference | undefined {
  const [rescue = '', gate, planHash = ''] = (value ?? '').split(':')
  if (!RESCUE_ID.test(rescue) || (gate !== '1' && gate !== '2') || !/^[0-9a-f]{64}$/.test(planHash)) return undefined
  return { rescue, gate: gate === '1' ? 1 : 2, planHash }
}

/** The candidate is named by its place in the list that the log holds. */
export interface ChoiceReference {
  readonly rescue: string
  readonly index: number
}

export function choiceReference({ rescue, index }: ChoiceReference): string {
  return `${rescue}:${index}`
}

export function readChoiceReference(value: string | undefined): ChoiceReference | undefined {
  const [rescue = '', index = ''] = (value ?? '').split(':')
  if (!RESCUE_ID.test(rescue) || !/^\d{1,3}$/.test(index)) return undefined
  return { rescue, index: Number(index) }
}

export function readRescueReference(value: string | undefined): string | undefined {
  return value !== undefined && RESCUE_ID.test(value) ? value : undefined
}

/** The question, not the answer. */
export interface AskReference {
  readonly rescue: string
  readonly ask: string
}

/** As it travels with a form and comes back. */
export const AskMetadata = z.object({ rescue: z.string().regex(RESCUE_ID), ask: z.string().regex(TICKET) })
export type AskMetadata = z.infer<typeof AskMetadata>

export function askReference({ rescue, ask }: AskReference): string {
  return `${rescue}:${ask}`
}

export function readAskReference(value: string | undefined): AskReference | undefined {
  const [rescue = '', ask = ''] = (value ?? '').split(':')
  return RESCUE_ID.test(rescue) && TICKET.test(ask) ? { rescue, ask } : undefined
}

/** Which of a diagnosis' findings is to be repaired. */
export interface RepairReference {
  readonly rescue: string
  readonly which: number | 'all'
}

export function repairReference({ rescue, which }: RepairReference): string {
  return `${rescue}:${which}`
}

export function readRepairReference(value: string | undefined): RepairReference | undefined {
  const [rescue = '', which = ''] = (value ?? '').split(':')
  if (!RESCUE_ID.test(rescue) || !/^(?:all|\d{1,3})$/.test(which)) return undefined
  return { rescue, which: which === 'all' ? 'all' : Number(which) }
}
