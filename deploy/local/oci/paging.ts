/** Lists come in pages: `limit` items, and `opc-next-page` to ask for those behind them. */
import { type Reply, wholeNumber } from './route.ts'
import { invalidParameter } from './service-error.ts'

/** OCI's own limits for `limit`. */
const MOST = 1_000
const USUAL = 100

export function page(items: readonly unknown[], query: URLSearchParams): Reply {
  const from = readToken(query.get('page'))
  const to = from + (wholeNumber(query, 'limit', 1, MOST) ?? USUAL)
  const headers: Record<string, string> = to < items.length ? { 'opc-next-page': token(to) } : {}
  return { status: 200, body: items.slice(from, to), headers }
}

/** Opaque, so that nobody is led to count with it. */
function token(offset: number): string {
  return Buffer.from(`from:${offset}`).toString('base64url')
}

function readToken(page: string | null): number {
  if (page === null) return 0
  const offset = /^from:(?<offset>\d{1,9})$/.exec(Buffer.from(page, 'base64url').toString())?.groups?.offset
  if (offset === undefined) throw invalidParameter('page is not a token that this service gave')
  return Number(offset)
}
