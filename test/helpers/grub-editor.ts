/**
 * GRUB 2's entry editor, on its own serial terminal and on UEFI's byte for byte
 * as in the recordings: which lines a key draws again, how it scrolls, and where
 * the cursor goes. Written from what GRUB does, for tests only.
 */
import { type GrubTerminal, grubTerminal } from './grub-terminal.ts'

const FIRST_ROW = 4
const FIRST_COLUMN = 2
const TAB = 8

type Redraw = 'none' | 'line' | 'all'

export class GrubEditorScreen {
  readonly #lines: string[]
  readonly #say: (text: string) => void
  #line = 0
  #column = 0
  #realColumn = 0
  /** The row, counted from the box's first, that the first line begins in: negative when scrolled. */
  #top = 0
  readonly #terminal: GrubTerminal
  readonly #width: number
  readonly #height: number

  constructor(lines: readonly string[], say: (text: string) => void, terminal = grubTerminal('grub-serial')) {
    this.#lines = [...lines, '']
    this.#say = say
    this.#terminal = terminal
    this.#width = terminal.columns - 5
    this.#height = terminal.rows - 12
  }

  /** What is booted with Ctrl-x. */
  get lines(): readonly string[] {
    return this.#lines
  }

  open(): void {
    this.#update('all', 0, true, true)
    this.#say(this.#terminal.showCursor)
  }

  press(key: string): void {
    if (key === '\u000e') this.#moveTo(this.#line + 1)
    else if (key === '\u0010') this.#moveTo(this.#line - 1)
    else if (key === '\u0001') this.#place(0, true)
    else if (key === '\u0005') this.#place(this.#current.length, false)
    else if (key === '\u0006') this.#place(Math.min(this.#column + 1, this.#current.length), true)
    else if (key === '\u0002') this.#place(Math.max(this.#column - 1, 0), true)
    else if (key === '\b') this.#erase()
    else if (key === '\f') this.#redraw()
    else if (key === '\r') this.#split()
    else if (key >= ' ' && key <= '~') this.#insert(key)
  }

  get #current(): string {
    return this.#lines[this.#line] ?? ''
  }

  #moveTo(line: number): void {
    const last = this.#lines.length - 1
    if (line > last) this.#column = this.#current.length
    else if (line < 0) this.#column = 0
    else {
      this.#line = line
      this.#column = Math.min(this.#realColumn, this.#current.length)
    }
    this.#update('none', this.#lines.length, false, false)
  }

  #place(column: number, remembered: boolean): void {
    this.#column = column
    if (remembered) this.#realColumn = column
    this.#update('none', this.#lines.length, false, false)
  }

  #insert(key: string): void {
    const rows = this.#rowsOf(this.#current)
    this.#lines[this.#line] = this.#current.slice(0, this.#column) + key + this.#current.slice(this.#column)
    this.#column += 1
    this.#realColumn = this.#column
    const grew = this.#rowsOf(this.#current) !== rows
    this.#update(grew ? 'all' : 'line', this.#line, false, grew)
  }

  #erase(): void {
    if (this.#column === 0) return
    const rows = this.#rowsOf(this.#current)
    this.#lines[this.#line] = this.#current.slice(0, this.#column - 1) + this.#current.slice(this.#column)
    this.#column -= 1
    this.#realColumn = this.#column
    const shrank = this.#rowsOf(this.#current) !== rows
    this.#update(shrank ? 'all' : 'line', this.#line, shrank, shrank)
  }

  #redraw(): void {
    this.#top = 0
    this.#update('all', 0, true, true)
  }

  #split(): void {
    const rest = this.#current.slice(this.#column)
    this.#lines.splice(this.#line, 1, this.#current.slice(0, this.#column), rest)
    this.#line += 1
    this.#column = 0
    this.#realColumn = 0
    this.#update('all', this.#line - 1, false, true)
  }

  #update(wanted: Redraw, regionStart: number, up: boolean, down: boolean): void {
    const cursorRow = this.#rowAbove(this.#line) + this.#cursorRowInLine()
    const scrolled = cursorRow < 0 || cursorRow >= this.#height
    if (scrolled) this.#top += cursorRow < 0 ? -cursorRow : this.#height - 1 - cursorRow
    const redraw = scrolled ? 'all' : wanted
    this.#say(this.#terminal.hideCursor)
    if (redraw !== 'none') this.#draw(redraw, scrolled ? 0 : regionStart, up || scrolled, down || scrolled)
    const row = this.#rowAbove(this.#line) + this.#cursorRowInLine()
    const column = columnsOf(this.#current.slice(0, this.#column)) - this.#cursorRowInLine() * this.#width
    this.#say(`${this.#terminal.to(FIRST_ROW + row, FIRST_COLUMN + column)}${this.#terminal.showCursor}`)
  }

  #draw(redraw: Redraw, regionStart: number, up: boolean, down: boolean): void {
    let row = this.#top
    for (const [index, line] of this.#lines.entries()) {
      const drawn = index === regionStart || index === this.#line || (index > regionStart && redraw === 'all')
      if (drawn && row < this.#height && row + this.#rowsOf(line) > 0) this.#drawLine(line, row)
      row += this.#rowsOf(line)
    }
    if (redraw === 'all') for (let blank = row; blank < this.#height; blank += 1) this.#drawLine('', blank)
    if (up)
      this.#say(`${this.#terminal.to(FIRST_ROW, this.#terminal.columns - 1)}${this.#top < 0 ? this.#terminal.up : ' '}`)
    if (down)
      this.#say(
        `${this.#terminal.to(FIRST_ROW + this.#height - 1, this.#terminal.columns - 1)}${row > this.#height ? this.#terminal.down : ' '}`,
      )
  }

  /** Only the rows of the line that are in the box; each but the line's last ends in the mark. */
  #drawLine(line: string, first: number): void {
    const shown = expanded(line)
    const rows = this.#rowsOf(line)
    const drawn: string[] = []
    for (let row = Math.max(0, -first); row < rows && first + row < this.#height; row += 1) {
      const text = shown.slice(row * this.#width, (row + 1) * this.#width)
      const mark = row < rows - 1 ? '\\' : ' '
      drawn.push(`${this.#terminal.to(FIRST_ROW + first + row, FIRST_COLUMN)}${text.padEnd(this.#width)}${mark}`)
    }
    this.#say(drawn.join('\n\r'))
  }

  #rowAbove(line: number): number {
    return this.#lines.slice(0, line).reduce((row, text) => row + this.#rowsOf(text), this.#top)
  }

  #rowsOf(line: string): number {
    return Math.max(1, Math.ceil(columnsOf(line) / this.#width))
  }

  #cursorRowInLine(): number {
    const columns = columnsOf(this.#current.slice(0, this.#column))
    const behindFullRow = columns > 0 && columns % this.#width === 0 && this.#column === this.#current.length
    return Math.floor(columns / this.#width) - (behindFullRow ? 1 : 0)
  }
}

function expanded(text: string): string {
  return text.replaceAll('\t', ' '.repeat(TAB))
}

function columnsOf(text: string): number {
  return expanded(text).length
}
