/**
 * What a diagnosis has found, as it stands in the log and as the thread shows it; and the
 * request that repairs it, for the button.
 */
import { z } from 'zod'
import { PlaybookRequest, Repair, type Repairs } from './playbooks.ts'

const Evidence = z.object({ line: z.number().int(), text: z.string() })

export const Finding = z.object({
  /** Kebab-case; its sentences stand in the catalogue under this name. */
  class: z.string(),
  severity: z.enum(['critical', 'error', 'warning']),
  confidence: z.enum(['certain', 'likely', 'unclear']),
  evidence: z.array(Evidence),
  /** Null where none repairs it. */
  playbook: z.string().nullable(),
  details: z.record(z.string(), z.string()),
})
export type Finding = z.infer<typeof Finding>

export const DiagnosisRecord = z.object({
  /** What kind of text it was made from. */
  log: z.enum(['linux', 'empty', 'binary', 'other-system', 'no-boot']),
  system: z.string().optional(),
  /** How far the boot came. */
  reached: z.enum([
    ...(['nothing', 'firmware', 'boot-loader', 'kernel', 'initramfs', 'userland'] as const),
    ...(['services', 'login-prompt'] as const),
  ]),
  sshd: z.enum(['up', 'failed', 'unseen']),
  /** Causes before their symptoms. */
  findings: z.array(Finding),
  /** The end of the log, masked, for those who must look themselves. */
  lastLines: z.array(Evidence),
})
export type DiagnosisRecord = z.infer<typeof DiagnosisRecord>

/** Where to look for a thing: the names that the evidence gives it, the most exact one first. */
const NAMES_OF_A_FILE_SYSTEM = ['device', 'mount', 'unit'] as const
/** The kernel may tell the option alone that it does not know. */
const NAMES_OF_AN_ENTRY = [...NAMES_OF_A_FILE_SYSTEM, 'option'] as const

/**
 * The request that repairs what was found. Undefined where nothing does, or where a person has to say more first: a
 * key, a user, a file.
 */
export function requestFor({ playbook, details }: Finding): PlaybookRequest | undefined {
  switch (playbook) {
    case 'fsck':
    case 'fstab': {
      const keys = playbook === 'fstab' ? NAMES_OF_AN_ENTRY : NAMES_OF_A_FILE_SYSTEM
      const names = keys.map((key) => details[key]).filter((value) => value !== undefined)
      const name = names.find((one) => !isCut(one)) ?? names[0]
      return PlaybookRequest.safeParse({ name: playbook, only: name === undefined ? [] : [name] }).data
    }
    case 'sshd':
      return (
        PlaybookRequest.safeParse({ name: 'sshd', user: details.user ?? null }).data ?? { name: 'sshd', user: null }
      )
    case 'sudoers':
      return { name: 'sudoers' }
    case 'kernel':
      return { name: 'kernel' }
    case 'unlock':
      return PlaybookRequest.safeParse({ name: 'unlock', user: details.user }).data
    default:
      return undefined
  }
}

/** systemd leaves out what is too long for its line: `…6c9b0-5bbd-42bc-b7ba-e62c6da5da5c`. */
function isCut(name: string): boolean {
  return name.includes('…') || name.includes('...')
}

/** All that can be repaired in one maintenance boot; undefined when that is not more than one thing. */
export function bundleFor(findings: readonly Finding[]): Repairs | undefined {
  const byText = new Map(
    findings.flatMap((finding) => {
      const repair = Repair.safeParse(requestFor(finding)).data
      return repair === undefined ? [] : [[JSON.stringify(repair), repair] as const]
    }),
  )
  return byText.size > 1 ? { name: 'repair', repairs: [...byText.values()] } : undefined
}
