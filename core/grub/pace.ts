/** How fast GRUB can be typed to over each kind of terminal, and by what its screens are known to be complete. */
import type { ScreenView } from '../console/screen-view.ts'

export interface Pace {
  /** Characters typed before the screen is compared. */
  readonly chunk: number
  /** Keys sent at once that only move the cursor. */
  readonly moves: number
  /** Silence after which a screen is drawn to its end. */
  readonly quietMs: number
  /** How long an Escape stays alone: sooner, what follows is taken for the rest of a sequence. */
  readonly escapeMs: number
}

/**
 * A: GRUB's own serial driver hides the cursor while it draws, so that no silence is needed. A real port buffers 16
 * keys while GRUB is busy; GRUB waits 100 ms for the rest of a sequence (grub-core/term/terminfo.c).
 */
const GRUB_SERIAL: Pace = { chunk: 8, moves: 15, quietMs: 0, escapeMs: 150 }
/** A': once GRUB takes its keys from the firmware, which buffers 255, Escape is as slow as there. */
const GRUB_SERIAL_ON_UEFI: Pace = { chunk: 16, moves: 15, quietMs: 0, escapeMs: 2500 }
/**
 * B: UEFI's console buffers 255 keys, draws one in up to 120 ms, and waits two seconds for the rest of a sequence
 * (edk2 TerminalDxe: TwoSecondTimeOut).
 */
const UEFI_CONSOLE: Pace = { chunk: 32, moves: 32, quietMs: 150, escapeMs: 2500 }
/** C: the BIOS buffers 15 keys; SeaBIOS waits one second for the rest of a sequence. */
const BIOS_CONSOLE: Pace = { chunk: 8, moves: 8, quietMs: 150, escapeMs: 1500 }
/** D: both at once, and keys that came together are read in a wrong order. */
const BOTH: Pace = { chunk: 1, moves: 1, quietMs: 150, escapeMs: 2500 }

const PACES: Readonly<Record<ScreenView['terminal'], Pace>> = {
  plain: GRUB_SERIAL,
  'grub-serial': GRUB_SERIAL,
  'uefi-console': UEFI_CONSOLE,
  'bios-console': BIOS_CONSOLE,
  both: BOTH,
}

export function paceOf(view: ScreenView): Pace {
  return isReadByFirmware(view) ? GRUB_SERIAL_ON_UEFI : PACES[view.terminal]
}

/** Whether UEFI reads the line that GRUB's serial driver draws on: as it does when it has written on it. */
export function isReadByFirmware({ terminal, firmware }: ScreenView): boolean {
  return terminal === 'grub-serial' && firmware === 'uefi-console'
}
