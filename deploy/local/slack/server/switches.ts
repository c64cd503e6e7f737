/** What whoever sits at the page can break and mend: one choice among several for each thing that can be broken. */

/** The first state is the one in which all is well. */
export interface Switch {
  readonly id: string
  /** What is broken or mended, e.g. `Slack`. */
  readonly name: string
  readonly states: readonly { readonly id: string; readonly words: string }[]
  current(): string
  /** Puts it into one of its states. */
  choose(state: string): void
}

export interface SwitchSight extends Omit<Switch, 'current' | 'choose'> {
  readonly current: string
}

export class Switches {
  readonly #all: Switch[] = []

  add(one: Switch): void {
    this.#all.push(one)
  }

  sight(): readonly SwitchSight[] {
    return this.#all.map(({ id, name, states, current }) => ({ id, name, states, current: current() }))
  }

  /** False when there is no such switch or state. */
  choose(id: string, state: string): boolean {
    const found = this.#all.find((one) => one.id === id && one.states.some((two) => two.id === state))
    found?.choose(state)
    return found !== undefined
  }
}
