/** What a route of the API is: which calls it takes, and its answer. */
import { z } from 'zod'
import { invalidParameter, ServiceError } from './service-error.ts'
import type { Tenancy } from './tenancy.ts'

export interface Call {
  /** The OCID in the path, or empty where there is none. */
  readonly id: string
  readonly query: URLSearchParams
  readonly ifMatch: string | undefined
  /** The parsed JSON body; undefined without one. */
  readonly body: unknown
}

export interface Reply {
  readonly status: number
  /** JSON, unless it is bytes. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** The answer to a later call with the same retry token. Without it, this reply again. */
  readonly again?: () => Reply
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Matches the path behind `/20160918`; the group `id` is the OCID in it. */
  readonly path: RegExp
  answer(tenancy: Tenancy, call: Call): Reply | Promise<Reply>
}

/** The body as `schema` wants it, or OCI's 400 in the words of its Java validators. */
export function parseBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {})
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.') ?? ''
  const missing = issue?.code === 'invalid_type' && valueAt(body, issue.path) === undefined
  throw invalidParameter(missing ? `${field} must not be null` : `${field}: ${issue?.message ?? 'invalid'}`)
}

/** OCI's optimistic lock: `if-match` names the etag that the caller saw. */
export function demandMatch(call: Call, etag: string): void {
  if (call.ifMatch === undefined || call.ifMatch === etag || call.ifMatch === '*') return
  throw new ServiceError(
    412,
    'NoEtagMatch',
    'The ETag specified in the request does not match the ETag for the resource.',
  )
}

/** A whole number in the query, or undefined when it is absent. */
export function wholeNumber(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  const number = Number(text)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw invalidParameter(`${name} must be a whole number between ${least} and ${most}`)
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  let value = body
  for (const key of path) {
    const parent = z.record(z.string(), z.unknown()).safeParse(value)
    value = parent.success ? parent.data[String(key)] : undefined
  }
  return value
}
