/**
 * Hides secrets in the rows of a screen, also where one is broken over two rows: by the
 * terminal, by the box of GRUB's editor, or because the upper part of a long line has
 * left the screen. `mask` needs whole lines, so broken ones are put together for it.
 */
import type { ScreenView } from '../console/screen-view.ts'
import { MASK, mask } from '../record/masking.ts'

/** A row that is a line of its own is masked as that; `goesOn` says which may go on in the next row. */
export function maskRows(
  rows: readonly string[],
  columns: number,
  goesOn: (index: number) => boolean = () => false,
  maskText: (text: string) => string = mask,
): string[] {
  const masked = maskText(rows.join('\n')).split('\n')
  for (const pieces of brokenLines(rows, columns, goesOn)) hideBroken(pieces, masked, maskText)
  return masked
}

/** Which rows of the screen the terminal has broken a line after. */
export function wrapsOf({ lines }: ScreenView): (index: number) => boolean {
  return (index) => lines.some(({ first, last }) => first <= index && index < last)
}

interface Piece {
  readonly index: number
  readonly row: string
  /** Where in the row the line's text begins. */
  readonly left: number
  /** As long as the row is wide, blanks included, unless it is the last piece. */
  readonly text: string
}

/** GRUB's box around its editor; a backslash before the border marks a line that goes on below. */
const BOX_ROW = /^ [|│](?<text>.*)(?<mark>[\\ ])[|│]/

/** The lines that stand on several rows, and those in a box, whose border must stay where it is. */
function brokenLines(rows: readonly string[], columns: number, goesOn: (index: number) => boolean): Piece[][] {
  const lines: Piece[][] = []
  let open = false
  for (const [index, row] of rows.entries()) {
    const { text, mark } = BOX_ROW.exec(row)?.groups ?? {}
    const breaks = text === undefined ? goesOn(index) && row !== '' : mark === '\\'
    const piece = { index, row, left: text === undefined ? 0 : 2, text: text ?? (breaks ? filled(row, columns) : row) }
    if (open) lines.at(-1)?.push(piece)
    else lines.push([piece])
    open = breaks
  }
  return lines.filter((pieces) => pieces.length > 1 || pieces.some(({ left }) => left > 0))
}

function filled(row: string, columns: number): string {
  return row.padEnd(Math.ceil(row.length / columns) * columns)
}

/** Everything from the first secret of a broken line to its last, in each piece that has a part of it. */
function hideBroken(pieces: readonly Piece[], masked: string[], maskText: (text: string) => string): void {
  const whole = pieces.map(({ text }) => text).join('')
  const { from, to } = difference(whole, maskText(whole))
  let start = 0
  for (const { index, row, left, text } of pieces) {
    const [first, last] = [Math.max(from - start, 0), Math.min(to - start, text.length)]
    start += text.length
    const boxed = left > 0
    // A row of a private key is blank already; a border is no part of a line, whatever stood before it.
    if (masked[index] === '' || (first >= last && !boxed)) continue
    const length = Math.max(last - first, 0)
    // In a box the border stays where it is; elsewhere nobody has to know how long a secret is.
    const hidden = boxed ? MASK.charAt(0).repeat(length) : MASK
    masked[index] = length === 0 ? row : row.slice(0, left + first) + hidden + row.slice(left + last)
  }
}

/** The part of `text` that is not in `other`. */
function difference(text: string, other: string): { from: number; to: number } {
  if (text === other) return { from: 0, to: 0 }
  let from = 0
  while (from < text.length && text[from] === other[from]) from += 1
  let end = 0
  while (end < text.length - from && end < other.length - from && text.at(-1 - end) === other.at(-1 - end)) end += 1
  return { from, to: text.length - end }
}
