/**
 * A rule: what is wrong, by which lines it shows, and which lines only look like it.
 * Rules are data; `match.ts` reads them.
 */
import type { Confidence, Details, Repair, Severity, Stage } from './finding.ts'
import type { Line } from './line.ts'

export interface Rule {
  /** The class of its findings, in kebab-case. */
  readonly class: string
  readonly severity: Severity
  /**
   * The stage at which it stops a boot: one that came further got over it. `never`: a boot can come up with it and be
   * no good all the same, so it is told whatever comes after.
   */
  readonly stops: Stage | 'never'
  /** Any one of them shows it. */
  readonly signs: readonly Sign[]
  /** Lines that belong to it and alone say nothing. They are evidence, and have names. */
  readonly adds?: readonly Pattern[]
  /** Healthy lines that look like a sign. */
  readonly not?: RegExp
  /** Lines anywhere in the same boot that say that all is well after all. */
  readonly unless?: readonly Pattern[]
  /** A line after the last sign that says that it was got over; with a name that is the sign's own. */
  readonly over?: readonly Pattern[]
  /** A finding for each value of this detail: two disks that are missing are two findings. */
  readonly each?: string
  /** What it brings about. Those findings stand behind it. */
  readonly explains?: readonly string[]
  /** What would be told beside it by lines that are its own. */
  readonly replaces?: readonly string[]
  /** Told only where something was found that it explains: alone it does no harm. */
  readonly onlyAsCause?: true
  /** It says how the machine stands, not why: without a cause it is unclear. */
  readonly symptom?: true
  /** The boots, one after the other, that must show it. */
  readonly boots?: 2
  readonly playbook: Repair | null
}

export interface Pattern {
  /** A part of the line in lower case, so that the pattern is tried on few lines only. */
  readonly has: string
  /** Its named groups are the finding's details. */
  readonly line: RegExp
}

export interface Sign extends Pattern {
  /** What else stands in the line. */
  readonly with?: readonly RegExp[]
  readonly sure?: Exclude<Confidence, 'certain'>
  /** Shows it only where no other finding explains the line. */
  readonly weak?: true
  /** Counts only at these stages. */
  readonly during?: readonly Stage[]
  /** One of the lines soon after it. */
  readonly soon?: RegExp
  /** None of the lines soon after it. */
  readonly notSoon?: RegExp
  /** One of the lines shortly before it. */
  readonly after?: RegExp
  /** None of the lines shortly before it. */
  readonly notAfter?: RegExp
  /** So many lines may follow in the log, and no more. */
  readonly within?: number
  /** Looks closer: undefined where it is no sign after all. */
  readonly read?: (details: Details, following: readonly Line[]) => Details | undefined
}

/** Whether the one brings the other about. */
export function isCauseOf(cause: Rule, effect: Rule): boolean {
  return cause !== effect && (cause.explains ?? []).includes(effect.class)
}
