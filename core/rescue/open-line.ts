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
  const hold = new Hold(journal, new Date(start + patience.heldMs))
  for (;;) {
    const opened = await attempt(world, connection, signal)
    if ('channel' in opened) {
      await hold.ends('free')
      return opened.channel
    }
    const left = start + patienceFor(opened.error, patience) - now().getTime()
    if (left <= 0) {
      await hold.ends('given-up')
      throw opened.error
    }
    if (isHeld(opened.error)) await hold.lasts()
    await sleep(Math.min(patience.lineTryMs, left), signal)
  }
}

/** The console in the hands of our dead client, as the log tells it. */
class Hold {
  readonly #journal: Journal
  readonly #until: string
  #wasSeen = false

  constructor(journal: Journal, until: Date) {
    this.#journal = journal
    this.#until = until.toISOString()
  }

  async lasts(): Promise<void> {
    this.#wasSeen = true
    await this.#tell('waiting')
  }

  async ends(how: 'free' | 'given-up'): Promise<void> {
    if (this.#wasSeen) await this.#tell(how)
  }

  async #tell(how: 'waiting' | 'free' | 'given-up'): Promise<void> {
    await this.#journal.append({ type: 'console-held', until: this.#until, now: how })
  }
}

function isHeld({ code }: RescueError): boolean {
  return code === 'console-busy'
}

/** What does not pass by itself is not waited for. */
function patienceFor(error: RescueError, { heldMs, lineMs }: Patience): number {
  if (isHeld(error)) return heldMs
  return error.code === 'gateway-unreachable' ? lineMs : 0
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
