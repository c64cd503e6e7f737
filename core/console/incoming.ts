/** Bytes that a line has said and nobody has read yet: the reading end of a channel whose line tells instead of being asked. */
import { orAborted } from '../base/deadline.ts'

export class Incoming {
  #pieces: Uint8Array[] = []
  #size = 0
  #hasEnded = false
  #news = Promise.withResolvers<void>()

  /** How many bytes wait. */
  get size(): number {
    return this.#size
  }

  /** Nothing more will come; what waits is still read. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** What the line said. The bytes are kept, not copied. After the end nobody listens any more. */
  say(bytes: Uint8Array): void {
    if (this.#hasEnded || bytes.length === 0) return
    this.#pieces.push(bytes)
    this.#size += bytes.length
    this.#tell()
  }

  end(): void {
    this.#hasEnded = true
    this.#tell()
  }

  /** As `Channel.read`: everything that waits, but at most `most` bytes. One reader at a time. */
  async read(signal: AbortSignal, most = Infinity): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted()
      const { promise } = this.#news
      if (this.#size > 0) return this.#take(most)
      if (this.#hasEnded) return undefined
      await orAborted(promise, signal)
    }
  }

  #take(most: number): Uint8Array {
    const [first] = this.#pieces
    const all = first !== undefined && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces)
    const taken = all.subarray(0, most)
    const rest = all.subarray(taken.length)
    this.#pieces = rest.length > 0 ? [rest] : []
    this.#size = rest.length
    return taken
  }

  #tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}
