/** The driver for what was caught. */
import type { Sighting } from '../machine/state.ts'
import { byHand } from './by-hand.ts'
import type { BootLoader, Caught } from './grub.ts'
import { grubLegacy } from './grub-legacy.ts'
import { grub2 } from './grub2.ts'
import { systemdBoot } from './systemd-boot.ts'

const DRIVERS: Readonly<Record<Caught, BootLoader>> = {
  'grub-menu': grub2,
  'grub-overlaid': grub2,
  'grub-cut-off': grub2,
  'grub-command-line': byHand,
  'grub-legacy-menu': grubLegacy,
  'systemd-boot-menu': systemdBoot,
}

export function driverFor(caught: Sighting<Caught>): BootLoader {
  return DRIVERS[caught.state.kind]
}
