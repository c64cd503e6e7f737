/**
 * Watches a machine from the boot loader to a wanted state. An error of GRUB waits for a key, and then either the boot
 * goes on (its font was missing) or menu and editor are back (its kernel was).
 */

import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { Awaited } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting, StateKind } from '../machine/state.ts'
import { wantedOrStuck } from '../machine/watch.ts'

/** What shows that a boot has come to nothing. */
const BACK: readonly StateKind[] = [
  'grub-menu',
  'grub-editor',
  'grub-command-line',
  'grub-legacy-menu',
  'grub-legacy-list',
]

/** As `watch`, from the moment the boot loader has begun to boot. Throws also `grub-error`, with GRUB's words. */
export async function watchBoot<K extends StateKind>(
  console: Console,
  wanted: readonly K[],
  what: Awaited,
  limitMs: number,
  signal: AbortSignal,
): Promise<Sighting<K>> {
  const errors = new Set<string>()
  const look = (view: ScreenView) => {
    const { kind } = recognise(view).state
    // A machine that reboots by itself shows the menu again, too.
    if (kind === 'kernel') errors.clear()
    else for (const error of errorsOn(view)) errors.add(error)
    if (errors.size > 0 && BACK.includes(kind)) throw failed([...errors], view)
    const seen = wantedOrStuck(view, wanted, what)
    if (seen !== undefined) return seen
    return waitsForKey(view) ? 'waits' : undefined
  }
  const seen = await console.until(what, look, limitMs, signal)
  if (seen !== 'waits') return seen
  // Any key but Escape, which would be kept for the menu and leave it when it is nested.
  await console.type(keys.space, signal)
  const afterKey = (view: ScreenView) => {
    const after = look(view)
    return after === 'waits' ? undefined : after
  }
  return await console.until(what, afterKey, limitMs, signal)
}

function errorsOn({ lines }: ScreenView): string[] {
  return lines.flatMap(
    ({ text }) => /^(?:error: (?:\S+:\S+:\d+:)?|Error (?=\d+: ))(?<message>.+)/.exec(text)?.groups?.message ?? [],
  )
}

function waitsForKey(view: ScreenView): boolean {
  const { state } = recognise(view)
  return state.kind === 'grub-error' && state.waits
}

function failed(errors: readonly string[], view: ScreenView): RescueError {
  const message = errors.join('; ')
  return new RescueError('machine', 'grub-error', `GRUB could not boot: ${message}\n--- screen ---\n${view.text}`, {
    details: { message },
  })
}
