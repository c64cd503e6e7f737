/** What somebody may have meant who mistyped a command. */

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

/** Letters to insert, leave out, replace or swap (optimal string alignment distance). */
function errorsBetween(one: string, other: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (let row = 1; row <= one.length; row += 1) {
    const here = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      here[column] = Math.min(
        (here[column - 1] ?? 0) + 1,
        (last[column] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
        isSwapped ? (beforeLast[column - 2] ?? Number.POSITIVE_INFINITY) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    beforeLast = last
    last = here
  }
  return last[other.length] ?? 0
}
