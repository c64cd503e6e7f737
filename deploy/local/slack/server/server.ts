/** The HTTP side: which path is which part, on loopback and for loopback's own names only. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Api } from './api.ts'
import { readArguments, readJson, readUpload, TooLarge } from './bodies.ts'
import type { Notice } from './changes.ts'
import type { Means } from './deeds.ts'
import { doDeed, snapshot, stream } from './page-api.ts'
import { readPageFile } from './page-files.ts'
import { SlackRefusal } from './refusal.ts'
import type { Switches } from './switches.ts'
import { RETRY_AFTER, SLOW_MILLISECONDS, type Weather } from './weather.ts'

export interface ServerParts {
  readonly api: Api
  readonly means: Means
  readonly switches: Switches
  /** How Slack does now. */
  weather(): Weather
  /** What Slack itself told a user so far. */
  notices(user: string): readonly Notice[]
}

const ClockMove = z.object({ minutes: z.number().int().min(1).max(60) })

const SwitchChoice = z.object({ id: z.string(), state: z.string() })

/** What only apps ask for; the page goes on while Slack is broken for them. */
const FOR_APPS = /^\/(?:api|upload|commands|actions|files-pri)\//

type Handler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void

/** Everything comes from this server; pictures may also be data. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Listens on 127.0.0.1; resolves with the port it got. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return (server.address() as AddressInfo).port
}

export function makeServer(parts: ServerParts): Server {
  const server = createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => fail(response, error))
  })
  server.on('upgrade', (request, socket, head) => parts.means.sockets.upgrade(request, socket, head))
  return server
}

async function answer(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host = '' } = request.headers
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return json(response, 403, { error: 'unknown host' })
  const url = new URL(request.url ?? '/', `http://${host}`)
  if (FOR_APPS.test(url.pathname) && (await isTurnedAway(parts.weather(), response))) return
  await handlerFor(parts, request.method ?? 'GET', url.pathname)(request, response, url)
}

function handlerFor(parts: ServerParts, method: string, path: string): Handler {
  if (path.startsWith('/api/')) return (request, response, url) => callApi(parts, request, response, url)
  if (path.startsWith('/upload/v1/') && method === 'POST')
    return (request, response) => upload(parts, request, response)
  if (/^\/(commands|actions)\//.test(path) && method === 'POST')
    return (request, response) => respondAtUrl(parts, request, response)
  if (path.startsWith('/files-pri/')) return (request, response, url) => download(parts, request, response, url)
  if (path.startsWith('/page-api/')) return (request, response, url) => pageApi(parts, request, response, url)
  if (path.startsWith('/archives/')) return openLinked
  return method === 'GET' ? pageFile : notFound
}

/** True when Slack is in no state to do anything: it was answered. */
async function isTurnedAway(weather: Weather, response: ServerResponse): Promise<boolean> {
  if (weather === 'slow') await sleep(SLOW_MILLISECONDS)
  if (weather === 'failing') text(response, 500, 'internal error')
  if (weather === 'rate-limited')
    json(response, 429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(RETRY_AFTER) })
  return weather === 'failing' || weather === 'rate-limited'
}

async function callApi({ api }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const args = await readArguments(request, url)
  const answered = api.call(url.pathname.slice('/api/'.length), args, request.headers.authorization)
  json(response, answered.status, answered.body, answered.headers)
}

async function upload({ means }: ServerParts, request: IncomingMessage, response: ServerResponse) {
  const bytes = await readUpload(request)
  means.workspace.violations.file(bytes)
  const isTaken = means.workspace.files.receive(basename(request.url ?? ''), bytes)
  text(
    response,
    isTaken ? 200 : 400,
    isTaken ? `OK - ${bytes.length}` : 'upload refused: unknown ticket or wrong length',
  )
}

async function respondAtUrl({ means }: ServerParts, request: IncomingMessage, response: ServerResponse) {
  try {
    means.responseUrls.respond(request.url ?? '', await readJson(request))
    text(response, 200, 'ok')
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error
    json(response, /_url$/.test(error.error) ? 404 : 400, error.body())
  }
}

/** Files are for those with the bot's token; the page shows them without one under /page-api/. */
function download({ means }: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  if (request.headers.authorization !== `Bearer ${means.workspace.app.botToken}`)
    return json(response, 403, { ok: false, error: 'invalid_auth' })
  if (!means.workspace.app.scopes.includes('files:read'))
    return json(response, 403, { ok: false, error: 'missing_scope', needed: 'files:read' })
  sendFile(means, response, url.pathname.split('/')[2] ?? '', url.searchParams.has('download'))
}

