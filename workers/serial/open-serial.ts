/**
 * From a console connection to its serial line: through the gateway (hop 1) to the
 * instance's console server (hop 2), the same key twice, a terminal and a shell.
 * Which of them must show the host key: docs/decisions/004-console-host-key.md.
 * Which SSH client goes there: docs/decisions/005-openssh-as-second-client.md.
 */
import { sleep } from '../../core/base/deadline.ts'
import { assertNever, RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { openWithOpenssh } from './open-with-openssh.ts'
import { openWithSsh2 } from './open-with-ssh2.ts'
import type { SerialTarget } from './serial-target.ts'
import { SshError } from './ssh-connection.ts'

/** `auto`: ssh2, and OpenSSH when ssh2 and a server have no algorithm in common. */
export type SshClient = 'auto' | 'ssh2' | 'openssh'

export interface OpenedLine {
  readonly channel: Channel
  /** Why it is not ssh2 that carries the line, when `auto` had to fall back. */
  readonly fellBackBecause?: string
}

/** A console connection that is ACTIVE for the API can be unknown to the gateway for a moment. */
const PAUSES_MS = [1000, 2000]

/** @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `gateway-unreachable` */
export async function openSerial(target: SerialTarget, client: SshClient, signal: AbortSignal): Promise<OpenedLine> {
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      return await openWith(client, target, signal)
    } catch (thrown) {
      if (!(thrown instanceof SshError)) throw thrown
      const error = meaning(thrown, target)
      if (error.code !== 'console-refused' || pause === undefined) throw error
      await sleep(pause, signal)
    }
  }
  throw new RescueError('us', 'unhandled-case', 'the last try neither opened the console nor failed')
}

async function openWith(client: SshClient, target: SerialTarget, signal: AbortSignal): Promise<OpenedLine> {
  switch (client) {
    case 'ssh2':
      return { channel: await openWithSsh2(target, signal) }
    case 'openssh':
      return { channel: await openWithOpenssh(target, signal) }
    case 'auto':
      return await openWithEither(target, signal)
    default:
      return assertNever(client)
  }
}

async function openWithEither(target: SerialTarget, signal: AbortSignal): Promise<OpenedLine> {
  try {
    return { channel: await openWithSsh2(target, signal) }
  } catch (thrown) {
    if (!(thrown instanceof SshError && thrown.kind === 'not-negotiated')) throw thrown
    return { channel: await openWithOpenssh(target, signal), fellBackBecause: thrown.message }
  }
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
    case 'not-negotiated':
    case 'unreachable':
      return new RescueError('cloud', 'gateway-unreachable', `${host} can not be reached: ${error.message}`, options)
    default:
      return assertNever(error.kind)
  }
}
