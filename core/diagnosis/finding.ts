/** What a diagnosis says: the words that the rest of the house uses for it. */

/** `critical`: the boot stops. `error`: it goes on, but people cannot get in or lose something. `warning`: worth a look. */
export type Severity = 'critical' | 'error' | 'warning'

/** `unclear`: this is what the machine shows, and why it does so stands nowhere in the log. */
export type Confidence = 'certain' | 'likely' | 'unclear'

/** The procedures that can repair something, by the names they are offered under. */
export type Repair =
  | 'replace-key'
  | 'reset-password'
  | 'unlock'
  | 'fstab'
  | 'sshd'
  | 'sudoers'
  | 'fsck'
  | 'kernel'
  | 'edit'

/** The stations of a boot, in their order. */
export type Stage = 'firmware' | 'boot-loader' | 'kernel' | 'initramfs' | 'userland'

/** What the sentences for people name, e.g. `{ device: '/dev/sdb1', mount: '/data' }`. */
export type Details = Readonly<Record<string, string>>

export interface Evidence {
  /** From 1, in the log as it was given. */
  readonly line: number
  /** As a person reads it: no control sequences, wrapped rows joined. */
  readonly text: string
}

export interface Finding {
  /** What is wrong, in kebab-case; its sentences stand in the catalogue under this name. */
  readonly class: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly evidence: readonly Evidence[]
  /** Null where none of the playbooks repairs it. */
  readonly playbook: Repair | null
  readonly details: Details
}

/** What kind of text was given; only of `linux` is anything said. */
export type LogKind = 'linux' | 'empty' | 'binary' | 'other-system' | 'no-boot'

/** How far the boot came. `services`: its services run, and no login prompt was seen on this console. */
export type Reached = 'nothing' | Stage | 'services' | 'login-prompt'

export interface Diagnosis {
  readonly log: LogKind
  /** Of `other-system`: which one, e.g. `Windows`. */
  readonly system?: string
  readonly reached: Reached
  /** What the log says about SSH; `unseen` is the usual case on a quiet console. */
  readonly sshd: 'up' | 'failed' | 'unseen'
  /** Causes before their symptoms. Empty for a healthy boot. */
  readonly findings: readonly Finding[]
  /** Where the last boot has only begun and shows nothing: what the one before it ended with. */
  readonly before: readonly Finding[]
  /** The end of the log, for those who must look themselves. */
  readonly lastLines: readonly Evidence[]
}
