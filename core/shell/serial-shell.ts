/**
 * A bash on a serial line, spoken to through the functions of
 * `remote-functions.ts`: every answer carries the question's nonce and its own
 * length, so that an echo, a kernel message or a lost byte is not taken for it.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { type Answer, hasEnded, isComplete, readBeginning, readEncoded, readPlain } from './answers.ts'
import { nonce } from './nonce.ts'
import { quote } from './quote.ts'
import { LONGEST_LINE } from './remote-functions.ts'
import type { CommandResult, RunOptions, Shell } from './shell.ts'
import { readFileOver, writeFileOver } from './transfer.ts'

/** A shell that waits for input takes a command in milliseconds. */
const TAKEN_MS = 10_000
const COMMAND_MS = 60_000
/** The longest output at 115200 baud, and half as long again. */
const OUTPUT_MS = 35_000
/** Between an answer and the prompt behind it nothing happens; after an interrupt the command may still clean up. */
const PROMPT_MS = 3000
const ATTEMPTS = 3
/** Lines sent at once: together less than the 4096 bytes that a tty keeps for a shell that is not reading. */
const LINES_AT_ONCE = 3

export class SerialShell implements Shell {
  readonly #console: Console
  readonly #prompt: string

  /** `console` shows a bash that was set up with `setUpLines(prompt, …)`: see `enterShell`. */
  constructor(console: Console, prompt: string) {
    this.#console = console
    this.#prompt = `@${prompt}# `
  }

  async run(command: readonly string[], signal: AbortSignal, options: RunOptions = {}): Promise<CommandResult> {
    const words = command.map(quote).join(' ')
    // As bash counts them in the C locale: in bytes.
    const length = Buffer.byteLength(command.join(' '))
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const name = nonce()
      const answer = await this.#ask(name, `_r ${name} ${length} ${words}`, options.limitMs ?? COMMAND_MS, signal)
      if (answer !== undefined) return answer
    }
    throw this.#lost('the shell did not take a command')
  }

  async readFile(path: string, signal: AbortSignal, maxBytes?: number): Promise<Uint8Array | undefined> {
    return await readFileOver(this, path, maxBytes, signal)
  }

  async writeFile(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await writeFileOver(this, path, bytes, signal)
  }

  /** Puts printable ASCII into the shell's variable `x`, for the next command. Throws `transfer-failed`. */
  async put(text: string, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) if (await this.#tryToPut(text, signal)) return
    throw new RescueError('machine', 'transfer-failed', `${text.length} characters did not reach the shell whole`)
  }

  /** Types the command that ends this shell, such as a reboot: there is no answer to wait for. */
  async leaveWith(command: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#becomeReady(signal)
    await this.#console.type(`${command.map(quote).join(' ')}\r`, signal)
  }

  /** Undefined when the shell did not begin with it, so that it can be asked again. */
  async #ask(name: string, line: string, limitMs: number, signal: AbortSignal): Promise<Answer | undefined> {
    const short = line.length < LONGEST_LINE
    if (!short) await this.put(line, signal)
    await this.#becomeReady(signal)
    using heard = this.#console.listen()
    await this.#console.type(short ? `${line}\r` : 'eval "$x"\r', signal)
    const taken = await this.#appears(() => readBeginning(heard.text, name), TAKEN_MS, signal)
    if (taken === 'refused') return undefined
    if (taken === undefined && (await this.#interrupt(signal)) !== name) return undefined
    if (!(await this.#appears(() => hasEnded(heard.text, name), limitMs, signal))) {
      await this.#interrupt(signal)
      throw new RescueError('machine', 'command-time-limit', `it ran for ${limitMs} ms and was interrupted: ${line}`, {
        details: { milliseconds: String(limitMs) },
      })
    }
    await this.#appears(() => isComplete(heard.text, name), OUTPUT_MS, signal)
    const answer = readPlain(heard.text, name)
    if (answer === 'too-long') throw new RescueError('machine', 'output-too-long', `the output is too long: ${line}`)
    return answer ?? (await this.#askAgain(signal))
  }

  /** The last command's output once more, now with a checksum; the command itself does not run again. */
  async #askAgain(signal: AbortSignal): Promise<Answer> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const name = nonce()
      await this.#becomeReady(signal)
      using heard = this.#console.listen()
      await this.#console.type(`_b ${name}\r`, signal)
      await this.#appears(() => isComplete(heard.text, name), OUTPUT_MS, signal)
      const answer = readEncoded(heard.text, name)
      if (answer !== undefined) return answer
    }
    throw this.#lost('the output of a command did not come through whole')
  }

  async #tryToPut(text: string, signal: AbortSignal): Promise<boolean> {
    const pieces = text.match(/.{1,800}/gs) ?? []
    const name = nonce()
    await this.#becomeReady(signal)
    using heard = this.#console.listen()
    await this.#console.type('x=\r', signal)
    for (let at = 0; at < pieces.length; at += LINES_AT_ONCE) {
      const lines = pieces.slice(at, at + LINES_AT_ONCE).map((piece) => `x+=${quote(piece)}\r`)
      const arrived = pieces.slice(0, at + LINES_AT_ONCE).join('').length
      await this.#console.type(`${lines.join('')}_q ${name}:\${#x}\r`, signal)
      const acknowledged = () => (heard.text.includes(`@${name}:${arrived}~`) ? true : undefined)
      if (!(await this.#appears(acknowledged, TAKEN_MS, signal))) return false
    }
    return true
  }

  /** Only a shell that shows our prompt, and waits behind it, is typed to. */
  async #becomeReady(signal: AbortSignal): Promise<void> {
    const ready = (view: ScreenView) => (this.#isReady(view) ? true : undefined)
    if (await this.#appears(ready, PROMPT_MS, signal)) return
    await this.#interrupt(signal)
  }

  #isReady(view: ScreenView): boolean {
    const { state } = recognise(view)
    return state.kind === 'maintenance-shell' && state.prompt === this.#prompt
  }

  /** Stops whatever the shell does, and returns the nonce of the command it began last. Throws `shell-lost`. */
  async #interrupt(signal: AbortSignal): Promise<string> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      this.#demandNoOther()
      await this.#console.type(keys.interrupt, signal)
      const ready = (view: ScreenView) => (this.#isReady(view) ? true : undefined)
      if (!(await this.#appears(ready, PROMPT_MS, signal))) continue
      const name = nonce()
      using heard = this.#console.listen()
      await this.#console.type(`_q ${name}\r`, signal)
      const last = () => new RegExp(`@${name}~(?<last>\\w*)\\n`).exec(heard.text)?.groups?.last
      const begun = await this.#appears(last, PROMPT_MS, signal)
      if (begun !== undefined) return begun
    }
    throw this.#lost('the shell does not answer')
  }

  /** After a reset the same keys would land in GRUB, or at a login prompt. */
  #demandNoOther(): void {
    const { state } = recognise(this.#console.view())
    if (!['maintenance-shell', 'unknown', 'silent', 'kernel'].includes(state.kind))
      throw this.#lost(`there is no shell any more but ${state.kind}`)
  }

  async #appears<T>(look: (view: ScreenView) => T | undefined, limitMs: number, signal: AbortSignal) {
    try {
      return await this.#console.until('the shell to answer', look, limitMs, signal)
    } catch (thrown) {
      if (thrown instanceof NothingAppeared) return undefined
      throw thrown
    }
  }

  #lost(why: string): RescueError {
    return new RescueError('machine', 'shell-lost', `${why}\n--- screen ---\n${this.#console.view().text}`)
  }
}
