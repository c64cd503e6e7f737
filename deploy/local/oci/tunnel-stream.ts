/**
 * A channel of hop 1 as the stream that hop 2 speaks over.
 *
 * Not the channel itself, because ssh2 cannot be nested in one call: with
 * chacha20-poly1305, OpenSSH's first choice, it writes a packet in three pieces and
 * keeps the cipher's counter in a buffer that all connections share. If hop 1
 * encrypts the first piece before hop 2 is done with the second, that counter is
 * overwritten and the client sees garbage. So what hop 2 writes waits for the end
 * of the running call, and then goes out in one piece.
 */
import { Duplex } from 'node:stream'
import type { ServerChannel } from 'ssh2'

type Done = (error?: Error | null) => void

export class TunnelStream extends Duplex {
  readonly #channel: ServerChannel

  constructor(channel: ServerChannel) {
    // As a socket: a client that says no more is answered with the end.
    super({ allowHalfOpen: false })
    this.#channel = channel
    channel.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) channel.pause()
    })
    channel.on('end', () => this.push(null))
    channel.on('close', () => this.destroy())
    channel.on('error', (error: Error) => this.destroy(error))
  }

  override _read(): void {
    this.#channel.resume()
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: Done): void {
    process.nextTick(() => this.#channel.write(bytes, done))
  }

  override _writev(pieces: readonly { chunk: Buffer }[], done: Done): void {
    this._write(Buffer.concat(pieces.map(({ chunk }) => chunk)), 'utf8', done)
  }

  override _final(done: Done): void {
    this.#channel.end()
    done()
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#channel.end()
    done(error)
  }
}
