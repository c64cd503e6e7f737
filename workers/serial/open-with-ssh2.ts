/** A console connection over ssh2: both hops in this process, and the key in its memory only. */
import type { ClientChannel } from 'ssh2'
import type { Channel } from '../../core/console/channel.ts'
import { matchesFingerprint } from './host-keys.ts'
import { CONSOLE_PORT, SCREEN_PORT, type SerialTarget } from './serial-target.ts'
import { SshChannel } from './ssh-channel.ts'
import { connectSsh, type SshConnection } from './ssh-connection.ts'

/** The serial line. Throws SshError. */
export function openWithSsh2(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
  return openAtConsole(target, (console) => console.shell(signal), signal)
}

/** The screen: what comes and goes is RFB. Throws SshError. */
export function openScreenWithSsh2(target: SerialTarget, signal: AbortSignal): Promise<Channel> {
  return openAtConsole(target, (console) => console.forward(target.instance, SCREEN_PORT, signal), signal)
}

/** Goes over both hops and asks the second one for what is wanted there. */
async function openAtConsole(
  target: SerialTarget,
  ask: (console: SshConnection) => Promise<ClientChannel>,
  signal: AbortSignal,
): Promise<Channel> {
  const { gateway, user, instance, privateKey, hostKeyFingerprint } = target
  await using hops = new AsyncDisposableStack()
  let isProved = false
  // Nothing is asked for before one of the hops has shown the key that OCI names for this console connection.
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
  const line = await ask(hop2)
  line.stderr.resume()
  const opened = hops.move()
  return new SshChannel(line, () => opened.disposeAsync())
}
