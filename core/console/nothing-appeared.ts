/** A wait that ended in vain says for what it waited, how long, and what stood on the screen instead. */
import { RescueError } from '../base/errors.ts'

/** What is waited for; the catalogues have words for each. */
export const AWAITED = [
  'boot-loader',
  'grub-menu',
  'grub-menu-still',
  'grub-menu-hidden',
  'countdown-stopped',
  'submenu',
  'outer-menu',
  'grub-legacy-menu',
  'highlight-moved',
  'cursor-moved',
  'grub-editor',
  'typed-shown',
  'grub-legacy-line',
  'line-shown',
  'line-start',
  'line-end',
  'grub-prompt',
  'grub-command-line',
  'grub-terminal',
  'command-echoed',
  'command-taken',
  'grub-boots',
  'grub-boots-edited',
  'password-asked',
  'password-verdict',
  'username-echoed',
  'question-gone',
  'password-star',
  'grub-legacy-box',
  'grub-legacy-drawn',
  'grub-legacy-goes-on',
  'entry-commands',
  'systemd-boot-menu',
  'systemd-boot-editor',
  'systemd-boot-line',
  'systemd-boot-drawn',
  'systemd-boot-status',
  'systemd-boot-boots',
  'next-page',
  'boot-manager',
  'firmware-menus',
  'firmware-goes-on',
  'firmware-discards',
  'uefi-exit-echoed',
  'uefi-shell-ended',
  'login-prompt',
  'machine-boots',
  'missed-boot',
  'boot-end',
  'system-stops',
  'maintenance-shell',
  'emergency-shell',
  'shell-prompt',
  'root-prompt',
  'shell-answer',
  'shell-on-root',
  'not-the-shell',
  'machine-goes-on',
  'interrupt-answer',
  'line-dropped',
] as const
export type Awaited = (typeof AWAITED)[number]

export class NothingAppeared extends RescueError {
  /** What stood on the screen when the wait ended. Console text: mask it before it leaves the worker. */
  readonly screen: string

  constructor(what: Awaited, milliseconds: number, screen: string) {
    super('machine', 'nothing-appeared', `waited ${milliseconds} ms for ${what}\n--- screen ---\n${screen}`, {
      details: { what, milliseconds: String(milliseconds) },
    })
    this.name = 'NothingAppeared'
    this.screen = screen
  }
}
