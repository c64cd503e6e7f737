/**
 * Goes through the menus of UEFI firmware, with keys sent by what they show: from its front page to the option that
 * boots the disk (the route that Oracle documents for Oracle Linux 8 and later), and out of them, for an instance that
 * is reset from inside its boot manager may not come up again.
 */
import { sleep } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { firmwareKeys, keys, type Typed } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { FirmwareMenu } from '../machine/firmware-menu.ts'
import { recognise } from '../machine/recognise.ts'
import { type Effect, effectsOn, pressUntil } from './press.ts'

/** The firmware draws a page of 4 kB in pieces; its clock redraws nothing. */
const QUIET_MS = 300
/** A page takes seconds on a slow line; the boot manager looks for disks first. */
const ANSWER_MS = 10_000
/** Two rows and the help beside them: 1.7 kB, 1.8 s at 9600 baud. */
const HIGHLIGHT_MS = 3000
/** The firmware waits two seconds for the rest of a sequence that an Escape might begin. */
const ESCAPE_MS = 2500
/** Front page, page, page in that page: nobody is deeper in. */
const PAGES = 6
/** As often a menu that came torn is drawn anew: each time two rows of it are. */
const MOST_TORN = 4
/** More items than any page has; its highlight goes round. */
const MOST_ITEMS = 60
/** An Escape that shows nothing so often was not lost. */
const LOST = 2
/** So many rows on a light ground are a page, whatever became of its highlight. */
const FORM_ROWS = 8

const effect = effectsOn({ quietMs: QUIET_MS, answerMs: ANSWER_MS })

/** What Oracle's firmware calls the boot volume: `UEFI Oracle BlockVolume`, `UEFI ORACLE BlockVolume`. */
export const BOOT_VOLUME = /^UEFI\b.*\bBlock ?Volume\b/i

/**
 * What leads out of the menus, the best way first: on with the boot, as edk2 says it; out, keeping nothing, as vendors
 * say it; and where nothing else does, from the start again.
 */
const BOOT_MANAGER = /^Boot Manager$/
const GO_ON = /^Continue(?: Boot(?:ing)?)?$/i
const EXIT = /^(?:(?:Exit|Quit)(?: Setup| Without Saving| Discarding Changes)?|Discard Changes (?:and|&) Exit)$/i
const RESTART = /^(?:Reset|Restart)(?: System)?$/i
/** (edk2 SetupBrowserDxe: Presentation.c; FormDisplayStr.uni) */
const UNSAVED = /Press 'Y' to save and exit, 'N' to discard and exit/

/**
 * From any of the firmware's menus: boots the option whose name matches, by its boot manager. The boot loader comes
 * next, and is to be caught. Throws `no-boot-option` (details.options) with the menus left as they were found.
 */
export async function bootOption(console: Console, option: RegExp, signal: AbortSignal): Promise<string> {
  if (menuIn(console.view())?.page !== 'boot-manager') {
    await goToFirst(console, signal)
    await choose(console, BOOT_MANAGER, signal)
    await openPage(console, 'boot-manager', signal)
  }
  const chosen = await choose(console, option, signal)
  await leave(console, signal)
  return chosen
}

/**
 * Leaves the firmware's menus, or its shell, by a way that they offer, so that a reset finds the machine outside of
 * them. What somebody has changed there and not saved is lost, as it is in a reset. Does nothing anywhere else. Throws
 * `firmware-not-left` when there is no way known, or it does not let go.
 */
export async function leaveFirmware(console: Console, signal: AbortSignal): Promise<void> {
  const { state } = recognise(console.view())
  if (state.kind === 'uefi-shell') await leaveShell(console, signal)
  if (!showsForm(console.view())) return
  await goToFirst(console, signal)
  for (const way of [GO_ON, EXIT, BOOT_VOLUME, RESTART]) if (await leaveBy(console, way, signal)) return
  throw notLeft('the firmware has no item that is known to lead out', console.view())
}

/**
 * From firmware that is starting to its front page, with Escape as long as only the firmware is on the screen. False
 * when something else has begun first, or nothing came.
 */
