/** One end of a serial line: what a gateway gives to whoever it lets in. The machine is at the other end. */
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { Incoming } from '../../core/console/incoming.ts'

export class SimulatedLine implements Channel {
  readonly #type: (bytes: Uint8Array) => void
  readonly #incoming = new Incoming()

  /** `type` gets what is typed. */
  constructor(type: (bytes: Uint8Array) => void) {
    this.#type = type
  }

  get isOpen(): boolean {
    return !this.#incoming.hasEnded
  }

  /** What the machine says. */
  say(bytes: Uint8Array): void {
    this.#incoming.say(bytes)
  }

  drop(): void {
    this.#incoming.end()
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#incoming.read(signal)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (!this.isOpen) throw new RescueError('cloud', 'line-dropped', 'there is no line any more')
    this.#type(bytes)
  }

  async close(): Promise<void> {
    this.drop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop()
  }
}
