/** How large a screen is that nobody tells us the size of: as large as the cursor moves on it show. */
import type { TerminalKind } from './terminal-class.ts'

export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** What GRUB's serial terminal, Linux and bash assume when nobody tells them more. */
export const PLAIN_SIZE: TerminalSize = { columns: 80, rows: 24 }
/** The text mode that every PC firmware has. */
export const FIRMWARE_SIZE: TerminalSize = { columns: 80, rows: 25 }

/** The modes of UEFI's terminal, smallest first. (edk2 TerminalDxe/Terminal.c: mTerminalConsoleModeData, and OVMF's 100x31) */
const FIRMWARE_SIZES: readonly TerminalSize[] = [
  FIRMWARE_SIZE,
  { columns: 80, rows: 50 },
  { columns: 100, rows: 31 },
  { columns: 128, rows: 40 },
  { columns: 160, rows: 42 },
  { columns: 240, rows: 56 },
]
/** Programs ask for a terminal's size by moving to where none ends, e.g. 32766; no real one is as large as this. */
const NOT_A_PLACE: TerminalSize = { columns: 500, rows: 200 }
/** GRUB writes its help in lines below the last row it moves to: four of them, and the countdown. */
const ROWS_OF_HELP = 5

/** `size`, or the one it must be when the cursor moves to `row` and `column` (both from 1). */
export function grownSize(kind: TerminalKind, size: TerminalSize, row: number, column: number): TerminalSize {
  if (row > NOT_A_PLACE.rows || column > NOT_A_PLACE.columns) return size
  const help = kind === 'grub-serial' && row > PLAIN_SIZE.rows ? ROWS_OF_HELP : 0
  const rows = Math.max(size.rows, row + help)
  const columns = Math.max(size.columns, column)
  if (rows === size.rows && columns === size.columns) return size
  const fits = (known: TerminalSize) => known.columns >= columns && known.rows >= rows
  const known = kind === 'grub-serial' ? undefined : FIRMWARE_SIZES.find(fits)
  return known ?? { columns, rows }
}

/** Whether firmware has a text mode so wide. */
export function isFirmwareWidth(columns: number): boolean {
  return FIRMWARE_SIZES.some((size) => size.columns === columns)
}
