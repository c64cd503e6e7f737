/**
 * Catches GRUB on its way up: waits for its menu, or for the moment it takes the
 * port with the menu hidden, and stops it from booting by itself.
 */
import { sleep } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { isFirstOfKernel } from '../machine/kernel.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting, StateKind } from '../machine/state.ts'
import { isOneOf, Stuck, wantedOrStuck } from '../machine/watch.ts'
import { appears } from './appears.ts'
import { GrubNotSeen } from './failures.ts'
import type { BootMenu } from './grub.ts'

export interface CatchLimits {
  /** How long firmware and GRUB may take until something of GRUB shows. */
  readonly appearMs: number
}

/** OCI's reset and firmware together take one to two minutes; a large bare-metal shape takes more. */
const LIMITS: CatchLimits = { appearMs: 300_000 }
/** GRUB reads its configuration between taking the port and drawing the menu: 127 ms were seen, 300 allowed. */
const HIDDEN_AFTER_MS = 300
/** One Escape opens a hidden menu in 127 ms; a busy machine may need longer. */
const MENU_AFTER_ESCAPE_MS = 1500
/** GRUB waits 100 ms after an Escape for the rest of a sequence: a key sent sooner is taken for that. */
const ESCAPE_ALONE_MS = 150
/** A menu that is drawn, and silent for so long, has no countdown. */
const MENU_QUIET_MS = 100
/** A key answers within milliseconds; GRUB may be drawing the whole menu first, 2 s at 9600 baud. */
const KEY_ANSWER_MS = 2500
const ATTEMPTS = 3

/**
 * From a reset to the boot loader's menu, stopped. Begin before or right after the reset; what stood on the screen
 * before it is not taken for an answer. Throws `GrubNotSeen` when the machine boots without it, or nothing comes;
 * `Stuck` (`grub-rescue`, `grub-command-line`, `grub-password`); `grub-ignores-keys`.
 */
export async function catchBootLoader(
  console: Console,
  limits: Partial<CatchLimits>,
  signal: AbortSignal,
): Promise<Sighting<BootMenu>> {
  const seen = await firstOfGrub(console, { ...LIMITS, ...limits }, signal)
  if (isOneOf(seen, ['grub-menu'])) return await stopCountdown(console, seen, signal)
  return await openHiddenMenu(console, signal)
}

async function firstOfGrub(
  console: Console,
  limits: CatchLimits,
  signal: AbortSignal,
): Promise<Sighting<'grub-menu' | 'grub-hidden'>> {
  const look = lookForGrub(recognise(console.view()))
  try {
    return await console.until('the GRUB menu', look, limits.appearMs, signal)
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared)) throw thrown
    throw new GrubNotSeen(recognise(console.view()), thrown.screen, { cause: thrown })
  }
}

/** A system that came up shows that the menu was missed; but not one that stood on the screen already at the `start`. */
function lookForGrub(start: Sighting): (view: ScreenView) => Sighting<'grub-menu' | 'grub-hidden'> | undefined {
  let changed = false
  return (view) => {
    const sighting = recognise(view)
    changed ||= sighting.state.kind !== start.state.kind || sighting.because !== start.because
    if (!changed) return isOneOf(sighting, ['grub-menu', 'grub-hidden']) ? sighting : undefined
    if (isPastGrub(sighting)) throw new GrubNotSeen(sighting, view.text)
    return wantedOrStuck(view, ['grub-menu', 'grub-hidden'], 'the GRUB menu')
  }
}

const PAST_GRUB: readonly StateKind[] = [
  'grub-booting',
  'initramfs-shell',
  'emergency',
  'maintenance-shell',
  'login-prompt',
]

/** A kernel that shuts down prints too, but not with the times of a boot. */
const BOOT_SECONDS = 60

function isPastGrub({ state, because }: Sighting): boolean {
  if (state.kind !== 'kernel') return PAST_GRUB.includes(state.kind)
  if (state.uptime !== undefined) return state.uptime < BOOT_SECONDS
  return isFirstOfKernel(because)
}

/** Any key stops the countdown; Space is the one that does nothing else. */
async function stopCountdown(
  console: Console,
  menu: Sighting<'grub-menu'>,
  signal: AbortSignal,
): Promise<Sighting<'grub-menu'>> {
  const ticking = menu.state.menu.countdown !== undefined || (await startsTicking(console, signal))
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await console.type(keys.space, signal)
    const stopped = ticking
      ? await appears(console, 'the countdown to stop', stoppedMenu, KEY_ANSWER_MS, signal)
      : stoppedMenu(console.view())
    if (stopped !== undefined) return stopped
  }
  throw new RescueError('machine', 'grub-ignores-keys', `GRUB counts down whatever is typed\n${console.view().text}`)
}

/** Whether a menu without a countdown was only not drawn to its end. */
async function startsTicking(console: Console, signal: AbortSignal): Promise<boolean> {
  return (await standStill(console, signal)).state.menu.countdown !== undefined
}

/** The menu, drawn to its end: GRUB shows no sign of that but silence. */
async function standStill(console: Console, signal: AbortSignal): Promise<Sighting<'grub-menu'>> {
  const what = 'the GRUB menu to stand still'
  return await console.until(what, anyMenu, KEY_ANSWER_MS, signal, { quietMs: MENU_QUIET_MS })
}

function anyMenu(view: ScreenView): Sighting<'grub-menu'> | undefined {
  return wantedOrStuck(view, ['grub-menu'], 'the GRUB menu')
}

function stoppedMenu(view: ScreenView): Sighting<'grub-menu'> | undefined {
  const menu = anyMenu(view)
  return menu?.state.menu.countdown === undefined ? menu : undefined
}

/** One Escape at a time, and only while the menu is hidden: in a nested menu it would leave it. */
async function openHiddenMenu(console: Console, signal: AbortSignal): Promise<Sighting<'grub-menu'>> {
  const look = menuOrMissed
  const shown = await appears(console, 'the GRUB menu', look, HIDDEN_AFTER_MS, signal)
  if (shown !== undefined) return await stopCountdown(console, shown, signal)
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await console.type(keys.escape, signal)
    const alone = sleep(ESCAPE_ALONE_MS, signal)
    const opened = await appears(console, 'the hidden GRUB menu', look, MENU_AFTER_ESCAPE_MS, signal)
    await alone
    if (opened === undefined) continue
    const menu = await standStill(console, signal)
    return menu.state.menu.countdown === undefined ? menu : await stopCountdown(console, menu, signal)
  }
  throw new GrubNotSeen(recognise(console.view()), console.view().text)
}

function menuOrMissed(view: ScreenView): Sighting<'grub-menu'> | undefined {
  const sighting = recognise(view)
  if (isPastGrub(sighting)) throw new GrubNotSeen(sighting, view.text)
  if (sighting.state.kind === 'grub-command-line') throw new Stuck('the GRUB menu', sighting, view.text)
  return isOneOf(sighting, ['grub-menu']) ? sighting : undefined
}
