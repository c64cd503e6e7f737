/**
 * SSH over ssh2, with two defaults turned round: nobody connects without saying
 * which host keys are known (ssh2 accepts any when it is not asked to look), and
 * every failure has a kind instead of a text.
 */
import type { Duplex } from 'node:stream'
import ssh2, { type BaseAgent, type Client, type ClientChannel } from 'ssh2'
import { orAborted } from '../../core/base/deadline.ts'
import { describeError } from '../../core/base/errors.ts'

export interface Hop {
  readonly host: string
  readonly port: number
  readonly username: string
  readonly identity: { readonly privateKey: string } | { readonly agent: BaseAgent }
  /** Gets the key as it travels on the wire. */
  readonly isKnownHost: (key: Buffer) => boolean
  /** The line to speak over, when this is the second hop. */
  readonly through?: Duplex
  /** How often the server is asked for a sign of life, in ms. */
  readonly keepaliveMs?: number
}

export type SshFailure =
  | 'unknown-host-key'
  /** The server answered, and took no key. */
  | 'not-authenticated'
  /** A channel was not opened; the message has the server's words. */
  | 'channel-refused'
  /** The server answered, and has no algorithm in common with this client. */
  | 'not-negotiated'
  | 'unreachable'

export class SshError extends Error {
  readonly kind: SshFailure

  constructor(kind: SshFailure, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SshError'
    this.kind = kind
  }
}

/** TCP and handshake together; OCI's gateway needs about a second. */
const HANDSHAKE_LIMIT_MS = 20_000
/** As people set `ServerAliveInterval` for this console. */
export const KEEPALIVE_MS = 10_000
/** So many questions in a row without an answer end the line. */
export const KEEPALIVES_MISSED = 3
/** A goodbye that takes longer is not waited for. */
const GOODBYE_LIMIT_MS = 1000

/** @throws SshError */
export async function connectSsh(hop: Hop, signal: AbortSignal): Promise<SshConnection> {
  signal.throwIfAborted()
  const client = new ssh2.Client()
  const connection = new SshConnection(client)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let isKnown = true
  client.once('ready', resolve)
  client.on('error', (error) => reject(failure(error, isKnown)))
  client.once('close', () => reject(new SshError('unreachable', 'the connection was closed')))
  client.connect({
    ...{ host: hop.host, port: hop.port, username: hop.username },
    ...('agent' in hop.identity ? { agent: hop.identity.agent } : { privateKey: hop.identity.privateKey }),
    ...(hop.through === undefined ? {} : { sock: hop.through }),
    authHandler: ['agent' in hop.identity ? 'agent' : 'publickey'],
    hostVerifier: (key: Buffer) => {
      isKnown = hop.isKnownHost(key)
      return isKnown
    },
    readyTimeout: HANDSHAKE_LIMIT_MS,
    keepaliveInterval: hop.keepaliveMs ?? KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVES_MISSED,
  })
  try {
    await orAborted(promise, signal)
  } catch (error) {
    client.destroy()
    hop.through?.destroy()
    throw error
  }
  client.setNoDelay(true)
  return connection
}

export class SshConnection implements AsyncDisposable {
  readonly #client: Client
  readonly #closed: Promise<void>
  #banner = ''

  constructor(client: Client) {
    this.#client = client
    this.#closed = new Promise((resolve) => client.once('close', () => resolve()))
    client.on('banner', (text) => {
      this.#banner += text
    })
  }

  /** What the server said before it let us in. It is not part of what the line says. */
  get banner(): string {
    return this.#banner
  }

  /** A channel to `host`:`port` as the server sees it. Throws SshError `channel-refused`, `unreachable`. */
  forward(host: string, port: number, signal: AbortSignal): Promise<ClientChannel> {
    // The source address only informs the server (RFC 4254, section 7.2).
    return this.#open((done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done), signal)
  }

  /** A shell on a terminal of 80 x 24: the size that firmware and GRUB draw for. Throws as `forward` does. */
  shell(signal: AbortSignal): Promise<ClientChannel> {
    return this.#open((done) => this.#client.shell({ term: 'vt100', cols: 80, rows: 24 }, done), signal)
  }

  async close(): Promise<void> {
    this.#client.end()
    const timer = setTimeout(() => this.#client.destroy(), GOODBYE_LIMIT_MS)
    // Whoever hears no goodbye hears that the line is gone.
    await Promise.race([this.#closed, new Promise((resolve) => setTimeout(resolve, 2 * GOODBYE_LIMIT_MS).unref())])
    clearTimeout(timer)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #open(ask: (done: Done) => void, signal: AbortSignal): Promise<ClientChannel> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>()
    const closed = () => reject(new SshError('unreachable', 'the connection was closed'))
    this.#client.once('close', closed)
    try {
      ask((error, channel) => {
        if (error === undefined) resolve(channel)
        else reject(new SshError('channel-refused', error.message, { cause: error }))
      })
      return await orAborted(promise, signal)
    } catch (error) {
      if (error instanceof SshError || signal.aborted) throw error
      // What ssh2 throws when the connection is down already.
      throw new SshError('unreachable', describeError(error), { cause: error })
    } finally {
      this.#client.off('close', closed)
    }
  }
}

type Done = (error: Error | undefined, channel: ClientChannel) => void

/** ssh2 says in `level` which part of it failed. */
function failure(error: Error & { readonly level?: string }, isKnown: boolean): SshError {
  if (!isKnown) return new SshError('unknown-host-key', 'the host key is not the expected one', { cause: error })
  return new SshError(kindOf(error), error.message, { cause: error })
}

function kindOf({ level, message }: Error & { readonly level?: string }): SshFailure {
  if (level === 'client-authentication') return 'not-authenticated'
  return level === 'handshake' && /no matching/i.test(message) ? 'not-negotiated' : 'unreachable'
}
