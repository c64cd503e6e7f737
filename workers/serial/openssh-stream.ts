/** A stream through an OpenSSH client that ends at a port behind the console's server: no terminal, only bytes. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { Duplex } from 'node:stream'
import { orAborted } from '../../core/base/deadline.ts'
import type { Channel } from '../../core/console/channel.ts'
import type { OpensshDirectory } from './openssh-directory.ts'
import { failureIn } from './openssh-log.ts'
import { GOODBYE_LIMIT_MS, killGroup, opensshEnvironment } from './openssh-process.ts'
import { SshChannel } from './ssh-channel.ts'

/**
 * Resolves when the far end has spoken, which is how a VNC server begins. The directory is removed with the channel.
 * Throws SshError as `failureIn` reads it; whatever was begun is ended then.
 */
export async function openStream(
  words: readonly string[],
  directory: OpensshDirectory,
  signal: AbortSignal,
): Promise<Channel> {
  const client = await startClient(words, directory)
  const { stdin, stdout } = client
  if (stdin === null || stdout === null) throw new Error('the client was started without pipes')
  const exited = new Promise<void>((resolve) => client.once('exit', () => resolve()))
  const stream = Duplex.from({ readable: stdout, writable: stdin })
  // Why it broke off is in the client's log.
  stream.on('error', () => stream.destroy())
  const channel = new SshChannel(stream, () => takeLeave(client, exited, directory))
  const spoken = once(stream, 'readable').then(
    () => stream.readableLength > 0,
    () => false,
  )
  try {
    if (await orAborted(Promise.race([spoken, exited.then(() => stream.readableLength > 0)]), signal)) return channel
    await orAborted(exited, signal)
    throw failureIn(await directory.said())
  } catch (error) {
    await channel.close()
    throw error
  }
}

/** In a group of its own, with its helper for the first hop; what both complain about goes to the log. */
async function startClient(words: readonly string[], directory: OpensshDirectory): Promise<ChildProcess> {
  const log = await open(directory.log, 'a')
  try {
    const client = spawn('ssh', words, {
      env: opensshEnvironment(),
      stdio: ['pipe', 'pipe', log.fd],
      detached: true,
    })
    await once(client, 'spawn')
    return client
  } finally {
    await log.close()
  }
}

/** The client has been told that nothing more comes; it closes the channel, and its helper the line. */
async function takeLeave(client: ChildProcess, exited: Promise<void>, directory: OpensshDirectory): Promise<void> {
  const kill = () => {
    if (client.pid !== undefined) killGroup(client.pid)
  }
  const late = setTimeout(kill, GOODBYE_LIMIT_MS)
  await exited
  clearTimeout(late)
  kill()
  await directory[Symbol.asyncDispose]()
}
