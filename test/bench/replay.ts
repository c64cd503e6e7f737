/**
 * A machine that says a recording at the speed of a serial line, over and over, and
 * stands still at its boot menu until a key comes, as a boot loader does.
 */
import type { Duplex } from 'node:stream'

/** 115200 baud, ten bits on the wire for each byte. */
export const BYTES_PER_MS = 11.52

/** What is said, and how much of it when the menu has been drawn. */
export interface Film {
  readonly bytes: Uint8Array
  readonly menuEnd: number
}

/** The menu ends with the countdown and the cursor move behind it. */
export function filmOf(bytes: Uint8Array): Film {
  const end = /automatically in \d+s\. *\u001b\[\d+;\d+H/.exec(Buffer.from(bytes).toString('latin1'))
  if (end === null) throw new Error('this recording shows no menu with a countdown')
  return { bytes, menuEnd: end.index + end[0].length }
}

export class Replay {
  readonly #film: Film
  readonly #line: Duplex
  #at: number
  #last: number
  #menuAt: number | undefined
  #reactions: number[] = []
  #said = 0

  /**
   * `startAt` is a share of what follows the menu: two hundred machines do not boot in step, and half a menu is one that
   * nobody can recognise.
   */
  constructor(film: Film, line: Duplex, startAt: number) {
    this.#film = film
    this.#line = line
    this.#at = Math.floor(film.menuEnd + (film.bytes.length - film.menuEnd) * startAt)
    this.#last = performance.now()
    line.on('data', () => this.#hearKey())
    line.on('error', () => line.destroy())
  }

  /** Says what is due by now. */
  tick(): void {
    const now = performance.now()
    const due = Math.floor((now - this.#last) * BYTES_PER_MS)
    this.#last += due / BYTES_PER_MS
    if (this.#menuAt === undefined && due > 0) this.#say(due)
  }

  /** From the last byte of a menu to the first key, in ms; those since the last call. */
  takeReactions(): readonly number[] {
    const taken = this.#reactions
    this.#reactions = []
    return taken
  }

  /** The bytes that the line took since the last call: a reader that falls behind takes fewer than are due. */
  takeSaid(): number {
    const taken = this.#said - this.#line.writableLength
    this.#said = this.#line.writableLength
    return taken
  }

  #say(due: number): void {
    const { bytes, menuEnd } = this.#film
    const end = this.#at < menuEnd ? menuEnd : bytes.length
    const piece = bytes.subarray(this.#at, Math.min(end, this.#at + due))
    this.#line.write(piece)
    this.#at += piece.length
    this.#said += piece.length
    if (this.#at === menuEnd) this.#menuAt = performance.now()
    if (this.#at === bytes.length) this.#at = 0
  }

  #hearKey(): void {
    if (this.#menuAt === undefined) return
    this.#reactions.push(performance.now() - this.#menuAt)
    this.#menuAt = undefined
    this.#last = performance.now()
  }
}
