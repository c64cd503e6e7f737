/** What happens in the workspace, told to whoever listens: the page, a person who waits, a benchmark. */
import type { Message } from './messages.ts'
import type { OpenView } from './views.ts'

/** Something Slack itself tells one person, such as that an app did not answer in time. */
export interface Notice {
  readonly id: string
  readonly ts: string
  readonly channel: string
  readonly threadTs?: string | undefined
  /** Slack's word for it, e.g. `operation_timeout`, `dispatch_failed`, `not_in_thread`. */
  readonly error: string
  readonly text: string
}

export type Change =
  | { kind: 'posted' | 'updated'; at: number; channel: string; message: Message }
  | { kind: 'deleted'; at: number; channel: string; ts: string }
  | { kind: 'ephemeral'; at: number; user: string; channel: string; message: Message }
  | { kind: 'ephemeral-removed'; at: number; user: string; channel: string; ts: string }
  | { kind: 'views'; at: number; user: string; views: readonly OpenView[] }
  | { kind: 'notice'; at: number; user: string; notice: Notice }
  /** For everybody: time is so many milliseconds ahead now. */
  | { kind: 'clock'; at: number; ahead: number }

/** A change before the time was put on it. */
export type News = Change extends infer One ? (One extends Change ? Omit<One, 'at'> : never) : never

export type Listener = (change: Change) => void

export class Changes {
  readonly #listeners = new Set<Listener>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Calls `listener` with each change from now on; returns the way to stop that. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(news: News): void {
    const change: Change = { ...news, at: this.#now() }
    for (const listener of [...this.#listeners]) listener(change)
  }
}
