/**
 * Waits until the machine is seen in a wanted state. A state from which it
 * cannot get there by itself ends the wait at once, with the evidence.
 */

import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import type { Awaited } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from './recognise.ts'
import type { Sighting, StateKind } from './state.ts'

/** No machine leaves these without help. */
const DEATHS: readonly StateKind[] = [
  'kernel-panic',
  'uefi-shell',
  'firmware-menu',
  'grub-rescue',
  'grub-command-line',
  'grub-password',
  'grub-legacy-password',
  'initramfs-shell',
  'emergency',
]

/** The machine is in a state it cannot leave by itself; the code is that state's kind, e.g. `kernel-panic`. */
export class Stuck extends RescueError {
  readonly sighting: Sighting
  /** Console text: mask it before it leaves the worker. */
  readonly screen: string

  constructor(what: Awaited, sighting: Sighting, screen: string) {
    const { kind } = sighting.state
    super('machine', kind, `waiting for ${what}, saw ${kind}: ${sighting.because}\n--- screen ---\n${screen}`, {
      details: { what, ...('reason' in sighting.state ? { reason: sighting.state.reason } : {}) },
    })
    this.name = 'Stuck'
    this.sighting = sighting
    this.screen = screen
  }
}

/**
 * Resolves with the first sighting of one of the wanted kinds. Throws `Stuck` on a state that no machine leaves
 * by itself (unless it is wanted), `NothingAppeared` after `limitMs`, `line-dropped`.
 */
export async function watch<K extends StateKind>(
  console: Console,
  wanted: readonly K[],
  what: Awaited,
  limitMs: number,
  signal: AbortSignal,
): Promise<Sighting<K>> {
  return await console.until(what, (view) => wantedOrStuck(view, wanted, what), limitMs, signal)
}

/** The sighting when it is one of the wanted kinds. Throws `Stuck` as `watch` does. */
export function wantedOrStuck<K extends StateKind>(
  view: ScreenView,
  wanted: readonly K[],
  what: Awaited,
): Sighting<K> | undefined {
  const sighting = recognise(view)
  if (isOneOf(sighting, wanted)) return sighting
  if (DEATHS.includes(sighting.state.kind)) throw new Stuck(what, sighting, view.text)
  return undefined
}

export function isOneOf<K extends StateKind>(sighting: Sighting, kinds: readonly K[]): sighting is Sighting<K> {
  return kinds.some((kind) => kind === sighting.state.kind)
}
