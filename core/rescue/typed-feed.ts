/**
 * Puts into the log what was typed, for the recording: masked as all console text, without
 * the contents of files that go over the line, and without anything typed at a question
 * for a password.
 */
import { sleep } from '../base/deadline.ts'
import type { Channel } from '../console/channel.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { isOneOf } from '../machine/watch.ts'
import type { RescueEvent } from '../record/events.ts'
import { MASK } from '../record/masking.ts'

/** Keys that come within this time are one entry: a secret is recognised in whole text only. */
const TOGETHER_MS = 250
/** No word of a command is as long; what is, is a file on its way to the machine. */
const CONTENTS = /[^\s'"]{120,}/g

export interface TypedFeedParts {
  readonly append: (event: RescueEvent) => Promise<void>
  /** As the log's console text is masked. */
  readonly mask: (text: string) => string
  readonly now: () => Date
}

export class TypedFeed implements AsyncDisposable {
  readonly #parts: TypedFeedParts
  readonly #stopping = new AbortController()
  #typed = ''
  #since: Date | undefined
  #flushing: Promise<void> = Promise.resolve()

  constructor(parts: TypedFeedParts) {
    this.#parts = parts
  }

  /** The channel, whose writes are recorded from now on. `view` is the screen that they are typed to. */
  tap(channel: Channel, view: () => ScreenView): Channel {
    const write = async (bytes: Uint8Array) => {
      const screen = view()
      await channel.write(bytes)
      this.#add(bytes, screen)
    }
    return {
      read: (signal) => channel.read(signal),
      write,
      close: () => channel.close(),
      [Symbol.asyncDispose]: () => channel.close(),
    }
  }

  /** Writes what is still unsaid and ends. Does not throw: a log that refuses is met by whoever writes next. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await this.#flushing
    await this.#flush()
  }

  #add(bytes: Uint8Array, screen: ScreenView): void {
    const isSecret = asksForSecret(screen)
    const keys = isSecret ? MASK : Buffer.from(bytes).toString('utf8')
    if (!(isSecret && this.#typed.endsWith(MASK))) this.#typed += keys
    if (this.#since !== undefined) return
    this.#since = this.#parts.now()
    this.#flushing = this.#flushSoon()
  }

  async #flushSoon(): Promise<void> {
    await sleep(TOGETHER_MS, this.#stopping.signal).catch(() => undefined)
    await this.#flush()
  }

  async #flush(): Promise<void> {
    const at = this.#since
    if (at === undefined) return
    const whole = this.#typed.replaceAll(CONTENTS, ({ length }) => `…(${length} characters)…`)
    this.#typed = ''
    this.#since = undefined
    // Fenced off, or Redis is away: the rescue's own next append says so and ends it.
    await this.#parts
      .append({ type: 'typed', at: at.toISOString(), keys: this.#parts.mask(whole) })
      .catch(() => undefined)
  }
}

/** Also where nobody knows what asks: its last line speaks of a password and waits behind it. */
const QUESTION = /pass(?:word|phrase|code)\b[^:]*:[\s*•]*$/i

function asksForSecret(screen: ScreenView): boolean {
  const sighting = recognise(screen)
  if (isOneOf(sighting, ['grub-password', 'grub-legacy-password', 'password-prompt'])) return true
  if (isOneOf(sighting, ['emergency']) && sighting.state.asks === 'password') return true
  return QUESTION.test(screen.beforeCursor)
}
