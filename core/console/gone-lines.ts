/**
 * Collects what leaves the screen, row by row, and gives it back as whole lines:
 * the transcript of a console is these and what the screen shows at the end.
 */
import type { RawRow } from './screen-view.ts'

/** Nobody may take them for a while, but memory is bounded: the oldest go first. */
const MOST_LINES = 20_000
/** So many at once: to drop them one by one would move all the others each time. */
const DROPPED_LINES = 2000
/** Noise may never end a line; the kernel's and the shell's are shorter. */
const LONGEST_LINE = 8192

export class GoneLines {
  #lines: string[] = []
  /** Whether the next row may go on with the last line: nobody has taken it yet. */
  #open = false
  /** What stands between the last line and a row that goes on with it. */
  #blanks = ''

  add(rows: readonly RawRow[]): void {
    const last = rows.findLastIndex((row) => row.text !== '')
    for (const row of rows.length === 1 ? rows : rows.slice(0, last + 1)) this.#addRow(row)
    if (this.#lines.length > MOST_LINES) this.#lines = this.#lines.slice(DROPPED_LINES - MOST_LINES)
  }

  take(): readonly string[] {
    const taken = this.#lines
    this.#lines = []
    this.#open = false
    return taken
  }

  #addRow({ text, blanks, wrapped }: RawRow): void {
    const last = this.#lines.length - 1
    const length = (this.#lines[last]?.length ?? 0) + this.#blanks.length
    const goesOn = wrapped && this.#open && last >= 0 && length < LONGEST_LINE
    if (goesOn && text === '') this.#blanks += blanks
    else if (goesOn) this.#lines[last] += this.#blanks + text
    else this.#lines.push(text)
    if (!goesOn || text !== '') this.#blanks = blanks
    this.#open = true
  }
}
