/** The APIs of Compute, and what little of Networking and Identity is needed, as an HTTP server: signatures, faults, retry tokens and errors around the routes. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { compartmentRoutes } from './compartments.ts'
import { consoleRoutes } from './console-routes.ts'
import { type ApiFault, type Faults, USUAL_WORDS } from './faults.ts'
import { historyRoutes } from './history-routes.ts'
import { instanceRoutes } from './instance-routes.ts'
import { RetryTokens } from './retry-tokens.ts'
import type { Reply, Route } from './route.ts'
import { notAuthenticated, ServiceError } from './service-error.ts'
import { type ApiKey, authenticate } from './signature.ts'
import type { Tenancy } from './tenancy.ts'

export interface ApiOptions {
  readonly tenancy: Tenancy
  readonly apiKeys: readonly ApiKey[]
  readonly faults: Faults
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** 0: any free port. */
  readonly port: number
}

export interface Api {
  readonly port: number
  close(): Promise<void>
}

const ROUTES: readonly Route[] = [...instanceRoutes, ...consoleRoutes, ...historyRoutes, ...compartmentRoutes]
const BASE = '/20160918'

export async function startApi(options: ApiOptions): Promise<Api> {
  const tokens = new RetryTokens()
  const server = createServer((request, response) => {
    serve(options, tokens, request, response).catch((error: unknown) => fail(request, response, error))
  })
  // Node hangs up after 5 s of silence, which is as long as a patient client waits between two attempts.
  server.keepAliveTimeout = 60_000
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the API listens on no port')
  return { port: address.port, close: () => close(server) }
}

async function close(server: ReturnType<typeof createServer>): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

async function serve(
  options: ApiOptions,
  tokens: RetryTokens,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request)
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const fault = options.faults.take(request.method ?? '', url.pathname)
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'drop') return void request.socket.destroy()
  if (fault?.kind === 'answer') throw asError(fault)
  const reply = await answer(options, tokens, request, url, body)
  if (fault?.kind === 'lose-answer') return void request.socket.destroy()
  send(request, response, reply)
}

function asError({ status, code, message }: ApiFault & { kind: 'answer' }): ServiceError {
  const [usualCode, usualMessage] = USUAL_WORDS[status] ?? ['Unknown', 'An error']
  return new ServiceError(status, code ?? usualCode, message ?? usualMessage)
}

async function answer(
  { tenancy, apiKeys, now }: ApiOptions,
  tokens: RetryTokens,
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): Promise<Reply> {
  const { method = '', url: target = '', headers } = request
  const key = authenticate({ method, target, headers, body }, apiKeys, new Date(now()))
  if (key.tenancyId !== tenancy.tenancyId) throw notAuthenticated('The tenancy does not exist.')
  const { route, id } = findRoute(method, url.pathname)
  const call = { id, query: url.searchParams, ifMatch: headerOf(request, 'if-match'), body: parseJson(body) }
  const work = async (): Promise<Reply> => await route.answer(tenancy, call)
  const token = headerOf(request, 'opc-retry-token')
  if (token === undefined || method !== 'POST') return await work()
  return await tokens.once({ token: `${key.userId} ${token}`, method, target, body }, work)
}

function findRoute(method: string, pathname: string): { route: Route; id: string } {
  const path = pathname.startsWith(`${BASE}/`) ? pathname.slice(BASE.length) : ''
  const routes = ROUTES.filter((route) => route.path.test(path))
  if (routes.length === 0) throw new ServiceError(404, 'NotFound', `There is no operation at ${pathname}`)
  const route = routes.find((route) => route.method === method)
  if (!route) throw new ServiceError(405, 'MethodNotAllowed', `${method} is not supported at ${pathname}`)
  return { route, id: route.path.exec(path)?.groups?.id ?? '' }
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw new ServiceError(400, 'CannotParseRequest', `Incorrectly formatted request: ${String(error)}`)
  }
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Reply): void {
  response.setHeader('opc-request-id', requestId(request))
  if (body !== undefined) response.setHeader('content-type', 'application/json')
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value)
  response.writeHead(status)
  if (body === undefined) response.end()
  else response.end(body instanceof Uint8Array ? body : JSON.stringify(body))
}

/** Three parts as OCI writes it; the first is the client's own id when it sent one. */
function requestId(request: IncomingMessage): string {
  const part = () => randomBytes(16).toString('hex').toUpperCase()
  return [headerOf(request, 'opc-request-id') ?? part(), part(), part()].join('/')
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent || request.socket.destroyed) return
  const told = error instanceof ServiceError ? error : new ServiceError(500, 'InternalServerError', String(error))
  send(request, response, { status: told.status, body: { code: told.code, message: told.message } })
}
