/**
 * From a console connection to its serial line, or to its screen: through the gateway
 * (hop 1) to the instance's console server (hop 2), the same key twice.
 * Which of them must show the host key: docs/decisions/004-console-host-key.md.
 * Which SSH client goes there: docs/decisions/005-openssh-as-second-client.md.
 */
import { assertNever } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { untilLetIn } from './let-in.ts'
import { openScreenWithOpenssh, openWithOpenssh } from './open-with-openssh.ts'
import { openScreenWithSsh2, openWithSsh2 } from './open-with-ssh2.ts'
import type { SerialTarget } from './serial-target.ts'
import { SshError } from './ssh-connection.ts'

/** `auto`: ssh2, and OpenSSH when ssh2 and a server have no algorithm in common. */
export type SshClient = 'auto' | 'ssh2' | 'openssh'

export interface OpenedLine {
  readonly channel: Channel
  /** Why it is not ssh2 that carries the line, when `auto` had to fall back. */
  readonly fellBackBecause?: string
}

/** Throws SshError. */
type Open = (target: SerialTarget, signal: AbortSignal) => Promise<Channel>
type Openers = Readonly<Record<'ssh2' | 'openssh', Open>>

const SERIAL: Openers = { ssh2: openWithSsh2, openssh: openWithOpenssh }
const SCREEN: Openers = { ssh2: openScreenWithSsh2, openssh: openScreenWithOpenssh }

/** @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `gateway-unreachable` */
export function openSerial(target: SerialTarget, client: SshClient, signal: AbortSignal): Promise<OpenedLine> {
  return untilLetIn('console', target, () => openWith(SERIAL, client, target, signal), signal)
}

/**
 * A line on which RFB is spoken.
 * @throws RescueError as `openSerial` does, and `screen-refused`
 */
export async function openScreen(target: SerialTarget, client: SshClient, signal: AbortSignal): Promise<Channel> {
  const open = () => openWith(SCREEN, client, target, signal)
  return (await untilLetIn('screen', target, open, signal)).channel
}

async function openWith(
  openers: Openers,
  client: SshClient,
  target: SerialTarget,
  signal: AbortSignal,
): Promise<OpenedLine> {
  switch (client) {
    case 'ssh2':
    case 'openssh':
      return { channel: await openers[client](target, signal) }
    case 'auto':
      return await openWithEither(openers, target, signal)
    default:
      return assertNever(client)
  }
}

async function openWithEither(openers: Openers, target: SerialTarget, signal: AbortSignal): Promise<OpenedLine> {
  try {
    return { channel: await openers.ssh2(target, signal) }
  } catch (thrown) {
    if (!(thrown instanceof SshError && thrown.kind === 'not-negotiated')) throw thrown
    return { channel: await openers.openssh(target, signal), fellBackBecause: thrown.message }
  }
}
