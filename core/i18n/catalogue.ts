/**
 * The words for people, by language. English is the one that is always whole; another
 * language is a value of the same type, so a sentence that is missing is a compile error.
 */
import { en } from './en.ts'
import { fill } from './fill.ts'
import { ja } from './ja.ts'

export type Catalogue = typeof en

/** What went wrong, and what the reader can do next. */
export interface Problem {
  readonly happened: string
  readonly next: string
}

/** What a diagnosis found. Places are filled from the finding's details. */
interface FindingText {
  readonly happened: string
  /** The same without places: for a log that did not give the names. */
  readonly unnamed?: string
  /** What to do where no playbook repairs it. */
  readonly next?: string
}

export const catalogues = { en, ja } satisfies Record<string, Catalogue>
export type Language = keyof typeof catalogues

/** What stands under a code; undefined for one of another version, and for what every object has, such as `constructor`. */
export function wordsFor<Words>(known: Readonly<Record<string, Words>>, code: string): Words | undefined {
  return Object.hasOwn(known, code) ? known[code] : undefined
}

/** The sentences for a code. The log may hold codes of another version: those are named, in the place `{code}`. */
export function problem(catalogue: Catalogue, code: string): Problem {
  const { happened, next } = catalogue.problems.unexpected
  return wordsFor<Problem>(catalogue.problems, code) ?? { happened: `${happened} ({code})`, next }
}

/** What a worker noticed on the way; undefined for a code that this version does not know. */
export function notice(catalogue: Catalogue, code: string): string | undefined {
  return wordsFor<string>(catalogue.notices, code)
}

/** Why a change is wanted; undefined for a code that this version does not know. */
export function reason(catalogue: Catalogue, code: string): string | undefined {
  return wordsFor<string>(catalogue.reasons, code)
}

/** What a finding means, in words: what happened, and what to do next where no playbook repairs it. */
export function explain(
  catalogue: Catalogue,
  finding: { readonly class: string; readonly details: Readonly<Record<string, string>> },
): { readonly happened: string; readonly next: string | undefined } {
  const text = wordsFor<FindingText>(catalogue.findings, finding.class)
  if (text === undefined) return { happened: finding.class, next: undefined }
  const isNamed = [...text.happened.matchAll(/\{(?<place>\w+)\}/g)].every(
    ({ groups }) => finding.details[groups?.place ?? ''],
  )
  const sentence = isNamed ? text.happened : (text.unnamed ?? text.happened)
  return { happened: fill(sentence, finding.details), next: text.next }
}
