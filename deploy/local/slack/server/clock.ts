/** Time as the stand-in sees it, so that a test can let three seconds or thirty minutes pass at once. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `run` once, `milliseconds` from now; returns the way to call that off. */
  after(milliseconds: number, run: () => void): () => void
}

/** One that whoever sits at the page can move. */
export interface MovableClock extends Clock {
  /** Milliseconds by which it was moved so far: it is so much later than the real time. */
  readonly ahead: number
  /** Moves it forward. Resolves with why it was stopped before the end of that, in words for people; else undefined. */
  move(milliseconds: number): Promise<string | undefined>
  /** Calls `listener` after each bit by which it was moved. */
  onMoved(listener: (clock: MovableClock) => void): void
}

export function wallClock(): Clock {
  return {
    now: () => Date.now(),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds)
      return () => clearTimeout(timer)
    },
  }
}

/** A clock that stands still until it is moved. */
export class HandClock implements Clock {
  #now: number
  #waiting: { at: number; run: () => void }[] = []

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  after(milliseconds: number, run: () => void): () => void {
    const entry = { at: this.#now + milliseconds, run }
    this.#waiting.push(entry)
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry)
    }
  }

  /** How many still wait for their time. */
  get waiting(): number {
    return this.#waiting.length
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds
    const due = this.#waiting.filter((entry) => entry.at <= this.#now)
    this.#waiting = this.#waiting.filter((entry) => entry.at > this.#now)
    for (const entry of due) entry.run()
  }
}
