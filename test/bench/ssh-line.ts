/**
 * A machine's serial line behind an SSH server on loopback, so that whoever drives the
 * machine reaches it as one reaches a console, and all of them in the same way.
 */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type Connection } from 'ssh2'
import type { Channel } from '../../core/console/channel.ts'
import type { SerialLine } from '../../deploy/local/machines/machine.ts'
import { joinSerialLine } from '../../deploy/local/oci/serial-session.ts'
import { SshChannel } from '../../workers/serial/ssh-channel.ts'
import { connectSsh } from '../../workers/serial/ssh-connection.ts'

export interface SshLine extends AsyncDisposable {
  readonly host: string
  readonly port: number
  /** What OpenSSH needs to know, in files. */
  readonly identityFile: string
  readonly knownHostsFile: string
  /** A session over ssh2, as a worker opens it. */
  connect(signal: AbortSignal): Promise<Channel>
  /** Resolves when somebody has opened a session since the call. */
  opened(signal: AbortSignal): Promise<void>
}

const HOST = '127.0.0.1'
const USER = 'bench'

export async function serveOverSsh(serial: SerialLine): Promise<SshLine> {
  await using undo = new AsyncDisposableStack()
  const key = newKey()
  const sessions = new EventTarget()
  const sockets = new Set<Socket>()
  const server = new ssh2.Server({ hostKeys: [key] }, (connection) => serve(connection, serial, sessions))
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    server.injectSocket(socket)
  })
  undo.defer(() => {
    listener.close()
    for (const socket of sockets) socket.destroy()
  })
  listener.listen(0, HOST)
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('the line listens on no port')
  const { port } = address
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-line-'))
  undo.defer(() => rm(folder, { recursive: true, force: true }))
  const files = await writeFiles(folder, key, port)
  const belongings = undo.move()
  return {
    host: HOST,
    port,
    ...files,
    connect: (signal) => connect(port, key, signal),
    opened: async (signal) => void (await once(sessions, 'opened', { signal })),
    [Symbol.asyncDispose]: () => belongings.disposeAsync(),
  }
}

/** One key for both ends: nobody but this machine can reach them. */
function newKey(): string {
  // PKCS#1, which ssh2 and OpenSSH both read.
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
}

async function writeFiles(folder: string, key: string, port: number) {
  const identityFile = join(folder, 'key')
  const knownHostsFile = join(folder, 'known_hosts')
  await writeFile(identityFile, key, { mode: 0o600 })
  await writeFile(knownHostsFile, `[${HOST}]:${port} ssh-rsa ${publicHalf(key).toString('base64')}\n`)
  return { identityFile, knownHostsFile }
}

function publicHalf(key: string): Buffer {
  const parsed = ssh2.utils.parseKey(key)
  if (parsed instanceof Error) throw parsed
  return parsed.getPublicSSH()
}

function serve(connection: Connection, serial: SerialLine, sessions: EventTarget): void {
  connection.on('error', () => connection.end())
  connection.on('authentication', (context) =>
    context.method === 'publickey' ? context.accept() : context.reject(['publickey']),
  )
  connection.on('session', (accept) => {
    const session = accept()
    session.on('pty', (allow) => allow?.())
    session.on('shell', (allow) => {
      joinSerialLine(allow(), serial, () => true)
      sessions.dispatchEvent(new Event('opened'))
    })
  })
}

async function connect(port: number, key: string, signal: AbortSignal): Promise<Channel> {
  const known = publicHalf(key)
  const isKnownHost = (shown: Buffer) => shown.equals(known)
  const hop = { host: HOST, port, username: USER, identity: { privateKey: key }, isKnownHost }
  const connection = await connectSsh(hop, signal)
  const line = await connection.shell(signal)
  return new SshChannel(line, () => connection.close())
}
