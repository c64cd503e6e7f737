/** A real program on a real pseudo-terminal, as a channel: what a serial line looks like from our side. */
import { type IPty, spawn } from 'node-pty'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { Incoming } from '../../core/console/incoming.ts'

export interface PtyOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Bytes a read returns at most: 1 finds whatever was split badly. */
  readonly atOnce?: number
}

export class PtyChannel implements Channel {
  readonly #pty: IPty
  readonly #atOnce: number
  readonly #incoming = new Incoming()

  constructor(command: readonly [string, ...string[]], { env = {}, atOnce = Infinity }: PtyOptions = {}) {
    const [file, ...args] = command
    this.#atOnce = atOnce
    this.#pty = spawn(file, args, {
      cols: 80,
      rows: 24,
      encoding: null,
      env: { PATH: process.env.PATH, TERM: 'linux', ...env },
    })
    // With `encoding: null` node-pty hands over bytes, though its types say text.
    this.#pty.onData((data: string | Buffer) => this.say(Buffer.from(data)))
    this.#pty.onExit(() => this.#incoming.end())
  }

  get pid(): number {
    return this.#pty.pid
  }

  /** Puts bytes on the line as if the machine had said them: a kernel message. */
  say(bytes: Uint8Array): void {
    this.#incoming.say(bytes)
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#incoming.read(signal, this.#atOnce)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#incoming.hasEnded) throw new RescueError('machine', 'line-dropped', 'the program has ended')
    // Bytes, whatever the types say: as text, those that are no UTF-8 would arrive as others.
    Reflect.apply(this.#pty.write, this.#pty, [Buffer.from(bytes)])
  }

  async close(): Promise<void> {
    if (this.#incoming.hasEnded) return
    this.#incoming.end()
    this.#pty.kill('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
