/**
 * What a machine can be seen doing on its serial console. A state is read off
 * the screen each time; nobody remembers it.
 */
import type { GrubEditor } from './grub-editor.ts'
import type { GrubMenu } from './grub-menu.ts'

export type MachineState =
  /** The screen is empty. */
  | { kind: 'silent' }
  /** Something stands there that says nothing we know. */
  | { kind: 'unknown' }
  | { kind: 'firmware'; firmware: 'bios' | 'uefi' }
  /** GRUB has taken the port and shows no menu: it reads its configuration, or waits with the menu hidden. */
  | { kind: 'grub-hidden'; countdown: number | undefined }
  | { kind: 'grub-menu'; menu: GrubMenu }
  | { kind: 'grub-editor'; editor: GrubEditor }
  /** GRUB draws on two terminals at once that are one line (class D): nothing that stands there can be trusted. */
  | { kind: 'grub-overlaid' }
  | { kind: 'grub-command-line' }
  | { kind: 'grub-rescue' }
  | { kind: 'grub-password'; asks: 'username' | 'password' }
  | { kind: 'grub-error'; message: string }
  /** GRUB has left its menu and loads a kernel. */
  | { kind: 'grub-booting' }
  /** A kernel runs, or systemd starts things. `uptime` is in seconds, from the last message's own time. */
  | { kind: 'kernel'; uptime: number | undefined }
  | { kind: 'initramfs-shell' }
  /** sulogin asks for root's password, or for Enter. */
  | { kind: 'emergency' }
  | { kind: 'maintenance-shell'; prompt: string }
  | { kind: 'login-prompt'; host: string }
  | { kind: 'password-prompt' }
  | { kind: 'kernel-panic'; reason: string }

export type StateKind = MachineState['kind']

/** A state of a kind, e.g. `StateOf<'login-prompt'>`. */
export type StateOf<K extends StateKind> = MachineState & { kind: K }

/** A state with the evidence for it: the line of the screen that shows it. */
export interface Sighting<K extends StateKind = StateKind> {
  readonly state: StateOf<K>
  readonly because: string
}
