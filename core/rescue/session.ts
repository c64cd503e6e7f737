/**
 * The open console of one rescue: the console connection (a debt until it is
 * deleted), the line through the gateway, the screen, its feed into the log, and
 * pictures of it.
 */
import { describeError, RescueError, toRescueError } from '../base/errors.ts'
import { Console } from '../console/console.ts'
import { recognise } from '../machine/recognise.ts'
import type { EventOf, Instance, RescueEvent } from '../record/events.ts'
import { ConsoleFeed } from './console-feed.ts'
import type { Journal } from './journal.ts'
import { openLineAgain, type Timing } from './open-line.ts'
import { ScreenOnRequest } from './screen-on-request.ts'
import { TypedFeed } from './typed-feed.ts'
import type { ConsoleConnection, OpenedChannel, World } from './world.ts'

interface OpenConsole {
  readonly console: Console
  readonly feed: ConsoleFeed
  readonly typed: TypedFeed
  readonly onRequest: ScreenOnRequest
  readonly instance: Instance
  readonly connection: ConsoleConnection
}

/** The console connection has gone, or was never ours: a new one is needed. */
const GONE = ['console-refused', 'key-lost']

export class Session implements AsyncDisposable {
  readonly #world: World
  readonly #journal: Journal
  readonly #timing: Timing
  #open: OpenConsole | undefined

  constructor(world: World, journal: Journal, timing: Timing) {
    this.#world = world
    this.#journal = journal
    this.#timing = timing
  }

  /** The console, while its line has not been closed by us. */
  get console(): Console | undefined {
    return this.#open?.console
  }

  /** Writes the debt and makes a console connection. An open line is closed first. */
  async connect(instance: Instance, signal: AbortSignal): Promise<ConsoleConnection> {
    await this.#hangUp()
    await this.#journal.append({ type: 'owes', debt: { kind: 'console-connection', instance } })
    return await this.#world.createConsoleConnection(instance, this.#journal.rescue, signal)
  }

  /** As `connect`, and opens the line. */
  async open(instance: Instance, signal: AbortSignal): Promise<Console> {
    const connection = await this.connect(instance, signal)
    const channel = await this.#world.openSerial(connection, signal)
    const append = (event: RescueEvent) => this.#journal.append(event)
    const mask = (text: string) => this.#journal.mask(text)
    const typed = new TypedFeed({ append, mask, now: this.#timing.now })
    const console: Console = new Console(typed.tap(channel, () => console.view()))
    const feed = new ConsoleFeed(console, append, mask)
    const onRequest = new ScreenOnRequest(this.#journal, (why) => this.#look(console, feed, why))
    this.#open = { console, feed, typed, onRequest, instance, connection }
    await this.#journal.append({ type: 'noticed', code: 'connection-active', details: { id: connection.id } })
    await this.#tellNotice(channel)
    return console
  }

  /**
   * After the line has dropped: opens it again, over the same console connection or, when that is gone, a new one.
   * The console stays the same one; what stood on its screen is history. Throws `line-dropped` when there is no line
   * to be had, and the signal's reason.
   */
  async reattach(signal: AbortSignal): Promise<void> {
    const { console, instance, typed } = this.#demandOpen()
    await this.#journal.append({ type: 'noticed', code: 'line-lost', details: {} })
    try {
      await console.reattach(async () => typed.tap(await this.#again(instance, signal), () => console.view()))
    } catch (thrown) {
      if (signal.aborted) throw thrown
      throw lostForGood(toRescueError(thrown))
    }
    await this.#journal.append({ type: 'noticed', code: 'line-back', details: {} })
  }

  /** Hangs up, deletes the console connections of this rescue and says so in the log. Safe to repeat. */
  async close(instance: Instance, signal: AbortSignal): Promise<void> {
    await this.#hangUp()
    await this.#world.deleteConsoleConnections(instance, this.#journal.rescue, signal)
    await this.#journal.append({ type: 'paid', debt: 'console-connection' })
  }

  /** The screen's lines with their secrets hidden; undefined when no line is open. */
  maskedScreen(): string[] | undefined {
    return this.#open?.feed.maskedScreen()
  }

  /**
   * Puts a picture of what stands on the screen into the log, for people who want to know what went wrong. None when no
   * console is open. Does not throw: a log that takes nothing more says so at the next append.
   */
  async showFailure(): Promise<void> {
    if (this.#open === undefined) return
    const { console, feed } = this.#open
    try {
      await this.#journal.append(this.#look(console, feed, 'failed'))
    } catch {
      // The machine has to be booted all the same.
    }
  }

  demandConsole(): Console {
    return this.#demandOpen().console
  }

  /** What dies with the process. The console connection is a debt, and is paid with `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hangUp()
  }

  #look(console: Console, feed: ConsoleFeed, why: 'asked' | 'failed'): EventOf<'saw'> {
    const { state, because } = recognise(console.view())
    return { type: 'saw', state: state.kind, because: this.#journal.mask(because), picture: feed.maskedPicture(), why }
  }

  #demandOpen(): OpenConsole {
    if (this.#open !== undefined) return this.#open
    throw new RescueError('us', 'console-closed', 'the console is not open')
  }

  async #again(instance: Instance, signal: AbortSignal): Promise<OpenedChannel> {
    const { connection } = this.#demandOpen()
    try {
      return await openLineAgain(this.#world, this.#journal, connection, this.#timing, signal)
    } catch (thrown) {
      if (signal.aborted || !GONE.includes(toRescueError(thrown).code)) throw thrown
    }
    await this.#world.deleteConsoleConnections(instance, this.#journal.rescue, signal)
    const next = await this.#world.createConsoleConnection(instance, this.#journal.rescue, signal)
    this.#open = { ...this.#demandOpen(), connection: next }
    const channel = await openLineAgain(this.#world, this.#journal, next, this.#timing, signal)
    await this.#tellNotice(channel)
    return channel
  }

  async #tellNotice({ notice }: OpenedChannel): Promise<void> {
    if (notice !== undefined) await this.#journal.append({ type: 'noticed', ...notice })
  }

  async #hangUp(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (open === undefined) return
    await open.onRequest[Symbol.asyncDispose]()
    await open.feed[Symbol.asyncDispose]()
    await open.typed[Symbol.asyncDispose]()
    await open.console.close()
  }
}

function lostForGood(cause: RescueError): RescueError {
  if (cause.code === 'fenced-off') return cause
  const message = `the line dropped, and could not be had again: ${describeError(cause)}`
  return new RescueError('cloud', 'line-dropped', message, { cause, details: { reason: cause.message } })
}
