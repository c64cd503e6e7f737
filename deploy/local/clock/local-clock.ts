/**
 * The clock of `npm run local`, which can be moved forward: the stand-ins read it, and bot and worker follow it without
 * knowing (preload.ts). It is not set but runs fast, so that what is due earlier happens earlier, and stops where it would
 * do harm.
 */
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { MovableClock } from '../slack/server/clock.ts'
import { MovedTime } from './moved-time.ts'

/** So far it is moved at once; nothing that people wait for is over sooner. */
const STEP_MS = 30_000
/** After each step, for what has become due: an hour passes in four seconds. */
const PAUSE_MS = 30
/** A program that is frozen does not hold up time. */
const ANSWER_MS = 1000

/** What stands in the way of moving it now, for people; undefined when nothing does. */
export type Hindrance = () => Promise<string | undefined>

export class LocalClock implements MovableClock, AsyncDisposable {
  /** What a program is started with that shall follow it. */
  readonly environment: Readonly<Record<string, string>>
  readonly #time = new MovedTime()
  readonly #hindrance: Hindrance
  readonly #server: Server
  readonly #followers = new Set<Follower>()
  readonly #listeners = new Set<(clock: MovableClock) => void>()
  #moving: Promise<unknown> = Promise.resolve()

  private constructor(address: string, hindrance: Hindrance) {
    const preload = pathToFileURL(join(import.meta.dirname, 'preload.ts')).href
    this.environment = { NODE_OPTIONS: `--import=${preload}`, LOCAL_CLOCK: address }
    this.#hindrance = hindrance
    this.#server = createServer((socket) => this.#follow(socket))
  }

  /** `directory`: for the socket over which it is followed. */
  static async start(directory: string, hindrance: Hindrance): Promise<LocalClock> {
    const address = join(directory, 'clock')
    const clock = new LocalClock(address, hindrance)
    clock.#server.listen(address)
    await once(clock.#server, 'listening')
    return clock
  }

  now(): number {
    return this.#time.now()
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.#time.after(milliseconds, run)
  }

  get ahead(): number {
    return this.#time.ahead
  }

  onMoved(listener: (clock: MovableClock) => void): void {
    this.#listeners.add(listener)
  }

  move(milliseconds: number): Promise<string | undefined> {
    const moved = this.#moving.then(() => this.#run(milliseconds))
    this.#moving = moved.catch(() => undefined)
    return moved
  }

  async close(): Promise<void> {
    for (const follower of this.#followers) follower.close()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #run(milliseconds: number): Promise<string | undefined> {
    const end = this.#time.ahead + milliseconds
    while (this.#time.ahead < end) {
      const hindrance = await this.#hindrance()
      if (hindrance !== undefined) return hindrance
      await this.#step(Math.min(STEP_MS, end - this.#time.ahead))
      await sleep(PAUSE_MS)
    }
    return undefined
  }

  async #step(milliseconds: number): Promise<void> {
    this.#time.moveTo(this.#time.ahead + milliseconds)
    await Promise.all([...this.#followers].map((follower) => follower.moveTo(this.#time.ahead)))
    for (const listener of this.#listeners) listener(this)
  }

  #follow(socket: Socket): void {
    const follower = new Follower(socket)
    this.#followers.add(follower)
    socket.once('close', () => this.#followers.delete(follower))
    void follower.moveTo(this.#time.ahead)
  }
}

/** A program whose time goes with this clock's. */
class Follower {
  readonly #socket: Socket
  /** Woken when it has said that it is as late there. */
  readonly #waiting = new Set<() => void>()

  constructor(socket: Socket) {
    this.#socket = socket
    createInterface({ input: socket }).on('line', () => this.#wake())
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#wake())
  }

  async moveTo(ahead: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    const late = setTimeout(resolve, ANSWER_MS)
    this.#socket.write(`${ahead}\n`)
    await promise
    clearTimeout(late)
  }

  close(): void {
    this.#socket.destroy()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
