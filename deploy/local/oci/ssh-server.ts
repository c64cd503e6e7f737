/**
 * The two things that both hops need from ssh2 and that ssh2 does not offer as
 * such: to serve SSH on a stream that is already there, and to refuse a channel
 * with a reason and words.
 */
import type { Duplex } from 'node:stream'
import ssh2, { type AuthContext, type Connection, type ServerConfig } from 'ssh2'
import type { ConsoleConnection } from './console-connections.ts'

/** RFC 4254 section 5.1: SSH_OPEN_ADMINISTRATIVELY_PROHIBITED. */
const ADMINISTRATIVELY_PROHIBITED = 1

/**
 * How long a silent client is believed alive: asked each 75 s, given up after the
 * fourth question without answer. Five minutes, which is how long OCI holds the
 * place of a client that died without closing.
 */
const KEEPALIVE = { keepaliveInterval: 75_000, keepaliveCountMax: 3 }

/** Serves one SSH connection on `stream`; `serve` gets it once the client has said hello. */
export function serveSsh(stream: Duplex, config: ServerConfig, serve: (connection: Connection) => void): void {
  const server = new ssh2.Server({ ...KEEPALIVE, ...config }, (connection) => {
    // Ended and not destroyed: ssh2's last words to the client may still be on their way.
    connection.on('error', () => stream.end())
    serve(connection)
  })
  // Declared for sockets, but any duplex stream will do, also a channel of another connection.
  Reflect.apply(server.injectSocket, server, [stream])
}

/**
 * The console connection whose key this is, proved by a signature or merely asked for (RFC 4252 section 7).
 * RSA keys only, any of ssh-rsa, rsa-sha2-256 and rsa-sha2-512 as signature.
 */
export function isKeyOf(connection: ConsoleConnection, context: AuthContext): boolean {
  if (context.method !== 'publickey' || !connection.key.blob.equals(context.key.data)) return false
  if (!context.signature || !context.blob) return true
  const key = ssh2.utils.parseKey(context.key.data)
  if (key instanceof Error) return false
  return key.verify(context.blob, context.signature, context.hashAlgo) === true
}

/**
 * Refuses a channel as `administratively prohibited` with words for the client.
 * ssh2's own `reject()` says "connect failed" and nothing, so the one message
 * that it sends is given another reason and text on its way.
 */
export function refuseChannel(connection: Connection, reject: () => void, words: string): void {
  const protocol: unknown = Reflect.get(connection, '_protocol')
  if (typeof protocol !== 'object' || protocol === null) throw new Error('this ssh2 has no protocol object')
  const send: unknown = Reflect.get(protocol, 'channelOpenFail')
  if (typeof send !== 'function') throw new Error('this ssh2 cannot refuse channels')
  Reflect.set(protocol, 'channelOpenFail', (recipient: number) =>
    Reflect.apply(send, protocol, [recipient, ADMINISTRATIVELY_PROHIBITED, words]),
  )
  try {
    reject()
  } finally {
    Reflect.deleteProperty(protocol, 'channelOpenFail')
  }
}
