/** The two that try to boot an entry with one more argument: our own, and the peer. */
import { join } from 'node:path'
import { Console } from '../../core/console/console.ts'
import { keys } from '../../core/console/keys.ts'
import { catchBootLoader } from '../../core/grub/catch.ts'
import { driverFor } from '../../core/grub/driver-for.ts'
import { CommandFailed, runCommand } from '../../deploy/local/commands.ts'
import type { SshLine } from './ssh-line.ts'
import { TimedChannel } from './timed-channel.ts'

const PEER = join(import.meta.dirname, 'peer.exp')

/** What everybody adds to the command line. */
export const ARGUMENT = 'init=/bin/bash'

export interface Drive {
  /** Why the driver says that it did not boot the edit; undefined when it says that it did. */
  readonly gaveUp: string | undefined
  /** From the menu's last byte to the key that boots, ms; undefined where it was not measured. */
  readonly editMs?: number | undefined
}

export type Reset = () => Promise<void>

/** The product's drivers, as a rescue uses them, but with one boot only. */
export async function driveProduct(line: SshLine, reset: Reset, limitMs: number, signal: AbortSignal): Promise<Drive> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)])
  const channel = new TimedChannel(await line.connect(signal))
  await using console = new Console(channel)
  await reset()
  try {
    const menu = await catchBootLoader(console, { appearMs: limitMs }, limit)
    await driverFor(menu).bootWithArguments(console, { tokens: [ARGUMENT], entry: { kind: 'default' } }, limit)
  } catch (thrown) {
    signal.throwIfAborted()
    return { gaveUp: thrown instanceof Error ? thrown.message : String(thrown) }
  }
  const drawn = channel.heardAt(/automatically in \d+s/)
  const booted = channel.typedAt(keys.boot)
  return { gaveUp: undefined, editMs: drawn === undefined || booted === undefined ? undefined : booted - drawn }
}

/** The peer, in its session before the machine is reset, as a person would be. */
export async function drivePeer(
  line: SshLine,
  reset: Reset,
  linesDown: number,
  limitMs: number,
  signal: AbortSignal,
): Promise<Drive> {
  const opened = line.opened(signal)
  const script = runPeer(line, linesDown, limitMs, signal)
  await Promise.race([opened, script])
  await reset()
  return await script
}

async function runPeer(line: SshLine, linesDown: number, limitMs: number, signal: AbortSignal): Promise<Drive> {
  const seconds = String(Math.ceil(limitMs / 1000))
  const args = [String(line.port), line.identityFile, line.knownHostsFile, String(linesDown), ARGUMENT, seconds]
  try {
    await runCommand('expect', ['-f', PEER, ...args], {}, signal)
    return { gaveUp: undefined }
  } catch (thrown) {
    if (!(thrown instanceof CommandFailed)) throw thrown
    return { gaveUp: thrown.said }
  }
}
