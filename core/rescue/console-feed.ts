/**
 * Puts the console into the log: what scrolled away and what the screen shows,
 * masked, a few times a second and only when something changed.
 */
import { sleep } from '../base/deadline.ts'
import type { Console } from '../console/console.ts'
import type { RescueEvent } from '../record/events.ts'
import { maskRows } from './masked-rows.ts'

/** The bot edits its message every 2.5 s at most; half a second keeps the first flush well under its 1.5 s. */
const INTERVAL_MS = 500

/** Lines that scrolled away but are still masked together with what follows: a private key is shorter than this. */
const CONTEXT_LINES = 300

interface GoneLine {
  readonly text: string
  /** The last one that was taken: its rest may still have been on the screen. */
  readonly mayGoOn: boolean
}

export class ConsoleFeed implements AsyncDisposable {
  readonly #append: (event: RescueEvent) => Promise<void>
  readonly #stopping = new AbortController()
  readonly #console: Console
  readonly #listening: Disposable
  #context: readonly GoneLine[] = []
  #unsaid: string[] = []
  #lastRows = ''
  #wake = Promise.withResolvers<void>()
  readonly #running: Promise<void>

  constructor(console: Console, append: (event: RescueEvent) => Promise<void>) {
    this.#append = append
    this.#console = console
    this.#listening = console.onOutput(() => this.#wake.resolve())
    this.#running = this.#run()
  }

  /** Writes what is still unsaid and ends. Does not throw: a log that refuses is met by whoever writes next. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listening[Symbol.dispose]()
    this.#stopping.abort()
    this.#wake.resolve()
    await this.#running
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopping.signal.aborted) {
        await this.#wake.promise
        await pause(this.#stopping.signal)
        this.#wake = Promise.withResolvers()
        await this.#flush()
      }
      // What came while the last event was being appended.
      await this.#flush()
    } catch {
      // Fenced off, or Redis is away: the rescue's own next append says so and ends it.
      this.#listening[Symbol.dispose]()
    }
  }

  async #flush(): Promise<void> {
    const rows = this.maskedScreen()
    const scrolled = this.#unsaid
    this.#unsaid = []
    if (scrolled.length === 0 && rows.join('\n') === this.#lastRows) return
    this.#lastRows = rows.join('\n')
    await this.#append({ type: 'console', scrolled, rows })
  }

  /** The screen's lines, without the blank end; what scrolled away is kept for the next event, and tells what to hide. */
  maskedScreen(): string[] {
    const taken = this.#console.takeGone()
    const { lines, columns } = this.#console.view()
    const before = this.#context.length
    const away = [...this.#context, ...taken.map((text, index) => ({ text, mayGoOn: index === taken.length - 1 }))]
    const unmasked = [...away.map(({ text }) => text), ...lines.map(({ text }) => text)]
    const masked = maskRows(unmasked, columns, (index) => away[index]?.mayGoOn ?? false)
    this.#unsaid.push(...masked.slice(before, away.length))
    this.#context = away.slice(-CONTEXT_LINES)
    return withoutBlankEnd(masked.slice(away.length))
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  try {
    await sleep(INTERVAL_MS, signal)
  } catch {
    // Stopping: the last flush follows at once.
  }
}

function withoutBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(0, last + 1)
}
