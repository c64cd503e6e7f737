/** GRUB 2's command line, `grub>`: each character echoed, backspace, and a command given with Enter. */
import type { GrubTerminal } from './grub-terminal.ts'

const PROMPT = 'grub> '

export class GrubPrompt {
  readonly #terminal: () => GrubTerminal
  readonly #say: (text: string) => void
  #row = 8
  #typed = ''

  /** The terminal may become another one by a command. */
  constructor(terminal: () => GrubTerminal, say: (text: string) => void) {
    this.#terminal = terminal
    this.#say = say
  }

  open(): void {
    const { showCursor, clear, to } = this.#terminal()
    const help = 'Minimal BASH-like line editing is supported. ESC at any time exits.'
    this.#say(
      `${showCursor}${clear}${to(1, 23)}GNU GRUB  version 2.06-13+deb12u2${to(3, 3)}${help}${to(this.#row, 0)}${PROMPT}`,
    )
  }

  /** Returns the command when the key gives one. */
  press(key: string): string | undefined {
    const { to } = this.#terminal()
    const column = PROMPT.length + this.#typed.length
    if (key === '\r') return this.#give()
    if (key === '\b' && this.#typed !== '') {
      this.#typed = this.#typed.slice(0, -1)
      this.#say(`${to(this.#row, column - 1)} ${to(this.#row, column - 1)}`)
    } else if (key >= ' ') {
      this.#typed += key
      this.#say(`${to(this.#row, column)}${key}${to(this.#row, column + 1)}`)
    }
    return undefined
  }

  /** What a command says, and the next prompt. */
  answer(text: string): void {
    const lines = text === '' ? [] : text.split('\n')
    this.#row += 1 + lines.length
    this.#say(`\n\r${lines.map((line) => `${line}\n\r`).join('')}${PROMPT}`)
  }

  #give(): string {
    const command = this.#typed
    this.#typed = ''
    return command
  }
}
