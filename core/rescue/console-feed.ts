/**
 * Puts the console into the log: what scrolled away and what the screen shows,
 * masked, a few times a second and only when something changed.
 */
import { sleep } from '../base/deadline.ts'
import type { Console } from '../console/console.ts'
import type { RescueEvent, ScreenPicture } from '../record/events.ts'
import { maskRows } from './masked-rows.ts'
import { maskedWith } from './picture.ts'

/** The bot edits its message every 2.5 s at most: two frames a second are enough to choose from. */
const INTERVAL_MS = 500
/** After a silence the screen is told of sooner: time for GRUB to draw its menu to the end, 2 kB at 115200 baud. */
const FIRST_MS = 150

/** Lines that scrolled away but are still masked together with what follows: a private key is shorter than this. */
const CONTEXT_LINES = 300

interface GoneLine {
  readonly text: string
  /** The last one that was taken: its rest may still have been on the screen. */
  readonly mayGoOn: boolean
}

export class ConsoleFeed implements AsyncDisposable {
  readonly #append: (event: RescueEvent) => Promise<void>
  readonly #mask: (text: string) => string
  readonly #stopping = new AbortController()
  readonly #console: Console
  readonly #listening: Disposable
  #context: readonly GoneLine[] = []
  #unsaid: string[] = []
  #lastRows = ''
  #wake = Promise.withResolvers<void>()
  readonly #running: Promise<void>

  constructor(console: Console, append: (event: RescueEvent) => Promise<void>, maskText: (text: string) => string) {
    this.#append = append
    this.#mask = maskText
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
      let rest = Promise.resolve()
      while (!this.#stopping.signal.aborted) {
        await this.#wake.promise
        await Promise.all([rest, pause(FIRST_MS, this.#stopping.signal)])
        this.#wake = Promise.withResolvers()
        if (await this.#flush()) rest = pause(INTERVAL_MS, this.#stopping.signal)
      }
      // What came while the last event was being appended.
      await this.#flush()
    } catch {
      // Fenced off, or Redis is away: the rescue's own next append says so and ends it.
      this.#listening[Symbol.dispose]()
    }
  }

  /** Whether there was anything to tell. */
  async #flush(): Promise<boolean> {
    const rows = this.maskedScreen()
    const scrolled = this.#unsaid
    this.#unsaid = []
    if (scrolled.length === 0 && rows.join('\n') === this.#lastRows) return false
    this.#lastRows = rows.join('\n')
    await this.#append({ type: 'console', scrolled, rows })
    return true
  }

  /** The screen's lines, without the blank end; what scrolled away is kept for the next event, and tells what to hide. */
  maskedScreen(): string[] {
    const taken = this.#console.takeGone()
    const { lines, columns } = this.#console.view()
    const before = this.#context.length
    const away = [...this.#context, ...taken.map((text, index) => ({ text, mayGoOn: index === taken.length - 1 }))]
    const unmasked = [...away.map(({ text }) => text), ...lines.map(({ text }) => text)]
    const masked = maskRows(unmasked, columns, (index) => away[index]?.mayGoOn ?? false, this.#mask)
    this.#unsaid.push(...masked.slice(before, away.length))
    this.#context = away.slice(-CONTEXT_LINES)
    return withoutBlankEnd(masked.slice(away.length))
  }

  /** The screen to be drawn, with what `maskedScreen` hides hidden. */
  maskedPicture(): ScreenPicture {
    // Takes what has scrolled away meanwhile.
    this.maskedScreen()
    const away = this.#context
    return maskedWith(this.#console, (rows, columns, goesOn) => {
      const mayGoOn = (index: number) => away[index]?.mayGoOn ?? goesOn(index - away.length)
      return maskRows([...away.map(({ text }) => text), ...rows], columns, mayGoOn, this.#mask).slice(away.length)
    })
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  try {
    await sleep(milliseconds, signal)
  } catch {
    // Stopping: the last flush follows at once.
  }
}

function withoutBlankEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '')
  return lines.slice(0, last + 1)
}
