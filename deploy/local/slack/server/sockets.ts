/**
 * Socket Mode: single-use tickets, up to ten WebSockets, envelopes to any one of
 * them, and three seconds for the acknowledgement (docs.slack.dev/apis/events-api/using-socket-mode).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Clock } from './clock.ts'
import { secret } from './ids.ts'

const MOST_SOCKETS = 10
/** Slack expires a command or interaction that is not acknowledged in three seconds. */
const ACK_MILLISECONDS = 3_000
/** Slack's client drops a server that was silent for 30 s after a first ping. */
const PING_MILLISECONDS = 10_000

const Acknowledgement = z.object({ envelope_id: z.string(), payload: z.unknown() })

export type Delivery =
  | { kind: 'acknowledged'; payload: unknown; milliseconds: number }
  /** `dispatch_failed`: no app is connected; `operation_timeout`: it did not acknowledge in time. */
  | { kind: 'failed'; error: 'dispatch_failed' | 'operation_timeout' }

type DeedType = 'slash_commands' | 'interactive'

interface Pending {
  readonly sentAt: number
  settle(delivery: Delivery): void
}

export class Sockets {
  readonly #clock: Clock
  readonly #appId: string
  readonly #server = new WebSocketServer({ noServer: true })
  readonly #tickets = new Set<string>()
  #open: WebSocket[] = []
  readonly #pending = new Map<string, Pending>()
  readonly #ping: NodeJS.Timeout
  #unacknowledged = 0
  #lastInteraction: unknown
  #last: { readonly type: DeedType; readonly payload: unknown } | undefined
  #isRefusing = false

  constructor(clock: Clock, appId: string) {
    this.#clock = clock
    this.#appId = appId
    this.#ping = setInterval(() => {
      for (const socket of this.#open) socket.ping()
    }, PING_MILLISECONDS)
  }

  get count(): number {
    return this.#open.length
  }

  /** The payload of the last click or form. */
  get lastInteraction(): unknown {
    return this.#lastInteraction
  }

  /** How many deliveries nobody acknowledged in time. */
  get unacknowledged(): number {
    return this.#unacknowledged
  }

  /** The path and query to connect to, once. */
  ticket(): string {
    const ticket = secret(20)
    this.#tickets.add(ticket)
    return `/link/?ticket=${ticket}&app_id=${this.#appId}`
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    if (this.#isRefusing || url.pathname !== '/link/' || !this.#tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#greet(webSocket))
  }

  /** Sends one envelope to one socket, the longest unused one, and waits for the app's answer. */
  deliver(type: DeedType, payload: unknown): Promise<Delivery> {
    if (type === 'interactive') this.#lastInteraction = payload
    this.#last = { type, payload }
    return this.#send({ type, accepts_response_payload: true, payload })
  }

  /** Sends the last command, click or form in a new envelope, as if its acknowledgement had been lost. */
  deliverAgain(): Promise<Delivery> {
    return this.#send({ ...this.#last, accepts_response_payload: true, retry_attempt: 1, retry_reason: 'timeout' })
  }

  /** The same for an event; `retry` is how often it was sent before. */
  deliverEvent(payload: unknown, retry: number): Promise<Delivery> {
    const again = { retry_attempt: retry, retry_reason: retry === 0 ? '' : 'timeout' }
    return this.#send({ type: 'events_api', accepts_response_payload: false, payload, ...again })
  }

  #send(content: object): Promise<Delivery> {
    const socket = this.#open.shift()
    if (socket === undefined) {
      this.#unacknowledged += 1
      return Promise.resolve({ kind: 'failed', error: 'dispatch_failed' })
    }
    this.#open.push(socket)
    const envelope = { envelope_id: randomUUID(), ...content }
    const delivery = this.#acknowledgementOf(envelope.envelope_id)
    socket.send(JSON.stringify(envelope))
    return delivery
  }

  /** Asks the client of one connection to connect anew, as Slack does with each every few hours. */
  refresh(reason: 'warning' | 'refresh_requested'): void {
    this.#open[0]?.send(JSON.stringify({ type: 'disconnect', reason, debug_info: debugInfo() }))
  }

  /** Cuts all connections and takes no new ones, or takes them again. */
  refuse(isRefusing: boolean): void {
    this.#isRefusing = isRefusing
    if (isRefusing) for (const socket of this.#server.clients) socket.terminate()
  }

  close(): void {
    clearInterval(this.#ping)
    for (const pending of this.#pending.values()) pending.settle({ kind: 'failed', error: 'dispatch_failed' })
    for (const socket of this.#server.clients) socket.terminate()
    this.#server.close()
  }

  #greet(socket: WebSocket): void {
    if (this.#open.length >= MOST_SOCKETS) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets', debug_info: debugInfo() }))
      socket.close()
      return
    }
    this.#open.push(socket)
    socket.on('message', (data) => this.#hear(String(data)))
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      this.#open = this.#open.filter((other) => other !== socket)
    })
    const info = { app_id: this.#appId }
    const hello = { type: 'hello', num_connections: this.#open.length, connection_info: info, debug_info: debugInfo() }
    socket.send(JSON.stringify(hello))
  }

  #hear(text: string): void {
    const { success, data } = Acknowledgement.safeParse(parsedJson(text))
    if (!success) return
    const pending = this.#pending.get(data.envelope_id)
    const milliseconds = performance.now() - (pending?.sentAt ?? 0)
    pending?.settle({ kind: 'acknowledged', payload: data.payload, milliseconds })
  }

  #acknowledgementOf(envelope: string): Promise<Delivery> {
    return new Promise((resolve) => {
      const callOff = this.#clock.after(ACK_MILLISECONDS, () => settle({ kind: 'failed', error: 'operation_timeout' }))
      const settle = (delivery: Delivery) => {
        callOff()
        this.#pending.delete(envelope)
        if (delivery.kind === 'failed') this.#unacknowledged += 1
        resolve(delivery)
      }
      this.#pending.set(envelope, { sentAt: performance.now(), settle })
    })
  }
}

function debugInfo() {
  return { host: 'applink-local', build_number: 1, approximate_connection_time: 18_060 }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}
