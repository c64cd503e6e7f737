/** Lists that OCI gives in pages, read to their end; and many calls at a time, but not too many. */

/** OCI's own limit for a page: the fewest calls. */
export const PAGE = 1000

interface Page<T> {
  readonly items: readonly T[]
  readonly opcNextPage?: string | undefined
}

/** `pick` takes what is used of a page before the next one comes: some lists carry kilobytes for each of their items. */
export async function allPages<T, R>(
  ask: (page: { readonly page?: string }) => Promise<Page<T>>,
  pick: (item: T) => R,
): Promise<R[]> {
  const all: R[] = []
  for (let page = {}; ; ) {
    const { items, opcNextPage } = await ask(page)
    all.push(...items.map(pick))
    if (!opcNextPage) return all
    page = { page: opcNextPage }
  }
}

/** As `map`, with at most `most` of them under way; the first error ends it, and nothing new is begun after it. */
export async function mapAtMost<T, R>(
  items: readonly T[],
  most: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: { readonly at: number; readonly result: R }[] = []
  const left = items.entries()
  let hasFailed = false
  const lane = async () => {
    for (const [at, item] of left) {
      if (hasFailed) return
      try {
        results.push({ at, result: await work(item) })
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: most }, lane))
  return results.toSorted((one, other) => one.at - other.at).map(({ result }) => result)
}
