/**
 * What people approve. A plan is everything that will be done after its gate, as
 * plain data; its hash is what a decision names and what the worker compares
 * again before it acts.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Numeric owner, as `stat` gives it. */
export const Owner = z.object({ uid: z.number().int().min(0), gid: z.number().int().min(0) })
export type Owner = z.infer<typeof Owner>

/** Four octal digits, e.g. `0600`. */
export const Mode = z.string().regex(/^[0-7]{4}$/)

/** One thing a playbook wants to do to the machine, in a form a person can approve. */
export const Change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ensure-directory'),
    path: z.string(),
    /** What is there now; null when nothing is. */
    before: z.object({ mode: Mode, owner: Owner }).nullable(),
    after: z.object({ mode: Mode, owner: Owner }),
    why: z.string(),
  }),
  z.object({
    kind: z.literal('replace-file'),
    path: z.string(),
    /** The text that is there now; null when there is no file. */
    before: z.string().nullable(),
    after: z.string(),
    /** Where the old file is kept; null when there is none to keep. */
    backup: z.string().nullable(),
    mode: Mode,
    owner: Owner,
    why: z.string(),
  }),
])
export type Change = z.infer<typeof Change>

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

export const DowntimePlan = z.object({
  gate: z.literal(1),
  playbook: z.string(),
  instance: PlannedInstance,
  user: z.string(),
  key: KeyFacts,
  keepExisting: z.boolean(),
})
export type DowntimePlan = z.infer<typeof DowntimePlan>

export const ChangePlan = z.object({
  gate: z.literal(2),
  playbook: z.string(),
  instance: PlannedInstance,
  user: z.string(),
  changes: z.array(Change).min(1),
  /** True: SELinux's policy is loaded first and contexts are restored afterwards. */
  selinux: z.boolean(),
})
export type ChangePlan = z.infer<typeof ChangePlan>

export const Plan = z.discriminatedUnion('gate', [DowntimePlan, ChangePlan])
export type Plan = z.infer<typeof Plan>

/** SHA-256 in hex of the plan's canonical JSON: keys sorted, so that parsing and printing again does not change it. */
export function planHash(plan: Plan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex')
}

export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
}
