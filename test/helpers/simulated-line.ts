/** One end of a serial line: what a gateway gives to whoever it lets in. The machine is at the other end. */
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'

export class SimulatedLine implements Channel {
  readonly #type: (bytes: Uint8Array) => void
  #heard: Buffer = Buffer.alloc(0)
  #open = true
  #wake = () => {}

  /** `type` gets what is typed. */
  constructor(type: (bytes: Uint8Array) => void) {
    this.#type = type
  }

  get isOpen(): boolean {
    return this.#open
  }

  /** What the machine says. */
  say(bytes: Uint8Array): void {
    if (!this.#open) return
    this.#heard = Buffer.concat([this.#heard, bytes])
    this.#wake()
  }

  drop(): void {
    this.#open = false
    this.#wake()
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#heard.length === 0) {
      signal.throwIfAborted()
      if (!this.#open) return undefined
      await this.#somethingHappens(signal)
    }
    const bytes = this.#heard
    this.#heard = Buffer.alloc(0)
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.#open) throw new RescueError('cloud', 'line-dropped', 'there is no line any more')
    this.#type(bytes)
  }

  async close(): Promise<void> {
    this.drop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop()
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
