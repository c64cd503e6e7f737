/**
 * Checks the signature of a request as OCI does: draft-cavage HTTP signatures,
 * version 1, rsa-sha256, with the headers OCI demands
 * (docs.oracle.com/iaas/Content/API/Concepts/signingrequests.htm).
 */
import { createHash, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { notAuthenticated } from './service-error.ts'

export interface ApiKey {
  readonly tenancyId: string
  readonly userId: string
  /** MD5 of the DER public key in hex with colons, as the OCI console shows it. Any name will do here. */
  readonly fingerprint: string
  readonly publicKeyPem: string
}

export interface SignedRequest {
  readonly method: string
  /** Path and query as they stood on the request line. */
  readonly target: string
  readonly headers: IncomingHttpHeaders
  readonly body: Uint8Array
}

/** OCI's limit for the difference of clocks. */
const MAX_SKEW_MS = 5 * 60 * 1000

const NOT_PROVIDED = 'The required information to complete authentication was not provided or was incorrect.'
const NOT_VERIFIED = 'Failed to verify the HTTP(S) Signature'

/** Whose key signed the request. Throws OCI's 401 for a request that nobody registered here has signed. */
export function authenticate(request: SignedRequest, keys: readonly ApiKey[], now: Date): ApiKey {
  const parameters = parseAuthorization(request.headers.authorization)
  const signed = (parameters.headers ?? 'date').toLowerCase().split(' ')
  if (parameters.version !== '1' || parameters.algorithm !== 'rsa-sha256') throw notAuthenticated(NOT_PROVIDED)
  demandSigned(signed, request)
  const key = keys.find((key) => `${key.tenancyId}/${key.userId}/${key.fingerprint}` === parameters.keyId)
  const signature = Buffer.from(parameters.signature ?? '', 'base64')
  const text = signed.map((header) => `${header}: ${headerValue(header, request)}`).join('\n')
  if (!key || !verify('sha256', Buffer.from(text), key.publicKeyPem, signature)) throw notAuthenticated(NOT_VERIFIED)
  demandFresh(request.headers[signed.includes('x-date') ? 'x-date' : 'date'], now)
  demandBody(request)
  return key
}

function parseAuthorization(header: string | undefined): Partial<Record<string, string>> {
  const list = /^Signature (?<list>.+)$/.exec(header ?? '')?.groups?.list
  if (list === undefined) throw notAuthenticated(NOT_PROVIDED)
  return Object.fromEntries([...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
}

function demandSigned(signed: readonly string[], request: SignedRequest): void {
  const needed = ['(request-target)', 'host', ...(hasBody(request) ? BODY_HEADERS : [])]
  const dated = signed.includes('x-date') || signed.includes('date')
  if (!dated || needed.some((header) => !signed.includes(header))) throw notAuthenticated(NOT_PROVIDED)
}

const BODY_HEADERS = ['content-type', 'content-length', 'x-content-sha256']

function hasBody({ method }: SignedRequest): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
}

function headerValue(header: string, request: SignedRequest): string {
  if (header === '(request-target)') return `${request.method.toLowerCase()} ${request.target}`
  const value = request.headers[header]
  if (value === undefined) throw notAuthenticated(NOT_PROVIDED)
  return Array.isArray(value) ? value.join(', ') : value
}

function demandFresh(date: string | string[] | undefined, now: Date): void {
  const skew = Math.abs(now.getTime() - Date.parse(String(date)))
  if (skew <= MAX_SKEW_MS) return
  throw notAuthenticated(`Date '${date}' is not within allowed clock skew. Current '${now.toUTCString()}'`)
}

function demandBody(request: SignedRequest): void {
  if (!hasBody(request)) return
  const digest = createHash('sha256').update(request.body).digest('base64')
  if (request.headers['x-content-sha256'] !== digest) throw notAuthenticated(NOT_VERIFIED)
}
