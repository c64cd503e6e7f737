/** A row of the terminal as text. Every row is read as it scrolls away, and the whole screen at each look. */
import type { IBufferCell, IBufferLine } from '@xterm/headless'
import { lightStretches } from './light.ts'
import type { RawRow, Stretch } from './screen-view.ts'

const NOWHERE: readonly Stretch[] = []
const BLANK = 0x20
const LAST_ASCII = 0x7e
/** One for all rows, and one cell: to make one for each costs more than to read them. */
const scratch = Buffer.alloc(512)
let scratchCell: IBufferCell | undefined

/** `line` up to `columns`; undefined where the terminal has no such line. Light ground is looked for on request. */
export function readRow(line: IBufferLine | undefined, columns: number, lookForLight: boolean): RawRow {
  if (line === undefined) return { text: ' '.repeat(columns), trimmed: '', wrapped: false, light: NOWHERE }
  const light = lookForLight ? lightStretches(line) : NOWHERE
  return { ...(readAscii(line, columns) ?? readAny(line, columns)), wrapped: line.isWrapped, light }
}

/** Most rows are plain: the terminal's own way would put them together from a string for each character. */
function readAscii(line: IBufferLine, columns: number): Pick<RawRow, 'text' | 'trimmed'> | undefined {
  if (columns > scratch.length || columns > line.length) return undefined
  let end = 0
  for (let column = 0; column < columns; column += 1) {
    scratchCell = line.getCell(column, scratchCell)
    const code = scratchCell?.getCode() ?? 0
    if (code > LAST_ASCII) return undefined
    // A cell that nobody wrote to has the code 0.
    scratch[column] = code || BLANK
    if (code > BLANK) end = column + 1
  }
  const text = scratch.toString('latin1', 0, columns)
  return { text, trimmed: text.slice(0, end) }
}

function readAny(line: IBufferLine, columns: number): Pick<RawRow, 'text' | 'trimmed'> {
  const text = line.translateToString(false, 0, columns)
  return { text, trimmed: text.trimEnd() }
}
