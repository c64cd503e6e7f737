/** The serial line of a console connection over ssh2: both hops in this process, and the key in its memory only. */
import type { Channel } from '../../core/console/channel.ts'
import { matchesFingerprint } from './host-keys.ts'
import { CONSOLE_PORT, type SerialTarget } from './serial-target.ts'
import { SshChannel } from './ssh-channel.ts'
import { connectSsh } from './ssh-connection.ts'

/** @throws SshError */
export async function openWithSsh2(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
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
