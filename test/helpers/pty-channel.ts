/** A real program on a real pseudo-terminal, as a channel: what a serial line looks like from our side. */
import { type IPty, spawn } from 'node-pty'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'

export interface PtyOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Bytes a read returns at most: 1 finds whatever was split badly. */
  readonly atOnce?: number
}

export class PtyChannel implements Channel {
  readonly #pty: IPty
  readonly #atOnce: number
  #heard: Buffer = Buffer.alloc(0)
  #ended = false
  #wake = () => {}

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
    this.#pty.onExit(() => {
      this.#ended = true
      this.#wake()
    })
  }

  get pid(): number {
    return this.#pty.pid
  }

  /** Puts bytes on the line as if the machine had said them: a kernel message. */
  say(bytes: Uint8Array): void {
    this.#heard = Buffer.concat([this.#heard, bytes])
    this.#wake()
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#heard.length === 0) {
      signal.throwIfAborted()
      if (this.#ended) return undefined
      await this.#somethingHappens(signal)
    }
    const bytes = this.#heard.subarray(0, this.#atOnce)
    this.#heard = this.#heard.subarray(bytes.length)
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#ended) throw new RescueError('machine', 'line-dropped', 'the program has ended')
    this.#pty.write(Buffer.from(bytes).toString('utf8'))
  }

  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    this.#pty.kill('SIGKILL')
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #somethingHappens(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const stop = () => reject(signal.reason)
    this.#wake = resolve
    signal.addEventListener('abort', stop, { once: true })
    try {
      await promise
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
