/**
 * The words for people, by language. English is the one that is always whole; another
 * language is a value of the same type, so a sentence that is missing is a compile error.
 */
import { en } from './en.ts'

export type Catalogue = typeof en

/** What went wrong, and what the reader can do next. */
export interface Problem {
  readonly happened: string
  readonly next: string
}

export const catalogues = { en } satisfies Record<string, Catalogue>

/** The sentences for a code. The log may hold codes of another version: those are named, in the place `{code}`. */
export function problem(catalogue: Catalogue, code: string): Problem {
  const known: Readonly<Record<string, Problem>> = catalogue.problems
  const { happened, next } = catalogue.problems.unexpected
  return (Object.hasOwn(known, code) ? known[code] : undefined) ?? { happened: `${happened} ({code})`, next }
}

/** What a worker noticed on the way; undefined for a code that this version does not know. */
export function notice(catalogue: Catalogue, code: string): string | undefined {
  const known: Readonly<Record<string, string>> = catalogue.notices
  return Object.hasOwn(known, code) ? known[code] : undefined
}
