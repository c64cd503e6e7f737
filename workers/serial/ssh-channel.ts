/** The serial line over an SSH session: `Channel` (core/console) on ssh2's stream. */
import type { Duplex } from 'node:stream'
import { orAborted } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'

export class SshChannel implements Channel {
  readonly #stream: Duplex
  readonly #hangUp: () => Promise<void>
  #isDown = false
  #news = Promise.withResolvers<void>()
  #closing: Promise<void> | undefined

  /** `hangUp` closes what carries the stream. */
  constructor(stream: Duplex, hangUp: () => Promise<void>) {
    this.#stream = stream
    this.#hangUp = hangUp
    stream.on('readable', () => this.#tell())
    for (const end of ['end', 'close', 'error']) stream.on(end, () => this.#drop())
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted()
      const { promise } = this.#news
      // What came before the line dropped is still read.
      const bytes: unknown = this.#stream.read()
      if (bytes instanceof Uint8Array) return bytes
      if (this.#isDown) return undefined
      await orAborted(promise, signal)
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    if (this.#isDown || !this.#stream.writable) throw dropped()
    const drop = () => reject(dropped())
    this.#stream.once('close', drop)
    this.#stream.write(bytes, (error) => (error ? reject(dropped(error)) : resolve()))
    try {
      await promise
    } finally {
      this.#stream.off('close', drop)
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#drop()
    // OCI holds a console for minutes when its client leaves without a word.
    this.#stream.end()
    await this.#hangUp()
    this.#stream.destroy()
  }

  #drop(): void {
    this.#isDown = true
    this.#tell()
  }

  #tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}

function dropped(cause?: Error): RescueError {
  return new RescueError('machine', 'line-dropped', 'the serial line dropped', { cause })
}
