/** A rig's serial line as a channel: what a driver reads and types on. */
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import type { SerialLine } from '../../deploy/local/machines/machine.ts'

/** Hears what the line says from now on. */
export class RigChannel implements Channel {
  readonly #line: SerialLine
  readonly #stopListening: () => void
  #heard: Uint8Array[] = []
  #closed = false
  #wake = () => {}

  constructor(line: SerialLine) {
    this.#line = line
    this.#stopListening = line.listen((bytes) => {
      this.#heard.push(bytes)
      this.#wake()
    })
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#heard.length === 0) {
      signal.throwIfAborted()
      if (this.#closed) return undefined
      await this.#somethingHappens(signal)
    }
    const bytes = Buffer.concat(this.#heard)
    this.#heard = []
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#closed) throw new RescueError('cloud', 'line-dropped', 'the channel was closed')
    this.#line.write(bytes)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#stopListening()
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #somethingHappens(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const stop = () => reject(signal.reason)
    this.#wake = resolve
    signal.addEventListener('abort', stop, { once: true })
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
