/** A channel whose keys go through something else first: a lock, a line that loses some. What is read stays the channel's. */
import type { Channel } from '../../core/console/channel.ts'

export function typingThrough(channel: Channel, write: Channel['write']): Channel {
  return {
    read: (signal) => channel.read(signal),
    write,
    close: () => channel.close(),
    [Symbol.asyncDispose]: () => channel.close(),
  }
}
