/**
 * Gathers what comes piece by piece, until it is time to look at it. To draw a
 * piece and to look at the screen costs about as much for ten bytes as for a
 * thousand, and in the middle of a log there is nothing to react to. So the
 * beginning of what the line says, and of its answer to a key, is looked at piece
 * by piece; if it goes on without a pause, what follows is gathered. A screen that is
 * drawn ends with the cursor being put in its place, and no log does: that is looked
 * at as soon as it comes.
 */

/** Whoever asks and waits for an answer is silent for longer; a gateway's packets follow each other more closely. */
const PAUSE_MS = 25
/** GRUB redraws the line that is edited with less, unless it is very long. */
const BEGINNING_BYTES = 1024
/** A line that never pauses is looked at five times a second. */
const LONGEST_MS = 200
/** A screen of a log: next to nothing scrolls away that nobody has seen. */
const MOST_BYTES = 2048
/** `CSI row ; column H`, the cursor's place (ECMA-48, CUP), and as many bytes as it takes at most. */
const CURSOR_PUT = /\u001b\[\d*;?\d*H$/
const CURSOR_PUT_BYTES = 10
const H = 0x48

export class Gathering {
  readonly #whenDue: () => void
  #pieces: Uint8Array[] = []
  /** So much of what comes next is looked at piece by piece. */
  #beginning = BEGINNING_BYTES
  #unseen = 0
  #pause: NodeJS.Timeout | undefined
  #longest: NodeJS.Timeout | undefined

  /** `whenDue` is called when it is time to look at what was gathered. */
  constructor(whenDue: () => void) {
    this.#whenDue = whenDue
  }

  /** Whether something came since it was last looked at. */
  get hasUnseen(): boolean {
    return this.#unseen > 0
  }

  /** A key is sent: what comes next may be the answer. */
  expectAnswer(): void {
    this.#beginning = BEGINNING_BYTES
  }

  /** Keeps the bytes, without a copy. True when it is to be looked at now. */
  add(bytes: Uint8Array): boolean {
    this.#pieces.push(bytes)
    this.#unseen += bytes.length
    this.#pause = this.#pause?.refresh() ?? setTimeout(() => this.#pauses(), PAUSE_MS)
    const begins = this.#beginning > 0
    this.#beginning -= bytes.length
    if (begins || this.#unseen >= MOST_BYTES || this.#endsWithCursorPut()) return true
    this.#longest ??= setTimeout(this.#whenDue, LONGEST_MS)
    return false
  }

  /** What was gathered since the last call, to be drawn; undefined when there is nothing. */
  take(): Uint8Array | undefined {
    const pieces = this.#pieces
    if (pieces.length <= 1) return pieces.pop()
    this.#pieces = []
    return Buffer.concat(pieces)
  }

  /** All of it is being looked at. */
  seen(): void {
    clearTimeout(this.#longest)
    this.#longest = undefined
    this.#unseen = 0
  }

  #endsWithCursorPut(): boolean {
    if (this.#pieces.at(-1)?.at(-1) !== H) return false
    const end = this.#pieces.slice(-CURSOR_PUT_BYTES).map((piece) => piece.subarray(-CURSOR_PUT_BYTES))
    return CURSOR_PUT.test(Buffer.concat(end).toString('latin1'))
  }

  #pauses(): void {
    this.#pause = undefined
    this.#beginning = BEGINNING_BYTES
    if (this.hasUnseen) this.#whenDue()
  }
}
