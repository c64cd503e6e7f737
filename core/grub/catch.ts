/**
 * Catches a boot loader on its way up: waits for its menu, or for the moment it
 * begins with the menu hidden, and stops it from booting by itself.
 */
import { sleep } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting, StateKind } from '../machine/state.ts'
import { isOneOf, Stuck, wantedOrStuck } from '../machine/watch.ts'
import { backToMenu } from './command-line.ts'
import { curePrompt } from './cures.ts'
import { GrubNotSeen } from './failures.ts'
import { BOOT_VOLUME, bootOption, leaveFirmware, openFirmware } from './firmware.ts'
import { BOOT_MENUS, type BootMenu, type Caught } from './grub.ts'
import { paceOf } from './pace.ts'
import { isPastGrub, seeBeforeBoot } from './past-grub.ts'
import { isDoubledPrompt, typedCommand } from './prompt.ts'
import { stopCountdown } from './stop-countdown.ts'
import { mendMenu, tornMenu } from './torn-menu.ts'

export interface CatchLimits {
  /** How long firmware and boot loader may take until something of the boot loader shows. */
  readonly appearMs: number
  /** How many boots were missed before: each time Escape is pressed earlier. */
  readonly missed: number
}

/** OCI's reset and firmware together take one to two minutes; a large bare-metal shape takes more. */
const LIMITS: CatchLimits = { appearMs: 300_000, missed: 0 }
/** GRUB reads its configuration between taking the port and drawing the menu: 127 ms were seen, 300 allowed. */
const HIDDEN_AFTER_MS = 300
/** On a firmware's console it says that it begins before it reads anything. */
const STARTING_QUIET_MS = 1000
/** One Escape opens a hidden menu in 127 ms; a busy machine may need longer. */
const MENU_AFTER_ESCAPE_MS = 1500
/** A prompt is drawn in pieces, twice where there are two terminals. */
const PROMPT_QUIET_MS = 300
/** Between two Escapes sent ahead of GRUB: the buffer of a BIOS has room for 15 keys. */
const AHEAD_EVERY_MS = 500
/** Half a minute: a boot loader that takes longer from a firmware is not late by moments. */
const AHEAD_PRESSES = 60
const ATTEMPTS = 3

/** No menu yet, and GRUB is there: an Escape opens one that is hidden. */
const HIDDEN = ['grub-hidden', 'grub-starting', 'grub-legacy-hidden'] as const satisfies readonly StateKind[]
const SIGNS = [
  ...BOOT_MENUS,
  ...HIDDEN,
  'grub-legacy-any-key',
  'grub-command-line',
  'firmware-menu',
] as const satisfies readonly StateKind[]
/** What may stand there at the start already, and is no boot that went by. */
const BEFORE_KERNEL = SIGNS.filter((kind) => kind !== 'grub-command-line')
type Sign = Sighting<(typeof SIGNS)[number]>

/**
 * From a reset to the boot loader's menu, stopped. Begin before or right after the reset; what stood on the screen
 * before it is not taken for an answer. Where GRUB has no menu it is left at its command line. Throws `GrubNotSeen` when
 * the machine boots without it, or nothing comes; `Stuck` (`grub-rescue`); `grub-ignores-keys`.
 */
export async function catchBootLoader(
  console: Console,
  limits: Partial<CatchLimits>,
  signal: AbortSignal,
): Promise<Sighting<Caught>> {
  const { appearMs, missed } = { ...LIMITS, ...limits }
  const early = missed >= 2
  if (early && (await openFirmware(console, appearMs, signal))) await bootFromFirmware(console, signal)
  const seen = await firstSign(console, appearMs, early, signal)
  if (!isOneOf(seen, ['firmware-menu'])) return await toMenu(console, seen, missed, signal)
  await bootFromFirmware(console, signal)
  return await catchBootLoader(console, { appearMs, missed: Math.min(missed, 1) }, signal)
}

