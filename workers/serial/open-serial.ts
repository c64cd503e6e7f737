/**
 * From a console connection to its serial line: through the gateway (hop 1) to the
 * instance's console server (hop 2), the same key twice, a terminal and a shell.
 * Which of them must show the host key: docs/decisions/004-console-host-key.md.
 * Which SSH client goes there: docs/decisions/005-openssh-as-second-client.md.
 */
import { assertNever } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { untilLetIn } from './let-in.ts'
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

/** @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `gateway-unreachable` */
export function openSerial(target: SerialTarget, client: SshClient, signal: AbortSignal): Promise<OpenedLine> {
  return untilLetIn('console', target, () => openWith(client, target, signal), signal)
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