export async function openFirmware(console: Console, limitMs: number, signal: AbortSignal): Promise<boolean> {
  const look = (view: ScreenView) => (menuIn(view) !== undefined ? 'menu' : isPast(view) ? 'past' : undefined)
  for (let waited = 0; waited < limitMs; waited += ESCAPE_MS) {
    if (isStarting(console.view())) await console.type(keys.escape, signal)
    const seen = await appears(console, 'firmware-menus', look, Math.min(ESCAPE_MS, limitMs), signal)
    if (seen !== undefined) return seen === 'menu'
    if (isTorn(console.view())) await drawAnew(console, signal)
  }
  return false
}

function menuIn(view: ScreenView): FirmwareMenu | undefined {
  const { state } = recognise(view)
  return state.kind === 'firmware-menu' ? state.menu : undefined
}

/** Its mode of the screen is set, and nothing stands there yet, or only what the firmware itself says. */
function isStarting(view: ScreenView): boolean {
  const { state } = recognise(view)
  if (view.terminal !== 'uefi-console') return false
  return state.kind === 'silent' || (state.kind === 'firmware' && state.firmware === 'uefi')
}

/** Firmware that has no such menus, or what comes after firmware. */
function isPast(view: ScreenView): boolean {
  const { state } = recognise(view)
  if (state.kind === 'firmware') return state.firmware !== 'uefi'
  return state.kind !== 'silent' && state.kind !== 'unknown'
}

/** Escape leaves a page; the last one is the front page, or, in a vendor's menus, where it leads nowhere. */
async function goToFirst(console: Console, signal: AbortSignal): Promise<void> {
  for (let left = 0, unmoved = 0; left < PAGES && unmoved < LOST; left += 1) {
    if (isUnsaved(console.view())) await discardChanges(console, signal)
    const page = await present(console, signal)
    if (page.page === 'front') return
    const alone = sleep(ESCAPE_MS, signal)
    await console.type(keys.escape, signal)
    const other = (view: ScreenView) => {
      const menu = menuIn(view)
      const isOther = menu !== undefined && JSON.stringify(menu.items) !== JSON.stringify(page.items)
      return isOther || isUnsaved(view) ? true : undefined
    }
    const moved = await appears(console, 'next-page', other, ANSWER_MS, signal, { quietMs: QUIET_MS })
    await alone
    unmoved = moved === undefined ? unmoved + 1 : 0
  }
}

function isUnsaved(view: ScreenView): boolean {
  return view.terminal === 'uefi-console' && UNSAVED.test(view.text)
}

async function discardChanges(console: Console, signal: AbortSignal): Promise<void> {
  const gone = (view: ScreenView) => (isUnsaved(view) ? undefined : menuIn(view))
  await pressUntil(console, 'n', effect('firmware-discards', gone, isUnsaved), signal)
}

/** The menu that is there; one that came torn is drawn anew until it can be read. */
async function present(console: Console, signal: AbortSignal): Promise<FirmwareMenu> {
  for (let torn = 0; ; torn += 1) {
    const menu = await appears(console, 'firmware-menus', menuIn, ANSWER_MS, signal, { quietMs: QUIET_MS })
    if (menu !== undefined) return menu
    if (torn === MOST_TORN || !isTorn(console.view()))
      throw notLeft('the firmware’s menus can not be read', console.view())
    await drawAnew(console, signal)
  }
}

/** A form without one highlight that can be read: the line has lost bytes of it (edk2 under QEMU: 4 of 61 ways through). */
function isTorn(view: ScreenView): boolean {
  return menuIn(view) === undefined && formRows(view) >= FORM_ROWS && !isUnsaved(view)
}

/** The firmware draws a row when the highlight comes to it and when it leaves it; an arrow decides nothing. */
async function drawAnew(console: Console, signal: AbortSignal): Promise<void> {
  await console.type(firmwareKeys.down, signal)
}

/** As `pressUntil`; undefined when what the key has drawn came torn, and is being drawn anew. */
async function press<T>(console: Console, key: Typed, wanted: Effect<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await pressUntil(console, key, wanted, signal)
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared) || !isTorn(console.view())) throw thrown
    await drawAnew(console, signal)
    return undefined
  }
}

