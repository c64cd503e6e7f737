/** A channel that asks for leave before every byte. */
import { RescueError } from '../core/base/errors.ts'
import type { Channel } from '../core/console/channel.ts'
import type { OpenedChannel } from '../core/rescue/world.ts'

export class FencedChannel implements OpenedChannel {
  readonly notice: OpenedChannel['notice']
  readonly #channel: Channel
  readonly #mayAct: (signal: AbortSignal) => Promise<void>
  readonly #closing = new AbortController()

  constructor(channel: Channel, mayAct: (signal: AbortSignal) => Promise<void>, notice?: OpenedChannel['notice']) {
    this.#channel = channel
    this.#mayAct = mayAct
    this.notice = notice
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#channel.read(signal)
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#mayAct(this.#closing.signal)
    await this.#channel.write(bytes)
  }

  close(): Promise<void> {
    this.#closing.abort(new RescueError('machine', 'line-dropped', 'the serial line was closed'))
    return this.#channel.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
