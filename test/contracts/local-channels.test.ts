/** The channels of the tests themselves: a program on a pty, a line of a script, a line that asks for leave. */

import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, connect as plug } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Channel } from '../../core/console/channel.ts'
import { FencedChannel } from '../../workers/fenced-channel.ts'
import { SshChannel } from '../../workers/serial/ssh-channel.ts'
import { PtyChannel } from '../helpers/pty-channel.ts'
import { SimulatedLine } from '../helpers/simulated-line.ts'
import { channelContract, type HalfClosingLine, halfCloseContract } from './channel.ts'

function bash(): PtyChannel {
  return new PtyChannel(['bash', '--norc', '--noprofile'])
}

function kill(channel: PtyChannel): void {
  process.kill(channel.pid, 'SIGKILL')
}

channelContract('a pty', async () => {
  const channel = bash()
  return { channel, drop: () => kill(channel) }
})

channelContract('a line that asks for leave', async () => {
  const machine = bash()
  return { channel: new FencedChannel(machine, async () => undefined), drop: () => kill(machine) }
})

channelContract('the line of a script', async () => {
  const machine = bash()
  onTestFinished(() => machine.close())
  const line = new SimulatedLine((bytes) => void machine.write(bytes))
  void listen(machine, (bytes) => line.say(bytes)).then(() => line.drop())
  return { channel: line, drop: () => line.drop() }
})

channelContract('a socket such as QEMU’s', overSocket)
halfCloseContract('a socket such as QEMU’s', overSocket)

async function overSocket(): Promise<HalfClosingLine> {
  const directory = await mkdtemp(join(tmpdir(), 'serial-socket-'))
  const machine = bash()
  const path = join(directory, 'serial')
  const server = createServer({ allowHalfOpen: true }).listen(path)
  const connected = once(server, 'connection')
  const socket = plug(path)
  const [far] = await connected
  onTestFinished(async () => {
    server.close()
    await machine.close()
    await rm(directory, { recursive: true })
  })
  far.on('error', () => far.destroy())
  far.on('data', (bytes: Buffer) => void machine.write(bytes))
  void listen(machine, (bytes) => far.write(bytes)).then(() => far.end())
  const channel = new SshChannel(socket, async () => void socket.destroy())
  return { channel, drop: () => far.destroy(), halfClose: () => far.end() }
}

/** Ends with the machine. */
async function listen(machine: Channel, hear: (bytes: Uint8Array) => void): Promise<void> {
  const never = new AbortController().signal
  for (let bytes = await machine.read(never); bytes !== undefined; bytes = await machine.read(never)) hear(bytes)
}
