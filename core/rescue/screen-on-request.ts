/**
 * Shows the screen to whoever asks, for as long as a console is open and whatever else waits meanwhile. It only looks:
 * nothing is typed, and nobody who types is kept waiting.
 */
import type { EventOf } from '../record/events.ts'
import type { RescueState } from '../record/state.ts'
import type { Journal } from './journal.ts'

/** What the screen shows at that moment. */
export type Look = (why: 'asked' | 'failed') => EventOf<'saw'>

export class ScreenOnRequest implements AsyncDisposable {
  readonly #journal: Journal
  readonly #look: Look
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>

  constructor(journal: Journal, look: Look) {
    this.#journal = journal
    this.#look = look
    this.#running = this.#run()
  }

  /** Answers who has asked until now, and ends. Does not throw. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.#answer().catch(() => undefined)
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        await this.#journal.until(waiting, this.#stopping.signal)
        await this.#answer()
      }
    } catch {
      // Told to end; or fenced off, or Redis is away: the rescue's own next append says so and ends it.
    }
  }

  /** One picture for all who wait. */
  async #answer(): Promise<void> {
    await this.#journal.record((state) => (waiting(state) ? this.#look('asked') : undefined))
  }
}

function waiting({ screenAsk }: RescueState): true | undefined {
  return screenAsk === undefined || screenAsk.isAnswered ? undefined : true
}
