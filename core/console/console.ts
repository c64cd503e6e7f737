/**
 * The console: owns the line, keeps the screen up to date in the background and
 * lets one driver at a time type and wait. Waits look again after every piece that
 * arrives, so that a rescue is as fast as the machine; only of a log that does not
 * pause several pieces together, so that a worker can watch many machines.
 */
import { TimeLimit, within } from '../base/deadline.ts'
import { RescueError, toRescueError } from '../base/errors.ts'
import type { Channel } from './channel.ts'
import { Gathering } from './gathering.ts'
import { type Typed, toBytes } from './keys.ts'
import { type Awaited, NothingAppeared } from './nothing-appeared.ts'
import type { ScreenPicture } from './picture.ts'
import { Screen } from './screen.ts'
import type { ScreenView } from './screen-view.ts'
import { Transcript } from './transcript.ts'

/** Gets what the line said, for the recording and the live tail. What it throws is dropped: it cannot hurt the rescue. */
export type OutputObserver = (bytes: Uint8Array) => void

export interface UntilOptions {
  /** The line must also have been silent, both ways, for so long: for screens that show no sign of being complete. */
  readonly quietMs?: number
}

export class Console implements AsyncDisposable {
  #channel: Channel
  readonly #screen: Screen
  /** Not on the screen yet. */
  readonly #gathering = new Gathering(() => this.#look())
  readonly #observers = new Set<OutputObserver>()
  readonly #closing = new AbortController()
  #pumping: Promise<void>
  /** Undefined while nobody has looked since the last piece: a log that nobody reads costs nothing. */
  #view: ScreenView | undefined
  #ended: RescueError | undefined
  #wait: (() => void) | undefined

  constructor(channel: Channel, screen = new Screen()) {
    this.#channel = channel
    this.#screen = screen
    this.#pumping = this.#pump()
  }

  /** What stands on the screen now. */
  view(): ScreenView {
    this.#draw()
    this.#view ??= this.#screen.view()
    return this.#view
  }

  /** Whether the line has dropped, or was closed: nothing more will come. */
  get ended(): boolean {
    return this.#ended !== undefined
  }

  /** The screen now, to be drawn. */
  picture(): ScreenPicture {
    this.#draw()
    return this.#screen.picture()
  }

  /** The lines that left the screen since the last call, oldest first: one taker only. */
  takeGone(): readonly string[] {
    this.#draw()
    return this.#screen.takeGone()
  }

  /**
   * Forgets what stands on the screen, before the machine is reset: a login prompt
   * from before must not be taken for one that came afterwards.
   */
  async forget(): Promise<void> {
    this.#draw()
    this.#screen.forget()
    this.#view = undefined
  }

  /**
   * Goes on over the line that `open` gives, after the one before has dropped. What stands on the screen goes to what
   * scrolled away: nothing of it is believed any more. Throws what `open` throws; the console stays ended then.
   */
  async reattach(open: () => Promise<Channel>): Promise<void> {
    await this.#channel.close()
    await this.#pumping
    const channel = await open()
    if (this.#closing.signal.aborted) {
      await channel.close()
      throw toRescueError(this.#closing.signal.reason)
    }
    await this.forget()
    this.#channel = channel
    this.#ended = undefined
    this.#pumping = this.#pump()
  }

  onOutput(observer: OutputObserver): Disposable {
    this.#observers.add(observer)
    return { [Symbol.dispose]: () => void this.#observers.delete(observer) }
  }

  /** Text of what the line says from now on, until it is disposed. */
  listen(): Transcript & Disposable {
    const transcript = new Transcript()
    const listening = this.onOutput((bytes) => transcript.add(bytes))
    return Object.assign(transcript, { [Symbol.dispose]: () => listening[Symbol.dispose]() })
  }

  /** Sends keys. Throws `line-dropped`, `splittable-keys`, or `console-in-use` while somebody else waits for an answer. */
  async type(typed: Typed, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    this.#demandFree()
    if (this.#ended !== undefined) throw this.#ended
    this.#gathering.expectAnswer()
    await this.#channel.write(toBytes(typed))
  }

  /**
   * Resolves with the first thing `look` finds: now, or after any piece that arrives.
   * What `look` throws ends the wait. Throws `NothingAppeared` after `limitMs`, `line-dropped` when the line ends.
   */
  async until<T>(
    what: Awaited,
    look: (view: ScreenView) => T | undefined,
    limitMs: number,
    signal: AbortSignal,
    { quietMs = 0 }: UntilOptions = {},
  ): Promise<T> {
    signal.throwIfAborted()
    this.#demandFree()
    using limit = within(signal, limitMs)
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    let quiet: NodeJS.Timeout | undefined
    // What has come since will be looked at, too.
    const resolveIfSilent = (found: T) => void (this.#gathering.hasUnseen || resolve(found))
    const lookAgain = () => {
      clearTimeout(quiet)
      try {
        const found = look(this.view())
        if (found !== undefined && quietMs === 0) resolve(found)
        else if (found !== undefined) quiet = setTimeout(resolveIfSilent, quietMs, found)
        else if (this.#ended !== undefined) reject(this.#ended)
      } catch (thrown) {
        reject(thrown)
      }
    }
    const stop = () => reject(this.#reasonToStop(limit.signal.reason, what, signal))
    limit.signal.addEventListener('abort', stop, { once: true })
    this.#wait = lookAgain
    try {
      this.#look()
      return await promise
    } finally {
      this.#wait = undefined
      clearTimeout(quiet)
      limit.signal.removeEventListener('abort', stop)
    }
  }

  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return await this.#pumping
    this.#closing.abort(new RescueError('us', 'console-closed', 'the console was closed'))
    await this.#channel.close()
    await this.#pumping
    this.#view = this.view()
    this.#screen[Symbol.dispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** One driver at a time: two that type and wait at once would read each other's answers. */
  #demandFree(): void {
    if (this.#wait !== undefined)
      throw new RescueError('us', 'console-in-use', 'somebody else is waiting for an answer on this console')
  }

  #reasonToStop(reason: unknown, what: Awaited, outer: AbortSignal): unknown {
    const late = reason instanceof TimeLimit && !outer.aborted
    return late ? new NothingAppeared(what, reason.milliseconds, this.view().text) : reason
  }

  async #pump(): Promise<void> {
    try {
      for (;;) {
        const bytes = await this.#channel.read(this.#closing.signal)
        if (bytes === undefined) break
        this.#tell(bytes)
        // It is not shown again, and what is kept for long is what collecting garbage costs.
        this.#view = undefined
        if (!this.#gathering.add(bytes)) continue
        this.#draw()
        this.#look()
      }
      this.#ended = lineDropped(this.view(), undefined)
    } catch (thrown) {
      const closed = this.#closing.signal.aborted
      this.#ended = closed ? toRescueError(this.#closing.signal.reason) : lineDropped(this.view(), thrown)
    }
    this.#look()
  }

  #draw(): void {
    const bytes = this.#gathering.take()
    if (bytes !== undefined) this.#screen.feed(bytes)
  }

  #look(): void {
    this.#gathering.seen()
    this.#wait?.()
  }

  #tell(bytes: Uint8Array): void {
    for (const observer of this.#observers) {
      try {
        observer(bytes)
      } catch {
        // An observer that fails once is not asked again; the rescue goes on without it.
        this.#observers.delete(observer)
      }
    }
  }
}

function lineDropped(view: ScreenView, cause: unknown): RescueError {
  const message = `the line dropped\n--- screen ---\n${view.text}`
  return new RescueError('cloud', 'line-dropped', message, cause === undefined ? {} : { cause })
}
