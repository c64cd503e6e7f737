/** What shows that a machine has left its boot loader behind. */
import { isFirstOfKernel } from '../machine/kernel.ts'
import type { Sighting, StateKind } from '../machine/state.ts'

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
