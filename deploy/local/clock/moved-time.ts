/**
 * Time that can be moved forward: it is then as much later, and what waits for it ends as much earlier. Short waits are
 * not moved: they are a program's own (a ping, a pause between two tries), and nobody's who waits for something.
 */
import type { Clock } from '../slack/server/clock.ts'

/** The longest wait that is not moved: Slack's client gives its server so long for a ping. */
const SHORT_MS = 30_000

/** As they were before anybody put others in their place. */
const { setTimeout, clearTimeout } = globalThis
const realNow = Date.now

/** What `clearTimeout` takes. */
type TimerHandle = NodeJS.Timeout | string | number | undefined

interface Wait {
  readonly run: () => void
  readonly timer: NodeJS.Timeout
  /** On the clock of `performance.now`. */
  due: number
  /** The timer that ends it instead of its own, once time was moved. */
  early: NodeJS.Timeout | undefined
}

export class MovedTime implements Clock {
  #ahead = 0
  readonly #waits = new Map<TimerHandle, Wait>()

  /** Milliseconds by which it was moved so far. */
  get ahead(): number {
    return this.#ahead
  }

  now(): number {
    return realNow() + this.#ahead
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = this.wait(run, milliseconds)
    return () => this.callOff(timer)
  }

  /** As `setTimeout`. A long wait is begun anew with another one, not with `refresh`. */
  wait(run: () => void, milliseconds: number | undefined): NodeJS.Timeout {
    if (milliseconds === undefined || !(milliseconds > SHORT_MS)) return setTimeout(run, milliseconds)
    const timer = setTimeout(() => this.#end(timer), milliseconds)
    this.#waits.set(timer, { run, timer, due: performance.now() + milliseconds, early: undefined })
    return timer
  }

  /** As `clearTimeout`, for whatever that takes. */
  callOff(timer: TimerHandle): void {
    clearTimeout(this.#waits.get(timer)?.early)
    this.#waits.delete(timer)
    clearTimeout(timer)
  }

  /** Never back: an earlier time changes nothing. What is due then ends in its order, each in a turn of its own. */
  moveTo(ahead: number): void {
    const by = ahead - this.#ahead
    if (!(by > 0)) return
    this.#ahead = ahead
    for (const wait of [...this.#waits.values()].toSorted((one, other) => one.due - other.due)) {
      wait.due -= by
      clearTimeout(wait.early)
      wait.early = setTimeout(() => this.#end(wait.timer), Math.max(0, wait.due - performance.now()))
      if (!wait.timer.hasRef()) wait.early.unref()
    }
  }

  #end(timer: TimerHandle): void {
    const wait = this.#waits.get(timer)
    this.callOff(timer)
    wait?.run()
  }
}
