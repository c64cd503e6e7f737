/**
 * The keys we press, by name, as the single bytes they are. There are no arrow
 * or function keys on purpose: they are sequences that start with Escape, and on
 * a line that splits them GRUB's editor throws all edits away.
 */
import { RescueError } from '../base/errors.ts'

export const keys = {
  startOfLine: '\u0001', // Ctrl-a
  back: '\u0002', // Ctrl-b
  interrupt: '\u0003', // Ctrl-c
  endOfLine: '\u0005', // Ctrl-e
  forward: '\u0006', // Ctrl-f
  erase: '\u0008', // Ctrl-h; UEFI takes the other backspace, 0x7f, for Delete
  redraw: '\u000c', // Ctrl-l
  nextLine: '\u000e', // Ctrl-n
  previousLine: '\u0010', // Ctrl-p
  boot: '\u0018', // Ctrl-x, in GRUB's editor
  escape: '\u001b',
  enter: '\r',
  space: ' ',
  edit: 'e', // in GRUB's menu
  commandLine: 'c', // in GRUB's menu
} as const

/** A key that is a sequence. Only UEFI's own terminal gets one: it waits two seconds for the rest. */
export interface FirmwareKey {
  readonly sequence: string
}

/**
 * The arrows; UEFI's screens know no single bytes that move.
 * (edk2 MdeModulePkg/Universal/Console/TerminalDxe/TerminalConIn.c)
 */
export const firmwareKeys = {
  up: { sequence: '\u001b[A' },
  down: { sequence: '\u001b[B' },
  right: { sequence: '\u001b[C' },
  left: { sequence: '\u001b[D' },
} as const satisfies Record<string, FirmwareKey>

export type Typed = string | Uint8Array | FirmwareKey

/** The bytes to send for `typed`. Throws when they could act as another key on the way. */
export function toBytes(typed: Typed): Uint8Array {
  if (typeof typed !== 'string' && 'sequence' in typed) return Buffer.from(typed.sequence)
  const bytes = typeof typed === 'string' ? Buffer.from(typed, 'utf8') : typed
  if (bytes.includes(0x1b) && bytes.length > 1)
    throw new RescueError('us', 'splittable-keys', 'an Escape is sent alone: together with more it may arrive split')
  return bytes
}