async function pageApi(parts: ServerParts, request: IncomingMessage, response: ServerResponse, url: URL) {
  const [, , what = '', id = ''] = url.pathname.split('/')
  const user = url.searchParams.get('user') ?? parts.means.workspace.users[0]?.id ?? ''
  if (!isOwnPage(request)) return json(response, 403, { error: 'another origin' })
  if (what === 'file') return sendFile(parts.means, response, id, url.searchParams.has('download'))
  if (what === 'clock') return await moveClock(parts, request, response)
  if (what === 'switches') return await chooseSwitch(parts, request, response)
  if (parts.means.workspace.user(user) === undefined) return json(response, 404, { error: 'unknown user' })
  if (what === 'stream') return stream(parts.means.workspace, parts.notices(user), user, request, response)
  if (what === 'snapshot') return json(response, 200, snapshot(parts.means.workspace, parts.notices(user), user))
  if (what === 'deed' && request.method === 'POST' && request.headers['content-type'] === 'application/json')
    return json(response, 200, await doDeed(parts.means, await readJson(request)))
  if (what === 'give' && request.method === 'POST') return await give(parts.means, user, id, request, response)
  notFound(request, response)
}

/** GET shows how all switches stand; POST moves one first. */
async function chooseSwitch({ switches }: ServerParts, request: IncomingMessage, response: ServerResponse) {
  if (request.method === 'POST') {
    if (request.headers['content-type'] !== 'application/json') return notFound(request, response)
    const wanted = SwitchChoice.safeParse(await readJson(request))
    if (!wanted.success || !switches.choose(wanted.data.id, wanted.data.state)) return notFound(request, response)
  }
  json(response, 200, { switches: switches.sight() })
}

/** Answers when it has been moved: with why not so far, if something stood in the way. */
async function moveClock({ means }: ServerParts, request: IncomingMessage, response: ServerResponse) {
  const { movableClock } = means.workspace
  const isMove = request.method === 'POST' && request.headers['content-type'] === 'application/json'
  const wanted = isMove ? ClockMove.safeParse(await readJson(request)) : undefined
  if (movableClock === undefined || !wanted?.success) return notFound(request, response)
  const hindrance = await movableClock.move(wanted.data.minutes * 60_000)
  json(response, 200, { ahead: movableClock.ahead, hindrance: hindrance ?? null })
}

/** A file for a `file_input`; its name is the end of the path. */
async function give(
  { workspace, baseUrl }: Means,
  user: string,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const created = Math.floor(workspace.clock.now() / 1000)
  const bytes = await readUpload(request)
  json(response, 200, { file: workspace.files.give(decodeURIComponent(name), bytes, user, created, baseUrl()) })
}

/** No other site open in the same browser may act as these people. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host}`
}

function sendFile({ workspace }: Means, response: ServerResponse, id: string, asDownload: boolean) {
  const file = workspace.files.find(id)
  if (file === undefined) return json(response, 404, { ok: false, error: 'file_not_found' })
  const isPicture = workspace.files.pictureExists({ id })
  response.writeHead(200, {
    'content-type': isPicture ? file.object.mimetype : 'text/plain; charset=utf-8',
    'content-disposition': `${asDownload ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(file.object.name)}`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
  response.end(file.bytes)
}

async function pageFile(_request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const file = await readPageFile(url.pathname)
  if (file === undefined) return json(response, 404, { error: 'not found' })
  response.writeHead(200, {
    'content-type': file.type,
    'content-security-policy': PAGE_POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  })
  response.end(file.bytes)
}

/** A permalink: the page with that thread open, or with the channel when the message is in none. */
function openLinked(request: IncomingMessage, response: ServerResponse, url: URL) {
  const { channel, seconds, micros } =
    /^\/archives\/(?<channel>C\w+)\/p(?<seconds>\d{10})(?<micros>\d{6})$/.exec(url.pathname)?.groups ?? {}
  if (channel === undefined) return notFound(request, response)
  const thread = url.searchParams.get('thread_ts') ?? `${seconds}.${micros}`
  response.writeHead(302, { location: `/?${new URLSearchParams({ channel, thread })}` })
  response.end()
}

function notFound(_request: IncomingMessage, response: ServerResponse): void {
  json(response, 404, { error: 'not found' })
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy()
  else
    json(response, error instanceof TooLarge ? 413 : 500, { ok: false, error: 'internal_error', detail: String(error) })
}

function json(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' })
  response.end(body)
}
