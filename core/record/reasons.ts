/** Why a change is wanted: which sentence says it, and what that sentence names. The sentences are in the catalogues. */
import { z } from 'zod'

/** By code, what its sentence has places for. */
export const REASONS = {
  'keys-directory': ['user'],
  'keys-directory-elsewhere': [],
  'keys-directory-private': ['user'],
  'keys-directory-open': ['user'],
  'key-there-already': ['fingerprint'],
  'key-added': ['fingerprint', 'user'],
  'key-only': ['fingerprint', 'user'],
  'new-password': ['user'],
  'default-kernel': ['kernel'],
  'edited-by-hand': [],

  'as-before': ['rescue'],
  'not-there-before': ['rescue'],
  'password-as-before': ['user', 'rescue'],
  'takes-back': ['command', 'rescue'],

  'password-locked': ['user'],
  'locked-without-pam': ['user'],
  'account-expired': ['since'],
  'password-too-old': ['since', 'days'],
  'shell-refuses-logins': ['user', 'shell'],
  'shell-not-there': ['user', 'shell'],
  'only-root-may-log-in': [],
  'failed-logins-counted': ['user'],

  'fsck-errors': ['device'],
  'fsck-errors-left': ['device'],
  'fsck-xfs-errors': ['device'],
  'fsck-log-to-replay': ['device'],
  'fsck-nothing-may-use-it': ['device'],
  'fsck-fat-errors': ['device'],
  'fsck-root-booted-after': [],

  'fstab-malformed': [],
  'fstab-missing': ['where', 'device'],
  'fstab-no-source': ['where', 'device'],
  'fstab-stands-on-another': ['where', 'other'],
  'fstab-unknown-type': ['where', 'type'],
  'fstab-wrong-type': ['where', 'type'],
  'fstab-may-fail': ['where'],
  'fstab-option-misspelt': ['option', 'meant'],

  'sshd-line-not-understood': ['line', 'problem'],
  'sshd-list-without': ['list', 'user'],
  'sshd-list-with': ['list', 'user'],
  'sshd-root-with-key': [],
  'sshd-config-of-package': [],
  'sshd-no-host-keys': [],
  'sshd-host-keys-context': [],
  'sshd-host-key-open': [],
  'sshd-directory-loose': [],
  'sshd-directory-missing': [],
  'sshd-directory-not-made': ['path'],
  'sshd-user-missing': ['user'],
  'sshd-keys-open': ['user'],
  'sshd-not-to-be-run': [],
  'sshd-unit-masked': ['unit'],
  'sshd-unit-not-enabled': ['unit'],

  'sudo-line-not-understood': ['line', 'problem'],
  'sudo-file-not-understood': ['line', 'problem'],
  'sudo-file-open': [],
  'sudo-not-roots': [],
} as const satisfies Readonly<Record<string, readonly string[]>>

type ReasonCode = keyof typeof REASONS

/** A log may hold codes of another version. */
export const Reason = z.object({ code: z.string(), details: z.record(z.string(), z.string()) })
export type Reason = Readonly<z.infer<typeof Reason>>

type Details<C extends ReasonCode> = (typeof REASONS)[C] extends readonly []
  ? readonly []
  : readonly [details: Readonly<Record<(typeof REASONS)[C][number], string>>]

export function because<C extends ReasonCode>(code: C, ...[details]: Details<C>): Reason {
  return { code, details: details ?? {} }
}
