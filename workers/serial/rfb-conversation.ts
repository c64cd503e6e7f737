/**
 * How we speak RFB, the protocol of VNC: as a conversation that is written down from
 * top to bottom, and does not know what carries it. It yields what it wants to say, or
 * how many bytes it wants to hear, and gets them, in whatever pieces they came.
 */

import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'

export type Turn = { readonly say: Uint8Array } | { readonly hear: number }

/** Ends with a `T`. Throws RescueError `screen-unreadable`, `screen-locked`, `screen-refused`. */
export type Conversation<T> = Generator<Turn, T, Buffer>

const NOTHING = Buffer.alloc(0)
/** What is only passed over is never held as a whole. */
const SKIP_BYTES = 64 * 1024

export function* say(bytes: Uint8Array): Conversation<void> {
  yield { say: bytes }
}

/** The next `length` bytes. */
export function* hear(length: number): Conversation<Buffer> {
  return length === 0 ? NOTHING : yield { hear: length }
}

/** Passes over the next `length` bytes. */
export function* skip(length: number): Conversation<void> {
  for (let left = length; left > 0; left -= SKIP_BYTES) yield { hear: Math.min(left, SKIP_BYTES) }
}

/** Of a server that does not speak as the protocol has it; `why` completes "Its screen server …". */
type ScreenFault = 'hung-up' | 'no-rfb' | 'long-refusal' | 'odd-message' | 'odd-pixels' | 'odd-size'

/** `said`: of the server, for the log. */
export function unreadable(why: ScreenFault, said: string): RescueError {
  return new RescueError('cloud', 'screen-unreadable', `the screen's server ${said}`, { details: { why } })
}

/** Holds a conversation over a channel. */
export async function converse<T>(channel: Channel, conversation: Conversation<T>, signal: AbortSignal): Promise<T> {
  const heard = new Heard(channel)
  let turn = conversation.next(NOTHING)
  while (!turn.done) {
    if ('hear' in turn.value) {
      turn = conversation.next(await heard.next(turn.value.hear, signal))
    } else {
      await channel.write(turn.value.say)
      turn = conversation.next(NOTHING)
    }
  }
  return turn.value
}

/** What the channel has said and nobody has asked for yet. */
class Heard {
  readonly #channel: Channel
  #pieces: Uint8Array[] = []
  #size = 0

  constructor(channel: Channel) {
    this.#channel = channel
  }

  async next(length: number, signal: AbortSignal): Promise<Buffer> {
    while (this.#size < length) {
      const bytes = await this.#channel.read(signal)
      if (bytes === undefined) throw unreadable('hung-up', 'hung up in the middle')
      this.#pieces.push(bytes)
      this.#size += bytes.length
    }
    return this.#take(length)
  }

  #take(length: number): Buffer {
    const [first] = this.#pieces
    const all = first !== undefined && first.length >= length ? first : Buffer.concat(this.#pieces)
    const isFirst = all === first
    const rest = all.subarray(length)
    this.#pieces = [...(rest.length > 0 ? [rest] : []), ...(isFirst ? this.#pieces.slice(1) : [])]
    this.#size -= length
    return Buffer.from(all.buffer, all.byteOffset, length)
  }
}
