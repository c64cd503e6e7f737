/**
 * The screen as plain data to draw later: runs of text with their attributes,
 * small enough for the event log.
 */
import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless'

export interface ScreenPicture {
  columns: number
  rows: ScreenRun[][]
  /** Zero-based; null when the cursor is hidden. */
  cursor: { row: number; column: number } | null
}

export interface ScreenRun {
  text: string
  inverse?: true
  bold?: true
  /** A palette index 0 to 255; 0x1000000 + 0xrrggbb for a colour of its own. Absent: the terminal's default. */
  fg?: number
  bg?: number
}

/** The visible rows of `buffer`; trailing blanks without attributes are left out. */
export function pictureOf(buffer: IBuffer, columns: number, rows: number, cursorVisible: boolean): ScreenPicture {
  const lines = Array.from({ length: rows }, (_, row) => buffer.getLine(buffer.baseY + row))
  const cursor = { row: buffer.cursorY, column: Math.min(buffer.cursorX, columns - 1) }
  return {
    columns,
    rows: lines.map((line) => (line === undefined ? [] : withoutBlankEnd(runsOf(line)))),
    cursor: cursorVisible ? cursor : null,
  }
}

function runsOf(line: IBufferLine): ScreenRun[] {
  const runs: ScreenRun[] = []
  for (let column = 0; column < line.length; column += 1) {
    const cell = line.getCell(column)
    // The second half of a wide character has no width of its own.
    if (cell === undefined || cell.getWidth() === 0) continue
    const text = cell.getChars() === '' ? ' ' : cell.getChars()
    const run = { text, ...attributesOf(cell) }
    const last = runs.at(-1)
    if (last !== undefined && sameAttributes(last, run)) last.text += text
    else runs.push(run)
  }
  return runs
}

function attributesOf(cell: IBufferCell): Omit<ScreenRun, 'text'> {
  const own = 0x1000000
  return {
    ...(cell.isInverse() ? { inverse: true as const } : {}),
    ...(cell.isBold() ? { bold: true as const } : {}),
    ...(cell.isFgDefault() ? {} : { fg: cell.isFgRGB() ? own + cell.getFgColor() : cell.getFgColor() }),
    ...(cell.isBgDefault() ? {} : { bg: cell.isBgRGB() ? own + cell.getBgColor() : cell.getBgColor() }),
  }
}

function sameAttributes(one: ScreenRun, other: ScreenRun): boolean {
  return one.inverse === other.inverse && one.bold === other.bold && one.fg === other.fg && one.bg === other.bg
}

function withoutBlankEnd(runs: ScreenRun[]): ScreenRun[] {
  const last = runs.at(-1)
  if (last === undefined || last.inverse || last.bg !== undefined) return runs
  const text = last.text.trimEnd()
  return text === '' ? runs.slice(0, -1) : [...runs.slice(0, -1), { ...last, text }]
}
