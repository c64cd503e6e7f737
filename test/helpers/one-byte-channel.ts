/** Any channel, one byte at a time in both directions: what is split badly somewhere shows. */
import type { Channel } from '../../core/console/channel.ts'
import { Incoming } from '../../core/console/incoming.ts'

export class OneByteChannel implements Channel {
  readonly #channel: Channel
  readonly #waiting = new Incoming()

  constructor(channel: Channel) {
    this.#channel = channel
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    signal.throwIfAborted()
    if (this.#waiting.size === 0) {
      const bytes = await this.#channel.read(signal)
      if (bytes === undefined) return undefined
      this.#waiting.say(bytes)
    }
    return await this.#waiting.read(signal, 1)
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) await this.#channel.write(Uint8Array.of(byte))
  }

  close(): Promise<void> {
    return this.#channel.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
