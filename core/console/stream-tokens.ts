/**
 * A terminal's stream in pieces that mean something alone: control sequences and
 * runs of text, also where the line cut a sequence in two.
 */

export type StreamToken =
  /** A control sequence, whole, e.g. `ESC[5;3H`. */
  | { readonly type: 'sequence'; readonly text: string; readonly end: number }
  | { readonly type: 'text'; readonly text: string; readonly end: number }

/** Longer than any sequence that a terminal knows; what goes on longer is noise. */
const LONGEST_SEQUENCE = 64
const TOKEN = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-Z\\-~]|[^\u001b]+|\u001b/g
const OPEN_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*|[ -/]+)?$/

/** Tells the tokens of a stream of single-byte text, each with its end, counted from the first character of the stream. */
export class StreamTokens {
  #open = ''
  #at = 0

  /** Characters of the stream so far. */
  get count(): number {
    return this.#at
  }

  /** Whether the last piece ended inside a sequence. */
  get isOpen(): boolean {
    return this.#open !== ''
  }

  /** Lets `length` characters of text pass that nobody wants to see. */
  skip(length: number): void {
    this.#at += length
  }

  read(piece: string): StreamToken[] {
    const text = this.#open + piece
    const start = this.#at - this.#open.length
    this.#at += piece.length
    const cut = OPEN_SEQUENCE.exec(text)
    const whole = cut !== null && text.length - cut.index < LONGEST_SEQUENCE ? cut.index : text.length
    this.#open = text.slice(whole)
    let end = start
    return (text.slice(0, whole).match(TOKEN) ?? []).map((token) => {
      end += token.length
      return { type: token.length > 1 && token.startsWith('\u001b') ? 'sequence' : 'text', text: token, end }
    })
  }
}
