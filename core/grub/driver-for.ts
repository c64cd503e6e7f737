/** The driver for the menu that was caught. */
import type { Sighting } from '../machine/state.ts'
import type { BootLoader, BootMenu } from './grub.ts'
import { grubLegacy } from './grub-legacy.ts'
import { grub2 } from './grub2.ts'
import { systemdBoot } from './systemd-boot.ts'

const DRIVERS: Readonly<Record<BootMenu, BootLoader>> = {
  'grub-menu': grub2,
  'grub-overlaid': grub2,
  'grub-cut-off': grub2,
  'grub-legacy-menu': grubLegacy,
  'systemd-boot-menu': systemdBoot,
}

export function driverFor(menu: Sighting<BootMenu>): BootLoader {
  return DRIVERS[menu.state.kind]
}
