/**
 * A console connection over OpenSSH: for servers that ssh2 has no
 * algorithm in common with, and for whoever wants it. The hosts prove themselves by the
 * same rule as over ssh2 (docs/decisions/004-console-host-key.md): first they are asked
 * for their keys, then the hop that showed the right one is held to it.
 */
import { spawn } from 'node:child_process'
import { orAborted, TimeLimit, within } from '../../core/base/deadline.ts'
import type { Channel } from '../../core/console/channel.ts'
import { matchesFingerprint } from './host-keys.ts'
import { OpensshChannel } from './openssh-channel.ts'
import { askCommand, type HostKeyRules, lineCommand, screenCommand } from './openssh-command.ts'
import { type HopName, OpensshDirectory } from './openssh-directory.ts'
import { failureIn } from './openssh-log.ts'
import { killGroup, opensshEnvironment } from './openssh-process.ts'
import { openStream } from './openssh-stream.ts'
import type { SerialTarget } from './serial-target.ts'
import { SshError } from './ssh-connection.ts'

/** Both handshakes, twice. */
const LIMIT_MS = 60_000

type Directed = (directory: OpensshDirectory, rules: HostKeyRules, signal: AbortSignal) => Promise<Channel>

/** The serial line. Throws SshError. */
export function openWithOpenssh(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
  const start: Directed = (directory, rules, limit) =>
    OpensshChannel.open(lineCommand(target, directory, rules), directory, limit)
  return openInTime(target, start, signal)
}

/** The screen: what comes and goes is RFB. Throws SshError. */
export function openScreenWithOpenssh(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
  const start: Directed = (directory, rules, limit) =>
    openStream(screenCommand(target, directory, rules), directory, limit)
  return openInTime(target, start, signal)
}

async function openInTime(target: SerialTarget, start: Directed, signal: AbortSignal): Promise<Channel> {
  using limit = within(signal, LIMIT_MS)
  try {
    return await open(target, start, limit.signal)
  } catch (error) {
    if (signal.aborted || !(error instanceof TimeLimit)) throw error
    throw new SshError('unreachable', `no line within ${LIMIT_MS / 1000} s`, { cause: error })
  }
}

async function open(target: SerialTarget, start: Directed, signal: AbortSignal): Promise<Channel> {
  await using cleanUp = new AsyncDisposableStack()
  const directory = cleanUp.use(await OpensshDirectory.make(target.privateKey))
  const rules = await rulesFor(target, directory, signal)
  const channel = await start(directory, rules, signal)
  cleanUp.move()
  await directory.forgetKey()
  return channel
}

/** The hop that has shown the key which OCI names must show it again; the other one need not show anything. */
async function rulesFor(target: SerialTarget, directory: OpensshDirectory, signal: AbortSignal): Promise<HostKeyRules> {
  if (await proves('gateway', target, directory, signal)) return { gateway: 'known', console: 'any' }
  if (await proves('console', target, directory, signal)) return { gateway: 'any', console: 'known' }
  throw new SshError('unknown-host-key', 'the host key is not the expected one')
}

async function proves(
  hop: HopName,
  target: SerialTarget,
  directory: OpensshDirectory,
  signal: AbortSignal,
): Promise<boolean> {
  const said = await ask(askCommand(hop, target, directory), signal)
  const key = await directory.shownKey(hop)
  if (key === undefined) throw failureIn(said)
  return matchesFingerprint(key, target.hostKeyFingerprint)
}

/** What the client said. That it fails is expected: it is not to log in. */
async function ask(words: readonly string[], signal: AbortSignal): Promise<string> {
  // A group of its own, with its helper for the first hop.
  const client = spawn('ssh', words, { env: opensshEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let said = ''
  client.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  client.on('error', (cause) => reject(new SshError('unreachable', 'there is no OpenSSH client here', { cause })))
  // The helper has nothing more to do, and may not see that by itself.
  client.on('exit', () => client.pid !== undefined && killGroup(client.pid))
  client.on('close', () => resolve())
  try {
    await orAborted(promise, signal)
    return said
  } catch (error) {
    if (client.pid !== undefined) killGroup(client.pid)
    throw error
  }
}
