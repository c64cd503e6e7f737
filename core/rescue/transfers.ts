/** Says in the log how much of a long file has gone over the line, and how long the rest will take. */
import type { EventOf } from '../record/events.ts'
import type { Part } from '../shell/long-file.ts'
import type { Journal } from './journal.ts'

/**
 * Bytes in a second before anything has been measured: 115200 baud with eight bits of ten, and base64's four of three.
 * What is typed waits for an answer after each few lines: it takes twice as long.
 */
const NOMINAL = { 'from-machine': 8400, 'to-machine': 4200 } as const

export class Transfers {
  readonly #journal: Journal
  readonly #now: () => Date
  #beganAt = 0

  constructor(journal: Journal, now: () => Date) {
    this.#journal = journal
    this.#now = now
  }

  async onPart(way: EventOf<'transferring'>['way'], path: string, { done, all }: Part): Promise<void> {
    const now = this.#now().getTime()
    if (done === 0) this.#beganAt = now
    const pace = done === 0 ? NOMINAL[way] / 1000 : done / Math.max(1, now - this.#beganAt)
    const secondsLeft = Math.ceil((all - done) / pace / 1000)
    await this.#journal.append({ type: 'transferring', way, path, done, all, secondsLeft })
  }
}
