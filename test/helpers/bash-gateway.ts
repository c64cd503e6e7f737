/**
 * Two SSH servers, one inside the other, with a bash at the end: what a client of a
 * console gateway sees, and nothing more. It lets everybody in.
 */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import pty from 'node-pty'
import ssh2, { type Algorithms, type Connection, type ServerChannel } from 'ssh2'
import { fingerprint } from '../../deploy/local/oci/public-key.ts'
import { TunnelStream } from '../../deploy/local/oci/tunnel-stream.ts'
import type { SerialTarget } from '../../workers/serial/serial-target.ts'

export interface BashGateway extends AsyncDisposable {
  readonly target: SerialTarget
  /** Cuts the lines, without a goodbye. */
  drop(): void
  /** Answers nothing any more, as a peer that died. */
  freeze(): void
  /** The far end of each line says no more. */
  halfClose(): void
}

export interface GatewayOptions {
  /** True: ssh2 finds no algorithm that it would use; other clients find what they need. */
  readonly isStrangeToSsh2?: boolean
}

/** Ciphers that ssh2 knows, and does not offer unless it is told to. */
const STRANGE: Algorithms = { cipher: ['aes256-cbc'] }

/** Making one takes longer than all the rest. */
const [HOST_KEY, CLIENT_KEY] = [newKey(), newKey()]

export async function startBashGateway({ isStrangeToSsh2 = false }: GatewayOptions = {}): Promise<BashGateway> {
  const sockets: Socket[] = []
  const lines: ServerChannel[] = []
  const console = (stream: Duplex) => serve(stream, { hostKeys: [HOST_KEY] }, (one) => shellOn(one, lines))
  const listener = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    socket.once('data', (hello: Buffer) => {
      socket.unshift(hello)
      const algorithms = isStrangeToSsh2 && hello.includes('ssh2js') ? STRANGE : {}
      serve(socket, { hostKeys: [HOST_KEY], banner: 'IMPORTANT', algorithms }, (connection) => {
        connection.on('tcpip', (accept) => console(new TunnelStream(accept())))
      })
    })
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const drop = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    target: {
      gateway: { host: '127.0.0.1', port: address.port },
      user: 'ocid1.instanceconsoleconnection.oc1..test',
      instance: 'ocid1.instance.oc1..test',
      privateKey: CLIENT_KEY,
      hostKeyFingerprint: fingerprintOf(HOST_KEY),
    },
    drop,
    freeze: () => {
      for (const socket of sockets) socket.pause()
    },
    halfClose: () => {
      for (const line of lines) line.eof()
    },
    async [Symbol.asyncDispose]() {
      listener.close()
      drop()
    },
  }
}

function serve(
  stream: Duplex,
  config: { hostKeys: string[]; algorithms?: Algorithms; banner?: string },
  onConnection: (connection: Connection) => void,
): void {
  const server = new ssh2.Server(config, (connection) => {
    connection.on('error', () => stream.end())
    connection.on('authentication', (context) =>
      context.method === 'publickey' ? context.accept() : context.reject(['publickey']),
    )
    onConnection(connection)
  })
  // Declared for sockets, but any duplex stream will do.
  Reflect.apply(server.injectSocket, server, [stream])
}

function shellOn(connection: Connection, lines: ServerChannel[]): void {
  connection.on('session', (accept) => {
    const session = accept()
    session.on('pty', (allow) => allow?.())
    session.on('shell', (allow) => {
      const line = allow()
      lines.push(line)
      bash(line)
    })
  })
}

function bash(line: ServerChannel): void {
  const shell = pty.spawn('bash', ['--norc', '--noprofile'], { encoding: null })
  // Without an encoding the pieces are bytes, whatever the types say; also those that are typed.
  shell.onData((piece: string | Uint8Array) => line.write(piece))
  shell.onExit(() => line.end())
  line.on('data', (bytes: Buffer) => Reflect.apply(shell.write, shell, [bytes]))
  line.on('close', () => shell.kill('SIGKILL'))
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}

function fingerprintOf(key: string): string {
  const parsed = ssh2.utils.parseKey(key)
  if (parsed instanceof Error) throw parsed
  return fingerprint(parsed.getPublicSSH())
}
