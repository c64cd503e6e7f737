/** Stops a boot loader's menu from booting by itself: any key does, and Space is the one that does nothing else. */
import { RescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { Sighting } from '../machine/state.ts'
import { wantedOrStuck } from '../machine/watch.ts'
import { BOOT_MENUS, type BootMenu } from './grub.ts'
import { paceOf } from './pace.ts'
import { seeBeforeBoot } from './past-grub.ts'
import { mendMenu, tornMenu } from './torn-menu.ts'

/** A menu that is drawn, and silent for so long, has no countdown. */
const MENU_QUIET_MS = 100
/** A key answers within milliseconds; GRUB may be drawing the whole menu first, 2 s at 9600 baud. */
const KEY_ANSWER_MS = 2500
/**
 * A menu may wait for two seconds only, and a firmware that reads the same line takes one key of three on a busy
 * machine: so the key is pressed again while the countdown goes on, though never so often that a BIOS, which keeps 15
 * keys, drops the one that comes after it.
 */
const PRESS_EVERY_MS = 400
const ATTEMPTS = 3

/**
 * The menu, drawn to its end and without a countdown. `pressed`: a key has opened it, and so stopped it already.
 * Throws `grub-ignores-keys`; `GrubNotSeen` when no key stopped it in time.
 */
export async function stopCountdown(
  console: Console,
  menu: Sighting<BootMenu>,
  signal: AbortSignal,
  already?: 'pressed',
): Promise<Sighting<BootMenu>> {
  const ticking = already === undefined && countdownOf(menu) !== undefined
  const seen = ticking ? menu : await standStill(console, menu.state.kind, signal)
  if (already !== undefined && countdownOf(seen) === undefined) return seen
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const stopped = countdownOf(seen) === undefined ? await pressOnce(console, signal) : await pressOn(console, signal)
    if (stopped !== undefined) return stopped
    if (tornMenu(console.view(), menu.state.kind)) await mendMenu(console, signal)
  }
  throw new RescueError('machine', 'grub-ignores-keys', `GRUB counts down whatever is typed\n${console.view().text}`)
}

/** Nothing would show that a menu without a countdown was stopped. */
async function pressOnce(console: Console, signal: AbortSignal): Promise<Sighting<BootMenu> | undefined> {
  await console.type(keys.space, signal)
  return stoppedMenu(console.view())
}

async function pressOn(console: Console, signal: AbortSignal): Promise<Sighting<BootMenu> | undefined> {
  const { quietMs } = paceOf(console.view())
  for (let waited = 0; waited < KEY_ANSWER_MS; waited += PRESS_EVERY_MS) {
    await console.type(keys.space, signal)
    const what = 'countdown-stopped'
    const stopped = await appears(console, what, stoppedMenu, PRESS_EVERY_MS, signal, { quietMs })
    if (stopped !== undefined) return stopped
  }
  return undefined
}

/** The menu, drawn to its end: GRUB shows no sign of that but silence. */
async function standStill(console: Console, before: BootMenu, signal: AbortSignal): Promise<Sighting<BootMenu>> {
  const what = 'grub-menu-still'
  const still = await appears(console, what, anyMenu, KEY_ANSWER_MS, signal, { quietMs: MENU_QUIET_MS })
  if (still !== undefined) return still
  if (tornMenu(console.view(), before)) await mendMenu(console, signal)
  return await console.until(what, anyMenu, KEY_ANSWER_MS, signal, { quietMs: MENU_QUIET_MS })
}

function anyMenu(view: ScreenView): Sighting<BootMenu> | undefined {
  seeBeforeBoot(view)
  return wantedOrStuck(view, BOOT_MENUS, 'grub-menu')
}

function stoppedMenu(view: ScreenView): Sighting<BootMenu> | undefined {
  const menu = anyMenu(view)
  return menu !== undefined && countdownOf(menu) === undefined ? menu : undefined
}

/** A menu that can not be read shows no countdown that can be trusted: the next key stops it all the same. */
function countdownOf({ state }: Sighting<BootMenu>): number | undefined {
  return 'menu' in state ? state.menu.countdown : undefined
}