/** By the firmware's menus the moment is known at which the boot loader begins. An Escape too early opens them, too. */
async function bootFromFirmware(console: Console, signal: AbortSignal): Promise<void> {
  try {
    await bootOption(console, BOOT_VOLUME, signal)
  } catch (thrown) {
    if (!(thrown instanceof RescueError && thrown.code === 'no-boot-option')) throw thrown
    await leaveFirmware(console, signal)
  }
}

async function toMenu(console: Console, seen: Sign, missed: number, signal: AbortSignal): Promise<Sighting<Caught>> {
  if (isOneOf(seen, ['grub-legacy-any-key']))
    return await toMenu(console, await pressAnyKey(console, signal), missed, signal)
  const caught = await stopAtMenu(console, seen, missed, signal)
  if (!isOneOf(caught, ['grub-command-line'])) return caught
  await appears(console, 'grub-prompt', typedCommand, MENU_AFTER_ESCAPE_MS, signal, { quietMs: PROMPT_QUIET_MS })
  // Two terminals that write at once show only the first command as it was typed.
  if (isDoubledPrompt(console.view())) await curePrompt(console, signal)
  const menu = await backToMenu(console, signal)
  if (menu !== undefined) return await stopAtMenu(console, menu, missed, signal)
  const now = recognise(console.view())
  if (isOneOf(now, ['grub-command-line'])) return now
  throw new Stuck('grub-menu', now, console.view().text)
}

/**
 * A menu that shows, or is hidden, shown and stopped; or the command line, where one that seemed hidden was none.
 * Throws as `catchBootLoader` does.
 */
export async function stopAtMenu(
  console: Console,
  seen: Sighting,
  missed: number,
  signal: AbortSignal,
): Promise<Sighting<Caught>> {
  if (isOneOf(seen, HIDDEN)) return await openHiddenMenu(console, seen, missed, signal)
  if (isOneOf(seen, BOOT_MENUS)) return await stopCountdown(console, seen, signal)
  if (isOneOf(seen, ['grub-command-line'])) return seen
  throw new Stuck('grub-menu', seen, console.view().text)
}

async function firstSign(console: Console, appearMs: number, ahead: boolean, signal: AbortSignal): Promise<Sign> {
  const look = lookForSign(recognise(console.view()))
  const lookForAny = (view: ScreenView) => look(view) ?? tornMenu(view)
  try {
    const seen = await (ahead
      ? pressAhead(console, lookForAny, appearMs, signal)
      : console.until('boot-loader', lookForAny, appearMs, signal))
    return seen === 'torn' ? await mended(console, look, signal) : seen
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared)) throw thrown
    throw new GrubNotSeen(recognise(console.view()), thrown.screen, { cause: thrown })
  }
}

/** The menu that was torn, whole. */
async function mended<T>(console: Console, look: (view: ScreenView) => T | undefined, signal: AbortSignal): Promise<T> {
  await mendMenu(console, signal)
  return await console.until('boot-loader', look, MENU_AFTER_ESCAPE_MS, signal)
}

/** Sends Escape ahead of GRUB, while the firmware has said that it starts it: before, it would open its own menu. */
async function pressAhead(
  console: Console,
  look: (view: ScreenView) => Sign | 'torn' | undefined,
  appearMs: number,
  signal: AbortSignal,
): Promise<Sign | 'torn'> {
  const lookAhead = (view: ScreenView) => look(view) ?? (isStarting(view) ? 'starting' : undefined)
  for (let presses = 0; presses < AHEAD_PRESSES; presses += 1) {
    const seen = await console.until('boot-loader', lookAhead, appearMs, signal)
    if (seen !== 'starting') return seen
    await console.type(keys.escape, signal)
    const sign = await appears(console, 'boot-loader', look, AHEAD_EVERY_MS, signal)
    if (sign !== undefined) return sign
  }
  return await console.until('boot-loader', look, appearMs, signal)
}

/** SeaBIOS and edk2 say what they start, and from then on read no key themselves. */
function isStarting(view: ScreenView): boolean {
  const { state, because } = recognise(view)
  return state.kind === 'firmware' && /^(?:Booting from |BdsDxe: starting )/.test(because)
}

