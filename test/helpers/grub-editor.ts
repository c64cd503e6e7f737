/**
 * GRUB 2's entry editor as its serial terminal shows it at 80 by 24, byte for
 * byte as in the recordings: which lines a key draws again, how it scrolls, and
 * where the cursor goes. Written from what GRUB does, for tests only.
 */
const WIDTH = 75
const HEIGHT = 12
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

  constructor(lines: readonly string[], say: (text: string) => void) {
    this.#lines = [...lines, '']
    this.#say = say
  }

  /** What is booted with Ctrl-x. */
  get lines(): readonly string[] {
    return this.#lines
  }

  open(): void {
    this.#update('all', 0, true, true)
    this.#say('\u001b[?25h')
  }

  press(key: string): void {
    if (key === '\u000e') this.#moveTo(this.#line + 1)
    else if (key === '\u0010') this.#moveTo(this.#line - 1)
    else if (key === '\u0001') this.#place(0, true)
    else if (key === '\u0005') this.#place(this.#current.length, false)
    else if (key === '\u0006') this.#place(Math.min(this.#column + 1, this.#current.length), true)
    else if (key === '\u0002') this.#place(Math.max(this.#column - 1, 0), true)
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
    const rows = rowsOf(this.#current)
    this.#lines[this.#line] = this.#current.slice(0, this.#column) + key + this.#current.slice(this.#column)
    this.#column += 1
    this.#realColumn = this.#column
    const grew = rowsOf(this.#current) !== rows
    this.#update(grew ? 'all' : 'line', this.#line, false, grew)
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
    const scrolled = cursorRow < 0 || cursorRow >= HEIGHT
    if (scrolled) this.#top += cursorRow < 0 ? -cursorRow : HEIGHT - 1 - cursorRow
    const redraw = scrolled ? 'all' : wanted
    this.#say('\u001b[?25l')
    if (redraw !== 'none') this.#draw(redraw, scrolled ? 0 : regionStart, up || scrolled, down || scrolled)
    const row = this.#rowAbove(this.#line) + this.#cursorRowInLine()
    const column = columnsOf(this.#current.slice(0, this.#column)) - this.#cursorRowInLine() * WIDTH
    this.#say(`${to(FIRST_ROW + row, FIRST_COLUMN + column)}\u001b[?25h`)
  }

  #draw(redraw: Redraw, regionStart: number, up: boolean, down: boolean): void {
    let row = this.#top
    for (const [index, line] of this.#lines.entries()) {
      const drawn = index === regionStart || index === this.#line || (index > regionStart && redraw === 'all')
      if (drawn && row < HEIGHT && row + rowsOf(line) > 0) this.#drawLine(line, row)
      row += rowsOf(line)
    }
    if (redraw === 'all') for (let blank = row; blank < HEIGHT; blank += 1) this.#drawLine('', blank)
    if (up) this.#say(`${to(FIRST_ROW, 79)}${this.#top < 0 ? '^' : ' '}`)
    if (down) this.#say(`${to(FIRST_ROW + HEIGHT - 1, 79)}${row > HEIGHT ? 'v' : ' '}`)
  }

  /** Only the rows of the line that are in the box; each but the line's last ends in the mark. */
  #drawLine(line: string, first: number): void {
    const shown = expanded(line)
    const rows = rowsOf(line)
    const drawn: string[] = []
    for (let row = Math.max(0, -first); row < rows && first + row < HEIGHT; row += 1) {
      const text = shown.slice(row * WIDTH, (row + 1) * WIDTH)
      const mark = row < rows - 1 ? '\\' : ' '
      drawn.push(`${to(FIRST_ROW + first + row, FIRST_COLUMN)}${text.padEnd(WIDTH)}${mark}`)
    }
    this.#say(drawn.join('\n\r'))
  }

  #rowAbove(line: number): number {
    return this.#lines.slice(0, line).reduce((row, text) => row + rowsOf(text), this.#top)
  }

  #cursorRowInLine(): number {
    const columns = columnsOf(this.#current.slice(0, this.#column))
    const behindFullRow = columns > 0 && columns % WIDTH === 0 && this.#column === this.#current.length
    return Math.floor(columns / WIDTH) - (behindFullRow ? 1 : 0)
  }
}

export function to(row: number, column: number): string {
  return `\u001b[${row + 1};${column + 1}H`
}

function expanded(text: string): string {
  return text.replaceAll('\t', ' '.repeat(TAB))
}

function columnsOf(text: string): number {
  return expanded(text).length
}

function rowsOf(line: string): number {
  return Math.max(1, Math.ceil(columnsOf(line) / WIDTH))
}
