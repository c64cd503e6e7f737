/** A picture of an instance's screen: its VNC server, behind the same two hops as the serial line. */
import { TimeLimit, within } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Screenshot } from '../../core/rescue/world.ts'
import { openScreen, type SshClient } from './open-console.ts'
import { encodePng } from './png.ts'
import { capture } from './rfb-capture.ts'
import { converse } from './rfb-conversation.ts'
import type { SerialTarget } from './serial-target.ts'

/** For a few megabytes from a server that may have to draw them first. */
const LIMIT_MS = 30_000

/** @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `gateway-unreachable`, `screen-…` */
export async function takeScreenshot(
  target: SerialTarget,
  client: SshClient,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<Screenshot> {
  await using channel = await openScreen(target, client, signal)
  using limit = within(signal, limitMs)
  try {
    const screen = await converse(channel, capture(), limit.signal)
    const { width, height, isBlank: blank } = screen
    return { png: await encodePng(screen), width, height, blank }
  } catch (error) {
    if (signal.aborted || !(error instanceof TimeLimit)) throw error
    const message = `the screen's server did not show its screen within ${limitMs / 1000} s`
    throw new RescueError('cloud', 'screen-slow', message, { cause: error })
  }
}
