/** A row of the terminal as text. Every row is read as it scrolls away, and the whole screen at each look. */
import type { IBufferCell, IBufferLine } from '@xterm/headless'
import { lightStretches } from './light.ts'
import type { RawRow, Stretch } from './screen-view.ts'

const NOWHERE: readonly Stretch[] = []
const BLANK = 0x20
const LAST_ASCII = 0x7e
const WIDEST = 512
const BLANKS = Array.from({ length: WIDEST + 1 }, (_, count) => ' '.repeat(count))
/** One for all rows, and one cell: to make one for each costs more than to read them. */
const scratch = Buffer.alloc(WIDEST)
let scratchCell: IBufferCell | undefined

/** `line` up to `columns`; undefined where the terminal has no such line. Light ground is looked for on request. */
export function readRow(line: IBufferLine | undefined, columns: number, lookForLight: boolean): RawRow {
  if (line === undefined) return { text: '', blanks: ' '.repeat(columns), wrapped: false, light: NOWHERE }
  const light = lookForLight ? lightStretches(line) : NOWHERE
  const ascii = readAscii(line, columns)
  if (ascii !== undefined)
    return { text: ascii, blanks: BLANKS[columns - ascii.length] ?? '', wrapped: line.isWrapped, light }
  const all = line.translateToString(false, 0, columns)
  const text = all.trimEnd()
  return { text, blanks: all.slice(text.length), wrapped: line.isWrapped, light }
}

/**
 * The row without the blanks at its end; undefined where it has more than ASCII. Most rows are so plain: the terminal's
 * own way would put them together from a string for each character.
 */
function readAscii(line: IBufferLine, columns: number): string | undefined {
  if (columns > WIDEST || columns > line.length) return undefined
  let end = 0
  for (let column = 0; column < columns; column += 1) {
    scratchCell = line.getCell(column, scratchCell)
    const code = scratchCell?.getCode() ?? 0
    if (code > LAST_ASCII) return undefined
    // A cell that nobody wrote to has the code 0.
    scratch[column] = code || BLANK
    if (code > BLANK) end = column + 1
  }
  return scratch.toString('latin1', 0, end)
}
