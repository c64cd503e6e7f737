/**
 * From a console connection to its serial line: through the gateway (hop 1) to the
 * instance's console server (hop 2), the same key twice, a terminal and a shell.
 * Which of them must show the host key: docs/decisions/004-console-host-key.md.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { matchesFingerprint } from './host-keys.ts'
import { SshChannel } from './ssh-channel.ts'
import { connectSsh, SshError } from './ssh-connection.ts'

export interface SerialTarget {
  readonly gateway: { readonly host: string; readonly port: number }
  /** The console connection's OCID. */
  readonly user: string
  /** The instance's OCID. */
  readonly instance: string
  readonly privateKey: string
  /** OCI's `serviceHostKeyFingerprint` of this console connection. */
  readonly hostKeyFingerprint: string
}

/** The only port that the gateway forwards to, besides VNC's. */
const CONSOLE_PORT = 22
/** A console connection that is ACTIVE for the API can be unknown to the gateway for a moment. */
const PAUSES_MS = [1000, 2000]

/** @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `gateway-unreachable` */
export async function openSerial(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      return await open(target, signal)
    } catch (thrown) {
      if (!(thrown instanceof SshError)) throw thrown
      const error = meaning(thrown, target)
      if (error.code !== 'console-refused' || pause === undefined) throw error
      await sleep(pause, signal)
    }
  }
  throw new RescueError('us', 'unhandled-case', 'the last try neither opened the console nor failed')
}

async function open(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
  const { gateway, user, instance, privateKey, hostKeyFingerprint } = target
  await using hops = new AsyncDisposableStack()
  let isProved = false
  // Nothing is typed before one of the hops has shown the key that OCI names for this console connection.
  const prove = (key: Buffer) => {
    isProved ||= matchesFingerprint(key, hostKeyFingerprint)
    return isProved
  }
  const first = {
    ...gateway,
    username: user,
    identity: { privateKey },
    isKnownHost: (key: Buffer) => prove(key) || true,
  }
  const hop1 = hops.use(await connectSsh(first, signal))
  const through = await hop1.forward(instance, CONSOLE_PORT, signal)
  const second = { host: instance, port: CONSOLE_PORT, username: instance, identity: { privateKey } }
  const hop2 = hops.use(await connectSsh({ ...second, isKnownHost: prove, through }, signal))
  const line = await hop2.shell(signal)
  line.stderr.resume()
  const opened = hops.move()
  return new SshChannel(line, () => opened.disposeAsync())
}

function meaning(error: SshError, { gateway: { host }, instance }: SerialTarget): RescueError {
  const options = { cause: error, details: { host, instance, reason: error.message } }
  switch (error.kind) {
    case 'unknown-host-key':
      return new RescueError('cloud', 'host-key-mismatch', `${host} did not show the host key that OCI names`, options)
    case 'not-authenticated':
      return new RescueError('cloud', 'console-refused', `${host} did not take the console connection's key`, options)
    case 'channel-refused':
      // OCI's words: "console access is limited to one connection at a time".
      if (/one connection at a time/i.test(error.message))
        return new RescueError('operator', 'console-busy', 'somebody else is at this console', options)
      return new RescueError('cloud', 'console-refused', `${host} did not open the console: ${error.message}`, options)
    case 'unreachable':
      return new RescueError('cloud', 'gateway-unreachable', `${host} can not be reached: ${error.message}`, options)
  }
}
