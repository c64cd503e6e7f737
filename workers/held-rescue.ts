/** One rescue in this worker's hands: its slot, given back while people are asked, and whether its machine is down. */
import type { Fence, World } from '../core/rescue/world.ts'
import type { Slots, Urgency } from './slots.ts'

export class HeldRescue {
  readonly #slots: Slots
  readonly #signal: AbortSignal
  #hasSlot = true
  #urgency: Urgency

  /** It has a slot already. When `signal` ends, it does not wait for slots any more: what is left to do is urgent. */
  constructor(slots: Slots, urgency: Urgency, signal: AbortSignal) {
    this.#slots = slots
    this.#urgency = urgency
    this.#signal = signal
  }

  /** See `RescueContext.whileWaiting`. */
  async whileWaiting<T>(wait: () => Promise<T>): Promise<T> {
    this.release()
    try {
      return await wait()
    } finally {
      await this.#resume()
    }
  }

  /** Gives the slot back, if there is one. */
  release(): void {
    if (this.#hasSlot) this.#slots.give()
    this.#hasSlot = false
  }

  /** `worldFor` with an eye on the power: from the first action on the machine counts as down. */
  watching(worldFor: (fence: Fence) => World): (fence: Fence) => World {
    return (fence) => {
      const world = worldFor(fence)
      const goesDown = () => {
        this.#urgency = 'machine-is-down'
      }
      return {
        ...world,
        reset: (instance, signal) => {
          goesDown()
          return world.reset(instance, signal)
        },
        power: (instance, action, signal) => {
          goesDown()
          return world.power(instance, action, signal)
        },
      }
    }
  }

  async #resume(): Promise<void> {
    try {
      await this.#slots.take(this.#urgency, this.#signal)
      this.#hasSlot = true
    } catch (reason) {
      if (!this.#signal.aborted) throw reason
    }
  }
}
