/**
 * Types lines at a shell: all at once, until the machine shows that it loses what
 * comes so quickly; from then on in small pieces.
 */
import { sleep } from '../base/deadline.ts'
import type { Console } from '../console/console.ts'

/** A UART's FIFO holds 16 bytes; with this pause between two of them they come more slowly than 9600 baud. */
const PIECE_BYTES = 16
const PAUSE_MS = 25

export class Typist {
  readonly #console: Console
  #slow = false

  constructor(console: Console) {
    this.#console = console
  }

  slowDown(): void {
    this.#slow = true
  }

  /** Each line with its end. `\n` and not `\r`, for a shell may have left its tty without ICRNL. */
  async type(lines: readonly string[], signal: AbortSignal): Promise<void> {
    const text = lines.map((line) => `${line}\n`).join('')
    if (!this.#slow) return await this.#console.type(text, signal)
    for (const piece of text.match(new RegExp(`.{1,${PIECE_BYTES}}`, 'gs')) ?? []) {
      await this.#console.type(piece, signal)
      await sleep(PAUSE_MS, signal)
    }
  }
}
