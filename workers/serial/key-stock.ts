/**
 * Has the next console key ready: making one takes a processor half a second and
 * more, which nobody should wait for while a machine is about to go down. Each
 * key is given out once, and none ever leaves this process.
 */
import { type ConsoleKey, makeConsoleKey } from './console-key.ts'

export class KeyStock {
  #next = makeSoon()

  /** A key that nobody else has. The one after it is begun at once. */
  take(): Promise<ConsoleKey> {
    const key = this.#next
    this.#next = makeSoon()
    return key
  }
}

function makeSoon(): Promise<ConsoleKey> {
  const key = makeConsoleKey()
  // Whoever takes the key hears what went wrong.
  key.catch(() => undefined)
  return key
}