/**
 * A system that came up shows that the menu was missed; but not one that stood on the screen already at the `start`, nor
 * the prompt of a maintenance shell that was still answering when the order to reset was given.
 */
function lookForSign(start: Sighting): (view: ScreenView) => Sign | undefined {
  let changed = false
  let begun = false
  return (view) => {
    const sighting = recognise(view)
    changed ||= sighting.state.kind !== start.state.kind || sighting.because !== start.because
    if (!changed) return isOneOf(sighting, BEFORE_KERNEL) ? sighting : undefined
    begun ||= isOneOf(sighting, ['firmware', 'grub-starting'])
    if (isOneOf(sighting, ['maintenance-shell']) && !begun) return undefined
    if (isPastGrub(sighting)) throw new GrubNotSeen(sighting, view.text)
    return wantedOrStuck(view, SIGNS, 'boot-loader')
  }
}

/** GRUB legacy uses the terminal on which a key is pressed: without one it may be a screen that nobody sees. */
async function pressAnyKey(console: Console, signal: AbortSignal): Promise<Sign> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    await console.type(keys.space, signal)
    const sign = (view: ScreenView) => {
      const sighting = recognise(view)
      return isOneOf(sighting, [...BOOT_MENUS, ...HIDDEN]) ? sighting : undefined
    }
    const any = (view: ScreenView) => sign(view) ?? tornMenu(view)
    const seen = await appears(console, 'grub-menu', any, MENU_AFTER_ESCAPE_MS, signal)
    if (seen !== undefined) return seen === 'torn' ? await mended(console, sign, signal) : seen
  }
  throw new GrubNotSeen(recognise(console.view()), console.view().text)
}

/** One Escape at a time, and only while the menu is hidden: in a nested menu it would leave it. */
async function openHiddenMenu(
  console: Console,
  seen: Sighting<(typeof HIDDEN)[number]>,
  missed: number,
  signal: AbortSignal,
): Promise<Sighting<Caught>> {
  const shown = await comesByItself(console, seen, missed, signal)
  if (shown !== undefined) return isMenu(shown) ? await stopCountdown(console, shown, signal) : shown
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { escapeMs } = paceOf(console.view())
    await console.type(keys.escape, signal)
    const alone = sleep(escapeMs, signal)
    const what = 'grub-menu-hidden'
    const any = (view: ScreenView) => menuOrMissed(view) ?? tornMenu(view)
    const drawn = await appears(console, what, any, escapeMs + MENU_AFTER_ESCAPE_MS, signal)
    await alone
    const opened = drawn === 'torn' ? await mended(console, menuOrMissed, signal) : drawn
    if (opened !== undefined) return isMenu(opened) ? await stopCountdown(console, opened, signal, 'pressed') : opened
  }
  throw new GrubNotSeen(recognise(console.view()), console.view().text)
}

/** A menu that is not hidden, only late. Once a boot was missed there is no time to see which of the two it is. */
async function comesByItself(
  console: Console,
  seen: Sighting<(typeof HIDDEN)[number]>,
  missed: number,
  signal: AbortSignal,
): Promise<Sighting<Caught> | undefined> {
  const what = 'grub-menu'
  if (missed > 0 || isOneOf(seen, ['grub-legacy-hidden'])) return menuOrMissed(console.view())
  if (isOneOf(seen, ['grub-hidden'])) return await appears(console, what, menuOrMissed, HIDDEN_AFTER_MS, signal)
  for (;;) {
    const { revision } = console.view()
    const shown = await appears(console, what, menuOrMissed, STARTING_QUIET_MS, signal)
    if (shown !== undefined || console.view().revision === revision) return shown
  }
}

/** A menu, or the prompt of a GRUB that has none. */
function menuOrMissed(view: ScreenView): Sighting<Caught> | undefined {
  const sighting = seeBeforeBoot(view)
  return isOneOf(sighting, [...BOOT_MENUS, 'grub-command-line']) ? sighting : undefined
}

function isMenu(caught: Sighting<Caught>): caught is Sighting<BootMenu> {
  return isOneOf(caught, BOOT_MENUS)
}
