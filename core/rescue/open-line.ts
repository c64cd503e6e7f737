/**
 * Opens a serial line again after one of ours died: waits until the gateway can be reached,
 * and until it has let go of the console, which it holds for a dead client for some minutes.
 */
import { sleep } from '../base/deadline.ts'
import { type RescueError, toRescueError } from '../base/errors.ts'
import type { Journal } from './journal.ts'
import type { Patience } from './patience.ts'
import type { ConsoleConnection, OpenedChannel, World } from './world.ts'

export interface Timing {
  readonly now: () => Date
  readonly patience: Patience
}

/** @throws as `World.openSerial`: `console-busy` when it is not our own dead client that has the console. */
export async function openLineAgain(
  world: World,
  journal: Journal,
  connection: ConsoleConnection,
  { now, patience }: Timing,
  signal: AbortSignal,
): Promise<OpenedChannel> {
  const start = now().getTime()
  const unreachableUntil = start + patience.lineMs
  const heldUntil = new Date(start + patience.heldMs).toISOString()
  const tell = (how: 'waiting' | 'free' | 'given-up') =>
    journal.append({ type: 'console-held', until: heldUntil, now: how })
  let wasHeld = false
  for (;;) {
    const opened = await attempt(world, connection, signal)
    if ('channel' in opened) {
      if (wasHeld) await tell('free')
      return opened.channel
    }
    const { error } = opened
    const isHeld = error.code === 'console-busy'
    const until = isHeld ? Date.parse(heldUntil) : unreachableUntil
    const left = until - now().getTime()
    const isPassing = isHeld || error.code === 'gateway-unreachable'
    wasHeld ||= isHeld
    if (!isPassing || left <= 0) {
      if (wasHeld) await tell('given-up')
      throw error
    }
    if (isHeld) await tell('waiting')
    await sleep(Math.min(patience.lineTryMs, left), signal)
  }
}

type Attempt = { readonly channel: OpenedChannel } | { readonly error: RescueError }

async function attempt(world: World, connection: ConsoleConnection, signal: AbortSignal): Promise<Attempt> {
  try {
    return { channel: await world.openSerial(connection, signal) }
  } catch (thrown) {
    signal.throwIfAborted()
    return { error: toRescueError(thrown) }
  }
}
