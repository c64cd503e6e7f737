/**
 * Back to GRUB legacy's menu from any of its screens, also from one of which the line has lost a part. Nothing is
 * changed on the way: Escape closes a line and a list without storing, and does nothing in the menu; that draws itself
 * anew when one comes back to it from a list. (stage2/stage2.c: run_menu, its label `restart`)
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { isOfGrubLegacy } from '../machine/grub-legacy.ts'
import { recognise } from '../machine/recognise.ts'
import { BOX, presentBox } from './legacy-box.ts'

/** A box that is being drawn pauses for less. */
const STILL_MS = 300
/** The menu's list, a line of it, and each of them once more, when keys got lost or another screen was torn. */
const STEPS = 8

/** The menu waits there then, drawn to its end. Throws `NothingAppeared` when it is not GRUB legacy's, or is locked and torn. */
export async function backToLegacyMenu(console: Console, signal: AbortSignal): Promise<void> {
  // What looks torn may only be drawn yet: but a countdown goes on.
  const isThere = (view: ScreenView) => (screenIn(view) === 'other' ? undefined : true)
  await appears(console, 'grub-legacy-drawn', isThere, BOX.answerMs, signal, { quietMs: STILL_MS })
  for (let torn = 0, step = 0; step < STEPS; step += 1) {
    const from = screenIn(console.view())
    if (from === 'grub-legacy-menu' || from === 'other') break
    // What Escape does not change is the menu: a list is opened from there, and left again.
    const key = from === 'torn' && torn % 2 === 1 ? keys.edit : keys.escape
    if (from === 'torn') torn += 1
    await console.type(key, signal)
    const look = (view: ScreenView) => isDrawn(view, from)
    await appears(console, 'grub-legacy-drawn', look, BOX.answerMs, signal, BOX)
  }
  await presentBox(console, 'grub-legacy-menu', signal)
}

type LegacyScreen = 'grub-legacy-menu' | 'grub-legacy-list' | 'grub-legacy-line' | 'torn' | 'other'

function screenIn(view: ScreenView): LegacyScreen {
  const { kind } = recognise(view).state
  if (kind === 'grub-legacy-menu' || kind === 'grub-legacy-list' || kind === 'grub-legacy-line') return kind
  return kind === 'unknown' && isOfGrubLegacy(view) ? 'torn' : 'other'
}

function isDrawn(view: ScreenView, before: LegacyScreen): true | undefined {
  const now = screenIn(view)
  return now === before || now === 'torn' || now === 'other' ? undefined : true
}
