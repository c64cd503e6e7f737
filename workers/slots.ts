/**
 * Who may work now. A worker holds many rescues, most of which wait for people; the
 * few that work need a slot each. A rescue gives its slot back while it waits, and
 * when it wants one again, machines that are down come first.
 */
import { orAborted } from '../core/base/deadline.ts'

export type Urgency = 'machine-is-down' | 'machine-is-up'

interface Applicant {
  readonly urgency: Urgency
  readonly admit: () => void
}

export class Slots {
  #free: number
  readonly #waiting: Applicant[] = []

  constructor(size: number) {
    this.#free = size
  }

  /** Takes a slot if one is free. */
  tryTake(): boolean {
    if (this.#free === 0) return false
    this.#free -= 1
    return true
  }

  /** Waits for a slot: the urgent first, then by the time of asking. Throws the signal's reason. */
  async take(urgency: Urgency, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.tryTake()) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const applicant = { urgency, admit: resolve }
    this.#waiting.push(applicant)
    try {
      await orAborted(promise, signal)
    } catch (error) {
      const at = this.#waiting.indexOf(applicant)
      // Admitted and stopped in the same moment: the slot goes to the next.
      if (at < 0) this.give()
      else this.#waiting.splice(at, 1)
      throw error
    }
  }

  /** Gives a slot back. */
  give(): void {
    const urgent = this.#waiting.findIndex(({ urgency }) => urgency === 'machine-is-down')
    const [next] = this.#waiting.splice(Math.max(urgent, 0), 1)
    if (next === undefined) this.#free += 1
    else next.admit()
  }
}
