/** What shows that a machine has left its boot loader behind. */
import type { ScreenView } from '../console/screen-view.ts'
import { isFirstOfKernel } from '../machine/kernel.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting, StateKind } from '../machine/state.ts'
import { GrubNotSeen } from './failures.ts'

const PAST_GRUB: readonly StateKind[] = [
  'grub-booting',
  'initramfs-shell',
  'emergency',
  'maintenance-shell',
  'user-shell',
  'login-prompt',
]

/** A kernel that shuts down prints too, but not with the times of a boot. */
const BOOT_SECONDS = 60

export function isPastGrub({ state, because }: Sighting): boolean {
  if (state.kind !== 'kernel') return PAST_GRUB.includes(state.kind)
  if (state.uptime !== undefined) return state.uptime < BOOT_SECONDS
  return isFirstOfKernel(because)
}

/** What is seen where a boot loader was a moment ago. Throws `GrubNotSeen` when it has booted by itself meanwhile. */
export function seeBeforeBoot(view: ScreenView): Sighting {
  const sighting = recognise(view)
  if (isPastGrub(sighting)) throw new GrubNotSeen(sighting, view.text, { hadBegun: true })
  return sighting
}
