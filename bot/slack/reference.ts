/**
 * What a button carries: which rescue, which gate, which plan. It is visible to the
 * client and says nothing by itself; the state comes from the log.
 */
import { z } from 'zod'
import { RESCUE_ID, TICKET } from '../../core/base/ids.ts'
import type { Origin } from '../../core/record/events.ts'

export interface GateReference {
  readonly rescue: string
  readonly gate: 1 | 2
  readonly planHash: string
  /** Of the entry that opened the gate. */
  readonly opened: number
}

export function gateReference({ rescue, gate, planHash, opened }: GateReference): string {
  return `${rescue}:${gate}:${planHash}:${opened}`
}

export function readGateReference(value: string | undefined): GateReference | undefined {
  const [rescue = '', gate, planHash = '', opened = '', ...more] = (value ?? '').split(':')
  if (!RESCUE_ID.test(rescue) || (gate !== '1' && gate !== '2') || !/^[0-9a-f]{64}$/.test(planHash)) return undefined
  if (!/^[1-9]\d{0,8}$/.test(opened) || more.length > 0) return undefined
  return { rescue, gate: gate === '1' ? 1 : 2, planHash, opened: Number(opened) }
}

/** Where the button stands that has opened a form: the form itself stands nowhere. */
export interface ButtonPlace {
  readonly channel: string
  readonly message: string
}

/** Slack's own ids and stamps are far shorter; what is forged need not be. */
export const LONGEST_ID = 50

/** As Slack has them, whoever sent them: both are recorded, also of a form that is refused. */
const CHANNEL = /^[A-Z0-9]{1,50}$/
const STAMP = /^\d{1,20}\.\d{1,20}$/
const Placed = z.object({ channel: z.string().regex(CHANNEL), message: z.string().regex(STAMP) })

/** For the record, as if the button had done what its form does. `team`: the workspace in which the form was sent. */
export function originOf({ channel, message }: ButtonPlace, team: string): Origin & ButtonPlace {
  return { team, channel, message }
}

/** A form that a gate's button has opened. */
export interface GateFormReference extends GateReference, ButtonPlace {}

export function gateFormReference({ channel, message, ...reference }: GateFormReference): string {
  return `${gateReference(reference)} ${channel} ${message}`
}

export function readGateFormReference(value: string): GateFormReference | undefined {
  const [gate, channel = '', message = '', ...more] = value.split(' ')
  const reference = readGateReference(gate)
  if (reference === undefined || !CHANNEL.test(channel) || !STAMP.test(message) || more.length > 0) return undefined
  return { ...reference, channel, message }
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

/** A form that a question's button has opened. */
export interface AskFormReference extends AskReference, ButtonPlace {}

const AskMetadata = z.object({ rescue: z.string().regex(RESCUE_ID), ask: z.string().regex(TICKET), ...Placed.shape })

/** As it travels with a form, and comes back. */
export function askMetadata({ rescue, ask, channel, message }: AskFormReference): string {
  return JSON.stringify({ rescue, ask, channel, message } satisfies z.infer<typeof AskMetadata>)
}

/** Throws for what is none of ours. */
export function readAskMetadata(metadata: string): AskFormReference {
  return AskMetadata.parse(JSON.parse(metadata))
}

/** A form for a line of a rescue's root shell, that a button has opened. */
export interface ShellFormReference extends ButtonPlace {
  readonly rescue: string
}

const ShellMetadata = z.object({ rescue: z.string().regex(RESCUE_ID), ...Placed.shape })

export function shellMetadata({ rescue, channel, message }: ShellFormReference): string {
  return JSON.stringify({ rescue, channel, message } satisfies z.infer<typeof ShellMetadata>)
}

/** Throws for what is none of ours. */
export function readShellMetadata(metadata: string): ShellFormReference {
  return ShellMetadata.parse(JSON.parse(metadata))
}

export function askReference({ rescue, ask }: AskReference): string {
  return `${rescue}:${ask}`
}

export function readAskReference(value: string | undefined): AskReference | undefined {
  const [rescue = '', ask = ''] = (value ?? '').split(':')
  return RESCUE_ID.test(rescue) && TICKET.test(ask) ? { rescue, ask } : undefined
}

/** A line that runs in the rescue's root shell. */
export interface LineReference {
  readonly rescue: string
  readonly line: string
}

export function lineReference({ rescue, line }: LineReference): string {
  return `${rescue}:${line}`
}

export function readLineReference(value: string | undefined): LineReference | undefined {
  const [rescue = '', line = ''] = (value ?? '').split(':')
  return RESCUE_ID.test(rescue) && TICKET.test(line) ? { rescue, line } : undefined
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
