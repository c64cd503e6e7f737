/** GRUB legacy's one-line editor, as stage2/char_io.c draws it: in sections of a line, redrawn as little as that does. */

const WIDTH = 78
const MARGIN = 10
const STEP = WIDTH - 1 - MARGIN

export interface LegacyLineOptions {
  readonly prompt: string
  readonly text: string
  /** The row it stands on, from 0. */
  readonly row: number
  /** What stands for each character, where they are secret. */
  readonly echo?: string
}

export class LegacyLineScreen {
  readonly #prompt: string
  readonly #row: number
  readonly #echo: string | undefined
  readonly #say: (text: string) => void
  #buffer: string
  #at: number
  #section = 0
  #x = 0

  constructor({ prompt, text, row, echo }: LegacyLineOptions, say: (text: string) => void) {
    this.#prompt = prompt
    this.#row = row
    this.#echo = echo
    this.#buffer = text
    this.#at = text.length
    this.#say = say
    this.#say('\r\n')
    this.#redraw()
  }

  get text(): string {
    return this.#buffer
  }

  press(key: string): void {
    if (key === '\u0001') this.#back(this.#at)
    else if (key === '\u0005') this.#forward(this.#buffer.length - this.#at)
    else if (key === '\u0006' && this.#at < this.#buffer.length) this.#forward(1)
    else if (key === '\u0002' && this.#at > 0) this.#back(1)
    else if (key === '\b' && this.#at > 0) {
      this.#back(1)
      this.#delete()
    } else if (key >= ' ' && key <= '~') this.#insert(key)
  }

  #back(count: number): void {
    this.#at -= count
    const fitsFirst = this.#section === 1 && this.#prompt.length + this.#at < WIDTH
    if (fitsFirst || this.#x - count < 1) this.#redraw()
    else this.#moveTo(this.#x - count)
  }

  #forward(count: number): void {
    this.#at += count
    if (this.#x + count >= WIDTH) this.#redraw()
    else this.#moveTo(this.#x + count)
  }

  #insert(text: string): void {
    this.#buffer = this.#buffer.slice(0, this.#at) + text + this.#buffer.slice(this.#at)
    this.#at += text.length
    const behind = this.#buffer.length - this.#at
    if (this.#x + text.length >= WIDTH) this.#redraw()
    else this.#drawFrom(Math.min(text.length + behind, WIDTH - this.#x))
  }

  #delete(): void {
    const behind = this.#buffer.length - this.#at
    this.#buffer = this.#buffer.slice(0, this.#at) + this.#buffer.slice(this.#at + 1)
    this.#drawFrom(Math.min(behind, WIDTH - this.#x))
  }

  #redraw(): void {
    const column = this.#at + this.#prompt.length
    this.#section = column < WIDTH ? 0 : Math.floor((column - WIDTH) / STEP) + 1
    const head = this.#section === 0 ? this.#prompt : '<'
    this.#say(`\r${head}`)
    this.#draw(this.#start(), WIDTH - head.length, head.length)
  }

  /** Only `count` columns from the cursor on. */
  #drawFrom(count: number): void {
    this.#draw(this.#start() + this.#x - this.#head(), count, this.#x)
  }

  #draw(from: number, count: number, column: number): void {
    const shown = this.#buffer.slice(from, from + count)
    this.#say((this.#echo === undefined ? shown : this.#echo.repeat(shown.length)).padEnd(count))
    if (column + count === WIDTH) this.#say(from + count < this.#buffer.length ? '>' : ' ')
    this.#moveTo(this.#at - this.#start() + this.#head())
  }

  #head(): number {
    return this.#section === 0 ? this.#prompt.length : 1
  }

  #start(): number {
    return this.#section === 0 ? 0 : (this.#section - 1) * STEP + WIDTH - this.#prompt.length - MARGIN
  }

  #moveTo(x: number): void {
    this.#x = x
    this.#say(`\u001b[${this.#row + 1};${x + 1}H`)
  }
}