/** Moves the highlight to the first item that matches, one at a time and once around. */
async function choose(console: Console, wanted: RegExp, signal: AbortSignal): Promise<string> {
  const seen: string[] = []
  for (let moves = 0; moves < MOST_ITEMS; moves += 1) {
    const { selected } = await present(console, signal)
    if (wanted.test(selected)) return selected
    if (seen.length > 1 && seen[0] === selected) break
    seen.push(selected)
    const moved = (view: ScreenView) => {
      const now = menuIn(view)?.selected
      return now === undefined || now === selected ? undefined : now
    }
    const stays = (view: ScreenView) => menuIn(view)?.selected === selected
    const move = { ...effect('highlight-moved', moved, stays), answerMs: HIGHLIGHT_MS }
    // An item may have been passed by unread: once around from here it is come by again.
    if ((await press(console, firmwareKeys.down, move, signal)) === undefined) seen.length = 0
  }
  const options = seen.join('; ')
  throw new RescueError('machine', 'no-boot-option', `the firmware offers no ${wanted}; it offers: ${options}`, {
    details: { options },
  })
}

/** Whether this way was there, and was taken: an item of the first page, or of the boot manager. */
async function leaveBy(console: Console, way: RegExp, signal: AbortSignal): Promise<boolean> {
  const first = way === BOOT_VOLUME ? BOOT_MANAGER : way
  const { items } = await present(console, signal)
  if (!items.some((item) => first.test(item))) return false
  try {
    if (way === BOOT_VOLUME) await bootOption(console, way, signal)
    else {
      await choose(console, way, signal)
      await leave(console, signal)
    }
    return true
  } catch (thrown) {
    if (thrown instanceof NothingAppeared) throw notLeft(`it stays where it is: ${way}`, console.view(), thrown)
    if (!(thrown instanceof RescueError && thrown.code === 'no-boot-option')) throw thrown
    // It is a heading, which the highlight passes by, or the boot manager has no such option.
    await goToFirst(console, signal)
    return false
  }
}

async function openPage(console: Console, page: FirmwareMenu['page'], signal: AbortSignal): Promise<void> {
  const opened = (view: ScreenView) => (menuIn(view)?.page === page ? true : undefined)
  const stays = (view: ScreenView) => menuIn(view)?.page === 'front'
  const isOpened = await press(console, keys.enter, effect('boot-manager', opened, stays), signal)
  if (isOpened === undefined && (await present(console, signal)).page !== page)
    throw notLeft('the boot manager can not be read', console.view())
}

/** Enter on what leads out: the form has then gone from the screen. */
async function leave(console: Console, signal: AbortSignal): Promise<void> {
  const gone = (view: ScreenView) => (menuIn(view) === undefined && formRows(view) <= 1 ? true : undefined)
  const stays = (view: ScreenView) => menuIn(view) !== undefined
  await pressUntil(console, keys.enter, { ...effect('firmware-goes-on', gone, stays), quietMs: 0 }, signal)
}

/** Also one that is not drawn to its end, or has a question over it. */
function showsForm(view: ScreenView): boolean {
  return menuIn(view) !== undefined || formRows(view) >= FORM_ROWS || isUnsaved(view)
}

/** The rows of a form, also of half a one, while it is drawn or taken away. */
function formRows(view: ScreenView): number {
  return view.terminal === 'uefi-console' ? view.light.filter(([first]) => first?.from === 0).length : 0
}

/** `exit` leads back to the boot manager. Typed with its echo checked, as everything at a prompt. */
async function leaveShell(console: Console, signal: AbortSignal): Promise<void> {
  await console.type('exit', signal)
  const echoed = (view: ScreenView) => (/> exit$/.test(view.beforeCursor) ? true : undefined)
  await console.until('uefi-exit-echoed', echoed, ANSWER_MS, signal, { quietMs: QUIET_MS })
  const left = (view: ScreenView) => (echoed(view) === undefined ? true : undefined)
  const stays = (view: ScreenView) => echoed(view) === true
  await pressUntil(console, keys.enter, effect('uefi-shell-ended', left, stays), signal)
  await appears(console, 'firmware-menus', menuIn, ANSWER_MS, signal, { quietMs: QUIET_MS })
}

function notLeft(why: string, view: ScreenView, cause?: RescueError): RescueError {
  return new RescueError('machine', 'firmware-not-left', `${why}\n--- screen ---\n${view.text}`, { cause })
}
