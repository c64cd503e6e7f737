/** GRUB 2's menu as it stands on one of its terminals: frame, entries, highlight, arrows where it scrolls, countdown. */
import type { GrubTerminal } from './grub-terminal.ts'

const FIRST_ROW = 4
const HELP = [
  'Use the ^ and v keys to select which entry is highlighted.',
  "Press enter to boot the selected OS, `e' to edit the commands",
  "before booting or `c' for a command-line.",
]
const NESTED_HELP = 'ESC to return previous menu.'

export class GrubMenuScreen {
  readonly #titles: readonly string[]
  readonly #nested: boolean
  readonly #terminal: GrubTerminal
  readonly #say: (text: string) => void
  readonly #rows: number
  #selected = 0
  #first = 0

  constructor(titles: readonly string[], nested: boolean, terminal: GrubTerminal, say: (text: string) => void) {
    this.#titles = titles
    this.#nested = nested
    this.#terminal = terminal
    this.#say = say
    this.#rows = terminal.rows - (nested ? 13 : 12)
  }

  get selected(): number {
    return this.#selected
  }

  show(): void {
    const help = this.#nested ? [...HELP, NESTED_HELP] : HELP
    this.#say(`${this.#terminal.hideCursor}${grubFrame(this.#terminal, this.#rows, help)}`)
    this.#drawEntries()
    this.#say(this.park())
  }

  move(by: number): void {
    const before = this.#selected
    this.#selected = Math.max(0, Math.min(this.#titles.length - 1, before + by))
    const first = Math.max(Math.min(this.#first, this.#selected), this.#selected - this.#rows + 1)
    if (first !== this.#first) {
      this.#first = first
      this.#drawEntries()
      this.#say(this.park())
    } else if (before !== this.#selected) {
      this.#drawEntry(before - first)
      this.#drawEntry(this.#selected - first)
    }
  }

  countDown(seconds: number): void {
    const { columns, rows, to } = this.#terminal
    const text = `   The highlighted entry will be executed automatically in ${seconds}s.`
    this.#say(`${to(rows - 3, 0)}${text.padEnd(columns - 1)}${this.park()}`)
  }

  stopCountdown(): void {
    const { columns, rows, to } = this.#terminal
    const blank = ' '.repeat(columns - 1)
    this.#say(`${to(rows - 3, 0)}${blank}${to(rows - 2, 0)}${blank}${this.park()}`)
  }

  park(): string {
    return this.#terminal.to(FIRST_ROW + this.#selected - this.#first, this.#terminal.columns - 3)
  }

  #drawEntries(): void {
    const { columns, to, up, down } = this.#terminal
    this.#say(`${to(FIRST_ROW, columns - 1)}${this.#first > 0 ? up : ' '}`)
    for (let row = 0; row < this.#rows; row += 1) this.#drawEntry(row)
    const more = this.#first + this.#rows < this.#titles.length
    this.#say(`${to(FIRST_ROW + this.#rows - 1, columns - 1)}${more ? down : ' '}`)
  }

  #drawEntry(row: number): void {
    const { columns, to, highlight, normal } = this.#terminal
    const width = columns - 5
    const isSelected = this.#first + row === this.#selected
    const title = this.#titles[this.#first + row] ?? ''
    const text = `${isSelected ? '*' : ' '}${title.slice(0, width - 1)}`.padEnd(width)
    const mark = title.length > width - 1 ? '>' : ' '
    const at = to(FIRST_ROW + row, 2)
    this.#say(
      `${isSelected ? highlight : normal}${at}${text}${mark}${normal}${to(FIRST_ROW + row, columns - 3)}${normal}`,
    )
  }
}

/** The cleared screen with title, frame and help, which menu and editor have in common. */
export function grubFrame(
  { columns, clear, normal, frame, to }: GrubTerminal,
  rows: number,
  help: readonly string[],
): string {
  const rule = frame.rule.repeat(columns - 4)
  const borders = Array.from(
    { length: rows },
    (_, row) => `${to(4 + row, 1)}${frame.border}${to(4 + row, columns - 2)}${frame.border}`,
  )
  const title = `${to(1, Math.floor((columns - 33) / 2))}GNU GRUB  version 2.06-13+deb12u2\n\r\n\r`
  const words = help.map((line) => `      ${line.padEnd(68)}`).join('\n\r')
  const top = `${normal}${to(3, 1)}${frame.top[0]}${rule}${frame.top[1]}`
  const bottom = `${to(4 + rows, 1)}${frame.bottom[0]}${rule}${frame.bottom[1]}`
  return `${normal}${clear}${title}${top}${borders.join('')}${bottom}${normal}${to(6 + rows, 0)}${words}`
}
