/** How the serial line looks when a boot has come to rest, well or badly. */

/** What stands last on the line; control sequences may follow. */
export const BOOT_ENDS = {
  'login-prompt': /\n\S+ login: $/,
  /** systemd's emergency or rescue mode, with a shell for whoever presses Enter. */
  'emergency-shell': /or press Control-D to continue\): $/,
  /** The same for a root account that is locked: the shell is for nobody. */
  'emergency-locked': /the root account is locked\.[\s\S]*Press Enter to continue\.\s*$/,
  /** The shell that initramfs-tools gives when it has no root file system. */
  'initramfs-shell': /\(initramfs\) $/,
  'kernel-panic': /---\[ end Kernel panic/,
  'grub-prompt': /grub> \S*$/,
  /** GRUB's words about a kernel that it cannot load. */
  'grub-error': /Press any key to continue\.\.\.\S*$/,
} as const satisfies Record<string, RegExp>

export type BootEnd = keyof typeof BOOT_ENDS
