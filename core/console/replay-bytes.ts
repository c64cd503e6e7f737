/** The bytes since the screen was last cleared, as far as memory allows: enough to draw it again on another terminal. */

/** A full redraw of the largest screen has 12 kB; a long session in a firmware's editor some 100 kB. */
export const MOST_BYTES = 256 * 1024
const FIRST_SIZE = 4096

export class ReplayBytes {
  #buffer: Uint8Array = new Uint8Array(FIRST_SIZE)
  #length = 0
  /** Which byte of the stream the first one kept is. */
  #start = 0

  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** Keeps `bytes`, and lets go the oldest where that makes more than `most`. */
  add(bytes: Uint8Array, most = MOST_BYTES): void {
    const added = bytes.subarray(Math.max(0, bytes.length - most))
    // Half of it at once, so that not every byte of a long log moves all the others.
    if (this.#length + added.length > most) this.#dropFirst(Math.max(this.#length - most / 2, 0))
    if (this.#length + added.length > most) this.#dropFirst(this.#length)
    this.#makeRoom(this.#length + added.length)
    this.#start += bytes.length - added.length
    this.#buffer.set(added, this.#length)
    this.#length += added.length
  }

  /** Lets go what came before the byte `position` of the stream. */
  dropBefore(position: number): void {
    if (position > this.#start) this.#dropFirst(Math.min(position - this.#start, this.#length))
  }

  #dropFirst(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length)
    this.#length -= count
    this.#start += count
  }

  #makeRoom(length: number): void {
    if (length <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(length, Math.min(MOST_BYTES, this.#buffer.length * 2)))
    larger.set(this.bytes)
    this.#buffer = larger
  }
}
