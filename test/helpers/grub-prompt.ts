/**
 * GRUB 2's command line, `grub>`: each character echoed, long commands broken where the row ends, backspace, and a command
 * given with Enter. What commands say is broken into rows as GRUB does it. (grub-core/normal/cmdline.c, term.c)
 */
import type { GrubTerminal } from './grub-terminal.ts'

const PROMPT = 'grub> '
const TITLE = 'GNU GRUB  version 2.06-13+deb12u2'
const HELP =
  'Minimal BASH-like line editing is supported. For the first word, TAB lists possible command completions. Anywhere else TAB lists possible device or file completions.'

export class GrubPrompt {
  readonly #terminal: () => GrubTerminal
  readonly #say: (text: string) => void
  /** Where the prompt, or the next row of output, stands. */
  #row = 0
  #typed = ''
  /** What `terminfo -g` has set. */
  #columns: number | undefined

  /** The terminal may become another one by a command. */
  constructor(terminal: () => GrubTerminal, say: (text: string) => void) {
    this.#terminal = terminal
    this.#say = say
  }

  /** `nested`: Escape leads back to where it was opened. */
  open(nested: boolean): void {
    const { showCursor, clear, columns, to } = this.#terminal()
    const title = `${to(1, Math.floor((columns - TITLE.length) / 2))}${TITLE}\n\r\n\r`
    const help = brokenRows(nested ? `${HELP} ESC at any time exits.` : HELP, columns - 10, 'at blanks')
    this.#say(`${showCursor}${clear}${title}${help.map((row) => `   ${row}\n\r`).join('')}\n\r\n\r${PROMPT}`)
    this.#row = 3 + help.length + 2
  }

  /** Returns the command when the key gives one; the cursor then stands in the row below. */
  press(key: string): string | undefined {
    if (key === '\r') return this.#give()
    if (key === '\b' && this.#typed !== '') {
      this.#typed = this.#typed.slice(0, -1)
      this.#say(`${this.#place()} ${this.#place()}`)
    } else if (key >= ' ') this.#insert(key)
    return undefined
  }

  /** Puts what a command says on the screen. `cat` breaks a row anywhere, everything else at a blank. */
  print(text: string, breaks: 'anywhere' | 'at blanks' = 'at blanks'): void {
    const width = (this.#columns ?? this.#terminal().columns) - 1
    const rows = text.split('\n').flatMap((line) => brokenRows(line, width, breaks))
    this.#say(rows.map((row) => `${row}\n\r`).join(''))
    this.#row = Math.min(this.#row + rows.length, this.#terminal().rows - 1)
  }

  clear(): void {
    this.#say(this.#terminal().clear)
    this.#row = 0
  }

  widen(columns: number): void {
    this.#columns = columns
  }

  ask(): void {
    this.#say(PROMPT)
  }

  #insert(key: string): void {
    const { columns, rows } = this.#terminal()
    this.#say(`${this.#place()}${key}`)
    const at = PROMPT.length + this.#typed.length
    this.#typed += key
    // A character in one of the last two columns ends the row: at the screen's end everything moves up.
    if (at % columns >= columns - 2) {
      this.#say('\n\r')
      if (this.#row + Math.floor(at / columns) >= rows - 1) this.#row -= 1
    }
    this.#say(this.#place())
  }

  /** Moves the cursor behind what is typed. */
  #place(): string {
    const { columns, rows, to } = this.#terminal()
    const at = PROMPT.length + this.#typed.length
    return to(Math.min(this.#row + Math.floor(at / columns), rows - 1), at % columns)
  }

  #give(): string {
    const command = this.#typed
    const { columns, rows } = this.#terminal()
    this.#row = Math.min(this.#row + Math.floor((PROMPT.length + command.length) / columns) + 1, rows - 1)
    this.#typed = ''
    this.#say('\n\r')
    return command
  }
}

/** A blank that would begin a row is left out. */
function brokenRows(line: string, width: number, breaks: 'anywhere' | 'at blanks'): string[] {
  const rows: string[] = []
  let rest = line
  while (rest.length > width) {
    const blank = breaks === 'anywhere' ? -1 : rest.lastIndexOf(' ', width)
    const end = blank > 0 ? blank : width
    rows.push(rest.slice(0, end))
    rest = rest[end] === ' ' ? rest.slice(end + 1) : rest.slice(end)
  }
  return [...rows, rest]
}
