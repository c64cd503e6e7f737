/**
 * A key and its effect, where the screen shows no sign of being complete but silence: GRUB legacy, systemd-boot, the
 * firmware's menus.
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import type { Typed } from '../console/keys.ts'
import type { Awaited } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'

/** How slow a screen is. */
export interface Slowness {
  /** Silence after which a screen is drawn to its end. */
  readonly quietMs: number
  /** How long a key's effect may take. */
  readonly answerMs: number
}

export interface Effect<T> extends Slowness {
  readonly what: Awaited
  /** What shows that the key has done what it is for. */
  readonly look: (view: ScreenView) => T | undefined
  /** Whether the screen is as it was before: a key that was only lost is then pressed again. */
  readonly before: (view: ScreenView) => boolean | undefined
  /** How often it is pressed at most: fewer where a screen that stays as it was is an answer, too. */
  readonly presses?: number
}

/** A line that loses one key of three still gets one of so many. */
const PRESSES = 6

/** Makes the effects that keys have on screens as slow as that. */
export function effectsOn(slowness: Slowness) {
  return <T>(what: Awaited, look: Effect<T>['look'], before: Effect<T>['before']): Effect<T> => ({
    what,
    look,
    before,
    ...slowness,
  })
}

/** Presses `key` until `look` finds its effect. Throws `NothingAppeared`. */
export async function pressUntil<T>(
  console: Console,
  key: Typed,
  { what, look, before, quietMs, answerMs, presses = PRESSES }: Effect<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let pressed = 1; ; pressed += 1) {
    await console.type(key, signal)
    const found = await appears(console, what, look, answerMs, signal, { quietMs })
    if (found !== undefined) return found
    if (pressed === presses || !before(console.view()))
      return await console.until(what, look, answerMs, signal, { quietMs })
  }
}
