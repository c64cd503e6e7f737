/**
 * Prints a thread as it grows: new messages whole, and of one that is edited in
 * place only the lines that it never had before.
 */
import type { Message } from './slack/server/messages.ts'
import { messageText } from './thread-text.ts'

export class ThreadPrinter {
  readonly #print: (line: string) => void
  readonly #nameOf: (user: string) => string
  readonly #lines = new Map<string, ReadonlySet<string>>()

  constructor(print: (line: string) => void, nameOf: (user: string) => string) {
    this.#print = print
    this.#nameOf = nameOf
  }

  show(message: Message): void {
    const before = this.#lines.get(message.ts)
    // The small print of an edited message says when it was edited: nothing to read again and again.
    const lines = messageText(message, { smallPrint: before === undefined, nameOf: this.#nameOf })
      .split('\n')
      .map((line) => line.trimEnd())
    this.#lines.set(message.ts, new Set([...(before ?? []), ...lines]))
    const fresh = lines.filter((line) => line !== '' && before?.has(line) !== true)
    if (before === undefined) this.#print(`\n${this.#nameOf(message.user)}:`)
    for (const line of fresh) this.#print(`  ${before === undefined ? '' : '| '}${line}`)
  }
}
