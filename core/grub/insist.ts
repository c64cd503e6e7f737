/**
 * Keys and their answers: what a key does is waited for as long as the screen goes on changing, and a key that did
 * nothing is pressed again, where a second press does no harm.
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { Awaited } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { paceOf } from './pace.ts'

/** A key redraws a long line in 53 ms at 115200 baud and in 640 ms at 9600; eight keys are sent at once. */
export const ANSWER_MS = 6000
/** As long as the screen goes on changing, an answer may still come: a BIOS draws it in seconds on a busy host. */
export const BUSY_MS = 20_000
/**
 * A key that shows nothing after so long was lost: UEFI's firmware takes 2 to 5 of 100 from GRUB's own serial driver, on
 * a busy machine one of three. Eight in a row are not lost by chance.
 */
const LOST_MS = 1000
const PRESSES = 8

/**
 * Presses a key until `look` finds its effect: again only while the screen is still as it was `before`, where a second
 * press does no harm when the first one was only slow.
 */
export async function insist<T>(
  console: Console,
  key: string,
  what: Awaited,
  look: (view: ScreenView) => T | undefined,
  before: (view: ScreenView) => boolean,
  signal: AbortSignal,
): Promise<T> {
  const { escapeMs } = paceOf(console.view())
  const lostMs = key === keys.escape ? LOST_MS + escapeMs : LOST_MS
  for (let presses = 1; ; presses += 1) {
    await console.type(key, signal)
    const found = await answered(console, what, look, signal, lostMs)
    if (found !== undefined) return found
    if (presses === PRESSES || !before(console.view())) return await settled(console, what, look, signal)
  }
}

/** What `look` finds, or undefined when the screen stood still without it. */
export async function answered<T>(
  console: Console,
  what: Awaited,
  look: (view: ScreenView) => T | undefined,
  signal: AbortSignal,
  lostMs = LOST_MS,
): Promise<T | undefined> {
  const { quietMs } = paceOf(console.view())
  for (let waited = 0; waited < BUSY_MS; waited += lostMs) {
    const { revision } = console.view()
    const found = await appears(console, what, look, lostMs, signal, { quietMs })
    if (found !== undefined) return found
    if (console.view().revision === revision) return undefined
  }
  return undefined
}

/** What `look` finds, in a screen that is drawn to its end. Throws `NothingAppeared`. */
export async function settled<T>(
  console: Console,
  what: Awaited,
  look: (view: ScreenView) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const { quietMs } = paceOf(console.view())
  return await console.until(what, look, ANSWER_MS, signal, { quietMs })
}
