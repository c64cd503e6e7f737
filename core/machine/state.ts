/**
 * What a machine can be seen doing on its serial console. A state is read off
 * the screen each time; nobody remembers it.
 */
import type { FirmwareMenu } from './firmware-menu.ts'
import type { GrubEditor } from './grub-editor.ts'
import type { LegacyBox, LegacyLine, LegacyMenu } from './grub-legacy.ts'
import type { GrubMenu } from './grub-menu.ts'
import type { SystemdBootEditor, SystemdBootMenu } from './systemd-boot.ts'

export type MachineState =
  /** The screen is empty. */
  | { kind: 'silent' }
  /** Something stands there that says nothing we know. */
  | { kind: 'unknown' }
  /** `pxe` and `ipxe`: the firmware, or what it loaded, looks for a system in the network. */
  | { kind: 'firmware'; firmware: 'bios' | 'uefi' | 'pxe' | 'ipxe' }
  /** UEFI found nothing to boot, or was told to, and waits for commands. */
  | { kind: 'uefi-shell' }
  /** The firmware's own menus: its front page, its boot manager. */
  | { kind: 'firmware-menu'; menu: FirmwareMenu }
  /** GRUB has begun to load and has shown nothing else yet; with a hidden menu on a firmware's console it stays so. */
  | { kind: 'grub-starting' }
  /** GRUB has taken the port and shows no menu: it reads its configuration, or waits with the menu hidden. */
  | { kind: 'grub-hidden'; countdown: number | undefined }
  | { kind: 'grub-menu'; menu: GrubMenu }
  | { kind: 'grub-editor'; editor: GrubEditor }
  /** GRUB draws on two terminals at once that are one line (class D): nothing that stands there can be trusted. */
  | { kind: 'grub-overlaid' }
  /**
   * GRUB draws a menu or its editor on a console of UEFI that leaves out each move beyond column 80 of a wider screen:
   * what is written there stands elsewhere, and the cursor is not where it is shown.
   */
  | { kind: 'grub-cut-off' }
  | { kind: 'grub-command-line' }
  | { kind: 'grub-rescue' }
  /** `typed` is the user name as far as it stands there; nothing shows of a password. */
  | { kind: 'grub-password'; asks: 'username' | 'password'; typed: string }
  /** `waits`: for any key, or ten seconds. */
  | { kind: 'grub-error'; message: string; waits: boolean }
  /** GRUB has left its menu and loads a kernel. */
  | { kind: 'grub-booting' }
  /** GRUB legacy waits for a key to know which of its terminals is used. */
  | { kind: 'grub-legacy-any-key' }
  | { kind: 'grub-legacy-hidden'; countdown: number }
  | { kind: 'grub-legacy-menu'; menu: LegacyMenu }
  /** The commands of one entry, of which each can be edited. */
  | { kind: 'grub-legacy-list'; list: LegacyBox }
  | { kind: 'grub-legacy-line'; line: LegacyLine }
  /** `typed` counts the stars; after a wrong one it waits for any key. */
  | { kind: 'grub-legacy-password'; typed: number; failed: boolean }
  | { kind: 'systemd-boot-menu'; menu: SystemdBootMenu }
  | { kind: 'systemd-boot-editor'; editor: SystemdBootEditor }
  /** A kernel runs, or systemd starts things. `uptime` is in seconds, from the last message's own time. */
  | { kind: 'kernel'; uptime: number | undefined }
  /** A root shell of the initramfs, with the machine's own file systems not mounted, or not as its root. */
  | { kind: 'initramfs-shell'; of: 'initramfs-tools' | 'dracut' | 'klibc'; prompt: string }
  /** sulogin asks for root's password, or for Enter; with root's account locked there is nothing but to go on. */
  | { kind: 'emergency'; mode: 'emergency' | 'rescue' | undefined; asks: 'password' | 'enter'; rootLocked: boolean }
  /** A shell of root. */
  | { kind: 'maintenance-shell'; prompt: string }
  /** A shell of somebody who is not root. */
  | { kind: 'user-shell'; prompt: string }
  | { kind: 'login-prompt'; host: string }
  | { kind: 'password-prompt' }
  | { kind: 'kernel-panic'; reason: string }
  /** The kernel has switched the machine off, or halted it. */
  | { kind: 'powered-off' }

export type StateKind = MachineState['kind']

/** A state of a kind, e.g. `StateOf<'login-prompt'>`. */
export type StateOf<K extends StateKind> = MachineState & { kind: K }

/** A state with the evidence for it: the line of the screen that shows it. */
export interface Sighting<K extends StateKind = StateKind> {
  readonly state: StateOf<K>
  readonly because: string
}
