/** A channel that remembers when what was said on it, in both directions. */
import type { Channel } from '../../core/console/channel.ts'

const SEQUENCES = /\u001b\[[0-?]*[ -/]*[@-~]/g

interface Piece {
  readonly at: number
  readonly text: string
}

export class TimedChannel implements Channel {
  readonly #channel: Channel
  readonly #heard: Piece[] = []
  readonly #typed: Piece[] = []

  constructor(channel: Channel) {
    this.#channel = channel
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    const bytes = await this.#channel.read(signal)
    if (bytes !== undefined) this.#heard.push(piece(bytes))
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#typed.push(piece(bytes))
    await this.#channel.write(bytes)
  }

  close(): Promise<void> {
    return this.#channel.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * When the piece was read that completed the first text that matches, as `performance.now()` says it. Control
   * sequences do not count: a BIOS moves the cursor in the middle of words.
   */
  heardAt(pattern: RegExp): number | undefined {
    let text = ''
    for (const one of this.#heard) {
      text += one.text
      if (pattern.test(text.replaceAll(SEQUENCES, ''))) return one.at
    }
    return undefined
  }

  /** When the key was first handed to the line. */
  typedAt(key: string): number | undefined {
    return this.#typed.find(({ text }) => text.includes(key))?.at
  }
}

function piece(bytes: Uint8Array): Piece {
  return { at: performance.now(), text: Buffer.from(bytes).toString('latin1') }
}
