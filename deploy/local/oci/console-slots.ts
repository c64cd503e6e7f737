/** Who sits at which instance's console: one client at a time. */

/** A taken place at a console. Each ends only once, the first way counts. */
export interface Slot {
  /** The client closed: the place is free at once. */
  release(): void
  /** The client vanished without closing: the place stays taken for a while. */
  abandon(heldMs: number): void
}

export class ConsoleSlots {
  readonly #taken = new Map<string, symbol>()

  /** A place at this instance's console, or undefined when somebody has it. */
  take(instanceId: string): Slot | undefined {
    if (this.#taken.has(instanceId)) return undefined
    const mine = Symbol(instanceId)
    this.#taken.set(instanceId, mine)
    const free = () => {
      if (this.#taken.get(instanceId) === mine) this.#taken.delete(instanceId)
    }
    let left = false
    return {
      release: () => {
        left = true
        free()
      },
      abandon: (heldMs) => {
        if (left) return
        left = true
        if (heldMs === 0) free()
        else setTimeout(free, heldMs).unref()
      },
    }
  }

  /** Frees the console whoever has it: its console connection is gone. */
  clear(instanceId: string): void {
    this.#taken.delete(instanceId)
  }
}
