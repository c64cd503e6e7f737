/**
 * The serial line over a real OpenSSH client: `Channel` (core/console) on the terminal
 * that the client runs in. The client takes no notice of what is typed before the far
 * shell is there, and then passes on every byte as it is: it makes its terminal raw.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type IPty, spawn } from 'node-pty'
import { orAborted, sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { Incoming } from '../../core/console/incoming.ts'
import type { OpensshDirectory } from './openssh-directory.ts'
import { failureIn, hasLeft, isUp } from './openssh-log.ts'
import { GOODBYE_LIMIT_MS, killGroup, opensshEnvironment } from './openssh-process.ts'

/** More than any screen needs; a reader that is so far behind makes the client wait, and that the gateway. */
const MOST_WAITING = 4 * 1024 * 1024
/** The client writes its log without telling anybody. */
const LOOK_EVERY_MS = 25
/** Its complaints go where they can not be taken for the machine's words. */
const WITH_LOG = 'log=$1; shift; exec "$@" 2>>"$log"'

export class OpensshChannel implements Channel {
  readonly #pty: IPty
  readonly #directory: OpensshDirectory
  readonly #incoming = new Incoming()
  readonly #exited = Promise.withResolvers<void>()
  #isUp = false
  #isPaused = false
  #closing: Promise<void> | undefined

  /** Starts `ssh` with these words. The directory is removed when the channel is closed. */
  private constructor(words: readonly string[], directory: OpensshDirectory) {
    this.#directory = directory
    this.#pty = spawn('/bin/sh', ['-c', WITH_LOG, 'sh', directory.log, 'ssh', ...words], {
      name: 'vt100',
      // The size that firmware and GRUB draw for.
      cols: 80,
      rows: 24,
      encoding: null,
      env: opensshEnvironment(),
    })
    // With `encoding: null` node-pty hands over bytes, though its types say text.
    this.#pty.onData((data: string | Buffer) => this.#hear(Buffer.from(data)))
    this.#pty.onExit(() => {
      this.#incoming.end()
      this.#exited.resolve()
    })
  }

  /** Resolves when the far shell is there. Throws SshError as `failureIn` reads it; whatever was begun is ended then. */
  static async open(
    words: readonly string[],
    directory: OpensshDirectory,
    signal: AbortSignal,
  ): Promise<OpensshChannel> {
    const channel = new OpensshChannel(words, directory)
    try {
      await channel.#untilUp(signal)
      return channel
    } catch (error) {
      await channel.close()
      throw error
    }
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    const bytes = await this.#incoming.read(signal)
    if (this.#isPaused) this.#pty.resume()
    this.#isPaused = false
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#incoming.hasEnded) throw new RescueError('machine', 'line-dropped', 'the serial line dropped')
    // Bytes, whatever the types say: as text, those that are no UTF-8 would arrive as others.
    Reflect.apply(this.#pty.write, this.#pty, [Buffer.from(bytes)])
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #hear(bytes: Buffer): void {
    this.#incoming.say(bytes)
    if (this.#incoming.size < MOST_WAITING) return
    this.#pty.pause()
    this.#isPaused = true
  }

  async #untilUp(signal: AbortSignal): Promise<void> {
    for (;;) {
      const hasExited = this.#incoming.hasEnded
      const said = await this.#directory.said()
      this.#isUp = isUp(said)
      if (this.#isUp) return
      if (hasExited) throw failureIn(said)
      await orAborted(Promise.race([this.#exited.promise, sleep(LOOK_EVERY_MS, signal)]), signal)
    }
  }

  async #close(): Promise<void> {
    const takesLeave = this.#isUp && !this.#incoming.hasEnded
    this.#incoming.end()
    // A client that is made to wait would not end.
    this.#pty.resume()
    const late = setTimeout(() => killGroup(this.#pty.pid), GOODBYE_LIMIT_MS)
    this.#pty.kill('SIGTERM')
    if (takesLeave) await this.#untilLeft()
    else killGroup(this.#pty.pid)
    await this.#exited.promise
    clearTimeout(late)
    killGroup(this.#pty.pid)
    await this.#directory[Symbol.asyncDispose]()
  }

  /** OCI holds a console for minutes when its client leaves without a word: it goes through both hops. */
  async #untilLeft(): Promise<void> {
    const limit = AbortSignal.timeout(GOODBYE_LIMIT_MS)
    while (!limit.aborted && !hasLeft(await this.#directory.said())) await pause(LOOK_EVERY_MS)
  }
}
