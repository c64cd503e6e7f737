/**
 * What every boot loader's driver offers: from its stopped menu to a kernel that
 * is being loaded with more arguments. `driver-for.ts` has the driver for a menu.
 */
import type { Console } from '../console/console.ts'
import type { StateKind } from '../machine/state.ts'
import { kernelVersion } from './title.ts'

/** The menus there is a driver for. */
export const BOOT_MENUS = [
  'grub-menu',
  'grub-overlaid',
  'grub-cut-off',
  'grub-legacy-menu',
  'systemd-boot-menu',
] as const satisfies readonly StateKind[]
export type BootMenu = (typeof BOOT_MENUS)[number]

/** Where a boot loader that was caught waits: at its menu, or at GRUB's command line when no menu can be had. */
export type Caught = BootMenu | 'grub-command-line'

export interface BootLoader {
  /**
   * From the stopped menu to a kernel that is being loaded with `tokens`, read back before it was booted.
   * Throws `no-such-entry`, `ambiguous-entry`, `no-kernel-line` (nothing was booted, the menu shows again),
   * `kernel-line-odd`, `edit-not-shown`, `Stuck` (`grub-password` when nobody knows it).
   */
  bootWithArguments(
    console: Console,
    request: BootRequest,
    signal: AbortSignal,
    hooks?: BootHooks,
  ): Promise<BootedEntry>
  /**
   * From the stopped menu to the wanted entry's kernel, as the entry has it: nothing is edited, and what would boot by
   * itself the next time stays as it is. Throws as `bootWithArguments` does.
   */
  bootEntry(console: Console, request: EntryRequest, signal: AbortSignal, hooks?: BootHooks): Promise<BootedEntry>
}

export interface EntryRequest {
  readonly entry: WantedEntry
}

export interface BootRequest extends EntryRequest {
  /** The kernel's last arguments, one word each. */
  readonly tokens: readonly string[]
}

export type WantedEntry =
  /** The one that would boot by itself. */
  | { readonly kind: 'default' }
  /** By its title in the menu; `>` leads into a submenu, as in GRUB's own `default`. */
  | { readonly kind: 'title'; readonly title: string }
  /** The newest kernel that is older than that of the entry that would boot. */
  | { readonly kind: 'previous-kernel' }

export interface BootHooks {
  /** The edit was read back and stands on the screen; the next key boots it. */
  readonly onEdited?: (entry: BootedEntry) => void | Promise<void>
  /**
   * The boot loader asks who we are, for the time with that number, from 1. Undefined: nobody answered. The name is
   * echoed on the console and the password is not: whoever answers hides both from then on.
   */
  readonly askPassword?: (attempt: number, signal: AbortSignal) => Promise<Credentials | undefined>
}

export interface Credentials {
  /** Not asked for by GRUB legacy. */
  readonly username: string
  readonly password: string
}

export interface BootedEntry {
  /** The title of the entry, as far as the menu shows it. */
  readonly title: string
  /** Its file, as the entry names it; the first where an entry chooses between several, undefined where none was shown. */
  readonly kernel: string | undefined
  /** Its version, by its file's name or else by the title. */
  readonly version: string | undefined
  /** One for each kernel line; none where nothing was edited. */
  readonly edits: readonly KernelLineEdit[]
}

export function bootedEntry(
  title: string,
  kernel: string | undefined,
  edits: readonly KernelLineEdit[] = [],
): BootedEntry {
  return { title, kernel, version: kernelVersion(kernel ?? '') ?? kernelVersion(title), edits }
}

export interface KernelLineEdit {
  /** The line as the boot loader showed it, tabs as blanks. */
  readonly before: string
  readonly after: string
}
