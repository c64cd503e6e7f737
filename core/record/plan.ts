/**
 * What people approve. A plan is everything that will be done after its gate, as
 * plain data; its hash is what a decision names and what the worker compares
 * again before it acts.
 */
import { z } from 'zod'
import { sha256 } from '../base/sha256.ts'
import { Change } from './changes.ts'
import { PlaybookRequest } from './playbooks.ts'

/** What a public key is, for people; never the key itself. */
export const KeyFacts = z.object({
  type: z.string(),
  bits: z.number().int().nullable(),
  /** `SHA256:` and 43 characters of unpadded base64, as `ssh-keygen -l` prints it. */
  fingerprint: z.string(),
  comment: z.string(),
})
export type KeyFacts = z.infer<typeof KeyFacts>

const PlannedInstance = z.object({ id: z.string(), name: z.string() })

/** Gate 1: what was asked for, and of which instance. */
export const RequestPlan = z.object({ gate: z.literal(1), instance: PlannedInstance, request: PlaybookRequest })
export type RequestPlan = z.infer<typeof RequestPlan>

/** Gate 2: what will be changed. */
export const ChangePlan = z.object({
  gate: z.literal(2),
  playbook: z.string(),
  instance: PlannedInstance,
  /** Whom it is about; null when it is about the machine. */
  user: z.string().nullable(),
  changes: z.array(Change).min(1),
  /** True: SELinux's policy is loaded first and contexts are restored afterwards. */
  selinux: z.boolean(),
})
export type ChangePlan = z.infer<typeof ChangePlan>

export const Plan = z.discriminatedUnion('gate', [RequestPlan, ChangePlan])
export type Plan = z.infer<typeof Plan>

/** SHA-256 in hex of the plan's canonical JSON: keys sorted, so that parsing and printing again does not change it. */
export function planHash(plan: Plan): string {
  return sha256(canonicalJson(plan))
}

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
}
