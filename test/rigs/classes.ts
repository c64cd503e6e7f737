/** The boot loaders that can be put on a rig, and the way in which each reaches the serial line. */

export interface RigParts {
  readonly loader: 'grub' | 'grub-legacy' | 'systemd-boot'
  readonly firmware: 'bios' | 'uefi' | 'uefi-arm64'
  /** GRUB's words for where it reads and writes. */
  readonly terminals: 'serial' | 'console' | 'console serial'
  /** QEMU's words for the kind of machine. Without graphics it tells SeaBIOS to show its text on the serial line. */
  readonly machine: 'pc' | 'pc,graphics=off' | 'q35' | 'virt'
  /** The serial line as Linux calls it. */
  readonly device: 'ttyS0' | 'ttyAMA0'
}

/**
 * There are four ways of GRUB 2, with letters for short: A its own serial driver, A' the same on UEFI, B the console
 * of UEFI, C the text of the BIOS that the firmware redirects, D both of A' and B at once.
 */
export const RIG_CLASSES = {
  /** A */
  'bios-serial': { loader: 'grub', firmware: 'bios', terminals: 'serial', machine: 'pc', device: 'ttyS0' },
  /** C */
  'bios-console': {
    loader: 'grub',
    firmware: 'bios',
    terminals: 'console',
    machine: 'pc,graphics=off',
    device: 'ttyS0',
  },
  /** A' */
  'uefi-serial': { loader: 'grub', firmware: 'uefi', terminals: 'serial', machine: 'pc', device: 'ttyS0' },
  /** B */
  'uefi-console': { loader: 'grub', firmware: 'uefi', terminals: 'console', machine: 'pc', device: 'ttyS0' },
  /**
   * B on a newer machine. Its screen has more columns than UEFI believes the serial line to have: what stands further
   * right is not sent, the right border of GRUB's box among it.
   */
  'uefi-console-cut': { loader: 'grub', firmware: 'uefi', terminals: 'console', machine: 'q35', device: 'ttyS0' },
  /** D */
  'uefi-both': { loader: 'grub', firmware: 'uefi', terminals: 'console serial', machine: 'pc', device: 'ttyS0' },
  /** B on the processors of Ampere; always with Debian's kernel, for the stub knows x86 only. */
  'arm64-console': { loader: 'grub', firmware: 'uefi-arm64', terminals: 'console', machine: 'virt', device: 'ttyAMA0' },
  'grub-legacy': { loader: 'grub-legacy', firmware: 'bios', terminals: 'serial', machine: 'pc', device: 'ttyS0' },
  'systemd-boot': { loader: 'systemd-boot', firmware: 'uefi', terminals: 'console', machine: 'pc', device: 'ttyS0' },
} as const satisfies Record<string, RigParts>

export type RigClass = keyof typeof RIG_CLASSES

export function partsOf(rigClass: RigClass): RigParts {
  return RIG_CLASSES[rigClass]
}
