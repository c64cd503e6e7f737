/** The way from GRUB's menu to its command line and back, and from one that nobody asked for to a menu. */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf } from '../machine/watch.ts'
import { BOOT_MENUS, type BootHooks, type BootMenu } from './grub.ts'
import { openGuarded } from './guarded.ts'
import { insist } from './insist.ts'
import { isReadByFirmware, paceOf } from './pace.ts'
import { seeBeforeBoot } from './past-grub.ts'
import { COMMAND_MS, giveCommand, typeCommand, typedCommand } from './prompt.ts'

/** GRUB's menu, after an Escape that it does not answer. */
const ESCAPE_ANSWER_MS = 1000
/** GRUB clears its screen before it shows a menu, and before it shows a prompt: only then, for longer, is one hidden. */
const SHOWN_MS = 300

/** A menu, or one that GRUB shows nothing of yet. */
export type MenuOrHidden = BootMenu | 'grub-hidden'

/** From the menu: gives the command, and shows the menu again. */
export async function runCommand(
  console: Console,
  command: string,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<void> {
  const prompt = (view: ScreenView) => (typedCommand(view) === '' ? { view } : undefined)
  await openGuarded(console, keys.commandLine, 'grub-command-line', prompt, hooks, signal)
  await typeCommand(console, command, signal, 'slowly')
  const given = (view: ScreenView) => (typedCommand(view) === '' ? true : undefined)
  await insist(console, keys.enter, 'grub-prompt', given, (view) => typedCommand(view) === command, signal)
  await leaveCommandLine(console, signal)
}

/** Back to the menu it was opened from, if it is open. */
export async function leaveCommandLine(console: Console, signal: AbortSignal): Promise<void> {
  const isOpen = (view: ScreenView) => typedCommand(view) !== undefined
  const menu = (view: ScreenView) => (isOneOf(recognise(view), BOOT_MENUS) ? true : undefined)
  if (isOpen(console.view())) await insist(console, keys.escape, 'grub-menu', menu, isOpen, signal)
}

/**
 * From a command line that nobody asked for, back to a menu: Escape leads out of one opened from a menu, and the
 * commands read the configuration again. Undefined when there is none.
 */
export async function backToMenu(console: Console, signal: AbortSignal): Promise<Sighting<MenuOrHidden> | undefined> {
  await console.type(keys.escape, signal)
  const { escapeMs } = paceOf(console.view())
  const left = await appears(console, 'grub-menu', menuIn, escapeMs + ESCAPE_ANSWER_MS, signal)
  if (left !== undefined) return left
  for (const command of ['normal', 'configfile $prefix/grub.cfg']) {
    if (typedCommand(console.view()) === undefined) break
    await typeCommand(console, command, signal, isReadByFirmware(console.view()) ? 'slowly' : undefined)
    const seen = await menuAfter(console, signal)
    if (seen !== undefined) return seen
  }
  return undefined
}

/**
 * Gives the command that stands there: undefined when it shows no menu but the prompt again. Throws `GrubNotSeen` when
 * it boots something instead, `NothingAppeared`.
 */
export async function menuAfter(console: Console, signal: AbortSignal): Promise<Sighting<MenuOrHidden> | undefined> {
  await giveCommand(console, signal)
  const answer = (view: ScreenView) => {
    seeBeforeBoot(view)
    return menuIn(view) ?? (typedCommand(view) === '' ? 'prompt' : undefined)
  }
  const seen = await console.until('grub-menu', answer, COMMAND_MS, signal, { quietMs: SHOWN_MS })
  return seen === 'prompt' ? undefined : seen
}

function menuIn(view: ScreenView): Sighting<MenuOrHidden> | undefined {
  const sighting = recognise(view)
  return isOneOf(sighting, [...BOOT_MENUS, 'grub-hidden']) ? sighting : undefined
}
