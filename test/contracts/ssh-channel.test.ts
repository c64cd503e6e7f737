/** The worker's channel: a bash behind an SSH server, and a worker's connection to it. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import pty from 'node-pty'
import ssh2, { type ServerChannel } from 'ssh2'
import { expect, it, onTestFinished } from 'vitest'
import { SshChannel } from '../../workers/serial/ssh-channel.ts'
import { connectSsh } from '../../workers/serial/ssh-connection.ts'
import { channelContract } from './channel.ts'

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const KEY = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()

interface Line {
  readonly channel: SshChannel
  readonly banner: string
  drop(): void
}

async function open(): Promise<Line> {
  const sockets: Socket[] = []
  const server = new ssh2.Server({ hostKeys: [KEY], banner: 'IMPORTANT' }, (connection) => {
    connection.on('error', () => connection.end())
    connection.on('authentication', (context) => context.accept())
    connection.on('session', (accept) => {
      const session = accept()
      session.on('pty', (allow) => allow?.())
      session.on('shell', (allow) => bash(allow()))
    })
  })
  const listener = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => socket.destroy())
    server.injectSocket(socket)
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(() => void listener.close())
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const identity = { privateKey: KEY }
  const hop = { host: '127.0.0.1', port: address.port, username: 'opc', identity }
  const connection = await connectSsh({ ...hop, isKnownHost: () => true }, AbortSignal.timeout(20_000))
  const line = await connection.shell(AbortSignal.timeout(20_000))
  const channel = new SshChannel(line, () => connection.close())
  const drop = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return { channel, banner: connection.banner, drop }
}

function bash(line: ServerChannel): void {
  const shell = pty.spawn('bash', ['--norc', '--noprofile'], { encoding: null })
  // Without an encoding the pieces are bytes, whatever the types say.
  shell.onData((piece: string | Uint8Array) => line.write(piece))
  shell.onExit(() => line.end())
  line.on('data', (bytes: Buffer) => shell.write(bytes.toString('latin1')))
  line.on('close', () => shell.kill('SIGKILL'))
}

channelContract('an SSH session', open)

it('keeps what the server says before the line apart from what the line says', async () => {
  const { channel, banner } = await open()
  await using _ = channel

  expect(banner).toBe('IMPORTANT\r\n')
})
