/**
 * The open console of one rescue: the console connection (a debt until it is
 * deleted), the line through the gateway, the screen, and its feed into the log.
 */
import { RescueError } from '../base/errors.ts'
import { Console } from '../console/console.ts'
import type { Instance } from '../record/events.ts'
import { ConsoleFeed } from './console-feed.ts'
import type { Journal } from './journal.ts'
import type { World } from './world.ts'

export class Session implements AsyncDisposable {
  readonly #world: World
  readonly #journal: Journal
  #open: { readonly console: Console; readonly feed: ConsoleFeed } | undefined

  constructor(world: World, journal: Journal) {
    this.#world = world
    this.#journal = journal
  }

  /** The console, while its line has not been closed by us. */
  get console(): Console | undefined {
    return this.#open?.console
  }

  /** Writes the debt, makes a console connection and opens the line. An open line is closed first. */
  async open(instance: Instance, signal: AbortSignal): Promise<Console> {
    await this.#hangUp()
    const debt = { kind: 'console-connection', instance } as const
    await this.#journal.append({ type: 'owes', debt })
    const connection = await this.#world.createConsoleConnection(instance, this.#journal.rescue, signal)
    const console = new Console(await this.#world.openSerial(connection, signal))
    this.#open = {
      console,
      feed: new ConsoleFeed(
        console,
        (event) => this.#journal.append(event),
        (text) => this.#journal.mask(text),
      ),
    }
    await this.#journal.append({ type: 'noticed', code: 'connection-active', details: { id: connection.id } })
    return console
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

  demandConsole(): Console {
    if (this.#open !== undefined) return this.#open.console
    throw new RescueError('us', 'console-closed', 'the console is not open')
  }

  /** What dies with the process. The console connection is a debt, and is paid with `close`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hangUp()
  }

  async #hangUp(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    if (open === undefined) return
    await open.feed[Symbol.asyncDispose]()
    await open.console.close()
  }
}
