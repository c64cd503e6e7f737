/** Reboots the instance through OCI with its console open, and listens until the boot has come to its end, good or bad. */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { leaveFirmware } from '../grub/firmware.ts'
import type { Sighting } from '../machine/state.ts'
import { Stuck, watch } from '../machine/watch.ts'
import { demandStillRunning } from './find.ts'
import { watchToLogin } from './normal-boot.ts'
import { type Patience, patienceOf } from './patience.ts'
import type { Stage } from './stage.ts'
import type { PowerAction } from './world.ts'

/** A boot that says more than this says the same again and again: its beginning and its end are kept. */
const MOST_BYTES = 8 * 1024 * 1024

/** All that the console said, from the order on. What the boot came to is for the diagnosis to say. */
export async function rebootAndListen(stage: Stage, action: PowerAction, signal: AbortSignal): Promise<Uint8Array> {
  const console = await openConsole(stage, signal)
  using heard = new Hearing(console)
  await order(stage, console, action, signal)
  const patience = patienceOf(stage.context.settings)
  try {
    await watchToLogin(console, patience, signal)
    await untilSilent(console, patience, signal)
  } catch (thrown) {
    if (!(thrown instanceof Stuck || thrown instanceof NothingAppeared)) throw thrown
  }
  return heard.bytes()
}

/** What is started last may fail behind the login prompt. */
async function untilSilent(
  console: Console,
  { afterLoginQuietMs, afterLoginMs }: Patience,
  signal: AbortSignal,
): Promise<void> {
  for (let waited = 0; waited < afterLoginMs; waited += afterLoginQuietMs) {
    const { revision } = console.view()
    const more = (view: ScreenView) => (view.revision === revision ? undefined : true)
    if ((await appears(console, 'boot-end', more, afterLoginQuietMs, signal)) === undefined) return
  }
}

/** The login prompt that comes of it. Throws as `watchToLogin` does. */
export async function rebootAndWatch(
  stage: Stage,
  action: PowerAction,
  signal: AbortSignal,
): Promise<Sighting<'login-prompt'>> {
  const console = await openConsole(stage, signal)
  await order(stage, console, action, signal)
  if (action === 'SOFTRESET') await untilDown(stage, console, signal)
  return await watchToLogin(console, patienceOf(stage.context.settings), signal)
}

export async function openConsole(stage: Stage, signal: AbortSignal): Promise<Console> {
  const { world, journal, session, instance } = stage
  await journal.append({ type: 'phase-began', phase: 'connect' })
  await demandStillRunning(world, instance, signal)
  return await session.open(instance, signal)
}

async function order(
  { world, journal, instance }: Stage,
  console: Console,
  action: PowerAction,
  signal: AbortSignal,
): Promise<void> {
  await journal.append({ type: 'phase-began', phase: 'watch' })
  // An instance that is reset from inside its firmware's menus may not come up again.
  await leaveFirmware(console, signal)
  await console.forget()
  await world.power(instance, action, signal)
}

/** A system that is asked to stop takes its time; OCI cuts it off after a quarter of an hour. */
async function untilDown({ context }: Stage, console: Console, signal: AbortSignal): Promise<void> {
  const { softStopMs } = patienceOf(context.settings)
  const signs = ['powered-off', 'firmware', 'grub-starting', 'grub-hidden', 'grub-menu', 'grub-booting'] as const
  await watch(console, signs, 'system-stops', softStopMs, signal)
}

class Hearing implements Disposable {
  readonly #pieces: Uint8Array[] = []
  readonly #listening: Disposable
  #length = 0

  constructor(console: Console) {
    this.#listening = console.onOutput((bytes) => {
      this.#pieces.push(bytes.slice())
      this.#length += bytes.length
      while (this.#length > MOST_BYTES && this.#pieces.length > 2) {
        const [dropped] = this.#pieces.splice(Math.floor(this.#pieces.length / 2), 1)
        this.#length -= dropped?.length ?? 0
      }
    })
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.#pieces)
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
  }
}
