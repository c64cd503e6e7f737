/**
 * systemd-boot's menu: whether it shows, and the way back to it from any of its screens, also from one of which the line
 * has lost a part. The menu is drawn anew, whole, behind the status that `p` asks for: the Ctrl-l that is meant for that
 * does nothing over a serial line, and `L` is for newer versions only. Nothing is changed on the way: Escape closes an
 * edited line without keeping it, and in the menu it asks for an Enter that is never sent. (boot.c: menu_run)
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { isOfSystemdBoot, type SystemdBootMenu } from '../machine/systemd-boot.ts'
import { isStatus } from './systemd-boot-status.ts'

/** The firmware draws 60 ms long for a key; systemd-boot repaints its countdown once a second. */
const QUIET_MS = 200
const ANSWER_MS = 2500
/** A menu that is being drawn pauses for less. */
const STILL_MS = 300
/** The firmware waits two seconds for the rest of a sequence that an Escape might begin; a page of the status takes one. */
const STEP_MS = 5000
/** The line, the status, the menu; and each of them again, when keys got lost or another screen was torn. */
const STEPS = 10

type Screen = 'menu' | 'editor' | 'status' | 'torn-menu' | 'torn-editor' | 'other'

/**
 * Keys that lead on from a screen, for each time it is seen. Which of the two is torn is a guess: a `p` in the editor
 * goes with its line, and after an Escape the menu takes the next key for a no.
 */
const WAYS: Readonly<Record<Exclude<Screen, 'other'>, readonly string[]>> = {
  menu: ['p'],
  editor: [keys.escape],
  status: ['q'],
  'torn-menu': ['p', 'p', keys.escape],
  'torn-editor': [keys.escape, 'p', 'p'],
}
const READABLE: readonly Screen[] = ['menu', 'editor', 'status']

export function systemdBootMenuIn(view: ScreenView): SystemdBootMenu | undefined {
  const { state } = recognise(view)
  return state.kind === 'systemd-boot-menu' ? state.menu : undefined
}

/** The menu, drawn to its end. Throws `NothingAppeared`. */
export async function presentSystemdBootMenu(console: Console, signal: AbortSignal): Promise<SystemdBootMenu> {
  return await console.until('systemd-boot-menu', systemdBootMenuIn, ANSWER_MS, signal, { quietMs: QUIET_MS })
}

/**
 * The menu waits there then: as it was if it showed already, else drawn anew, so that what happened to its titles while
 * a long line was edited is mended, too. Throws `NothingAppeared` when systemd-boot is not there, or stays torn.
 */
export async function backToSystemdBootMenu(console: Console, signal: AbortSignal): Promise<SystemdBootMenu> {
  // What looks torn may only be drawn yet: but a countdown goes on.
  const isThere = (view: ScreenView) => (screenIn(view) === 'other' ? undefined : true)
  await appears(console, 'systemd-boot-drawn', isThere, ANSWER_MS, signal, { quietMs: STILL_MS })
  let whole = screenIn(console.view()) === 'menu'
  const seen: Screen[] = []
  while (seen.length < STEPS) {
    const from = screenIn(console.view())
    if (from === 'other' || (from === 'menu' && whole)) break
    const times = seen.filter((screen) => screen === from).length
    seen.push(from)
    await console.type(WAYS[from][times % WAYS[from].length] ?? keys.escape, signal)
    await appears(console, 'systemd-boot-drawn', (view) => isDrawn(view, from), STEP_MS, signal, {
      quietMs: QUIET_MS,
    })
    whole = from === 'status'
  }
  return await presentSystemdBootMenu(console, signal)
}

function screenIn(view: ScreenView): Screen {
  const { kind } = recognise(view).state
  if (kind === 'systemd-boot-menu') return 'menu'
  if (kind === 'systemd-boot-editor') return 'editor'
  if (kind !== 'unknown') return 'other'
  if (isStatus(view)) return 'status'
  if (!isOfSystemdBoot(view)) return 'other'
  return view.light.filter((stretches) => stretches.length > 0).length > 1 ? 'torn-editor' : 'torn-menu'
}

function isDrawn(view: ScreenView, before: Screen): true | undefined {
  const now = screenIn(view)
  return now !== before && READABLE.includes(now) ? true : undefined
}
