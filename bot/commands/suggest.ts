/** What somebody may have meant who mistyped a command. */
import { errorsBetween } from '../../core/base/spelling.ts'

/** So many letters may be wrong, missing, too many or swapped. */
const MOST_ERRORS = 2

/** The nearest of `known`, if it is near enough to be meant; of several as near, the first. */
export function meant(typed: string, known: readonly string[]): string | undefined {
  const near = known
    .map((word) => ({ word, errors: errorsBetween(typed.toLowerCase(), word) }))
    .filter(({ word, errors }) => errors <= Math.min(MOST_ERRORS, word.length / 2))
  return near.toSorted((one, other) => one.errors - other.errors)[0]?.word
}

/** Of a name that begins like this there is only one. */
export function begunWith(typed: string, known: readonly string[]): string | undefined {
  const [only, ...more] = known.filter((word) => typed !== '' && word.startsWith(typed.toLowerCase()))
  return more.length === 0 ? only : undefined
}
