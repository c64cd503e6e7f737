/** What two texts have in common at their ends: lines of them, or bytes. */

/** How many at the beginning and at the end of the two are the same; none counts for both. */
export function commonEnds<T>(
  one: ArrayLike<T>,
  other: ArrayLike<T>,
): { readonly begin: number; readonly end: number } {
  const most = Math.min(one.length, other.length)
  let begin = 0
  while (begin < most && one[begin] === other[begin]) begin += 1
  let end = 0
  while (end < most - begin && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1
  return { begin, end }
}
