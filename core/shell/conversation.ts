/**
 * Question and answer with a shell that has our functions: types only at our own
 * prompt, waits as long as something comes, and finds out what became of a
 * question without disturbing a command that runs.
 */
import { RescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { Transcript } from '../console/transcript.ts'
import { recognise } from '../machine/recognise.ts'
import { type LastCommand, readLastCommand } from './answer-reader.ts'
import { interruptShell } from './interrupt.ts'
import { questionName } from './nonce.ts'
import { Typist } from './typist.ts'

/** Longer than a machine under load takes to answer; asking once more does no harm, it is only noise on the console. */
const QUIET_MS = 2500
/** Between an answer and the prompt behind it nothing happens; after an interrupt the command may still clean up. */
const PROMPT_MS = 3000
const ATTEMPTS = 4
/** Characters: at 115200 baud this takes a minute and a half. */
const FLOOD = 1_000_000

/** Something that reads along. */
export interface Listener {
  add(text: string): void
  /** Characters that came. */
  readonly heard: number
  /** More came than any answer is long. */
  readonly flooded: boolean
}

/** The last words on the line: for answers of one line. */
export class Tail implements Listener {
  #text = ''
  heard = 0

  add(text: string): void {
    this.heard += text.length
    this.#text = `${this.#text}${text}`.slice(-4096)
  }

  get text(): string {
    return this.#text
  }

  get flooded(): boolean {
    return this.heard > FLOOD
  }
}

export class Conversation {
  readonly #console: Console
  readonly #prompt: string
  readonly #typist: Typist
  readonly quietMs: number

  /** `quietMs`: after so long without a byte an answer is taken for lost. */
  constructor(console: Console, prompt: string, quietMs = QUIET_MS) {
    this.#console = console
    this.#prompt = `@${prompt}# `
    this.#typist = new Typist(console)
    this.quietMs = quietMs
  }

  listen<L extends Listener>(listener: L): L & Disposable {
    const transcript = new Transcript()
    const listening = this.#console.onOutput((bytes) => {
      transcript.add(bytes)
      listener.add(transcript.take())
    })
    return Object.assign(listener, { [Symbol.dispose]: () => listening[Symbol.dispose]() })
  }

  async type(lines: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#typist.type(lines, signal)
  }

  slowDown(): void {
    this.#typist.slowDown()
  }

  /** False when nothing at all came for a while, so that the time it takes follows the line's own speed. */
  async hears(listener: Listener, look: () => boolean, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const before = listener.heard
      if (await this.appears(look, this.quietMs, signal)) return true
      if (listener.heard === before || listener.flooded) return false
    }
  }

  /** False after `limitMs`. */
  async appears(look: (view: ScreenView) => boolean, limitMs: number, signal: AbortSignal): Promise<boolean> {
    return (await appears(this.#console, 'shell-answer', (view) => look(view) || undefined, limitMs, signal)) ?? false
  }

  /** Whether our prompt stands there, and waits. */
  isReady(view: ScreenView = this.#console.view()): boolean {
    const { state } = recognise(view)
    return state.kind === 'maintenance-shell' && state.prompt === this.#prompt
  }

  /** Only a shell that shows our prompt, and waits behind it, is typed to. */
  async becomeReady(signal: AbortSignal): Promise<void> {
    if (await this.appears((view) => this.isReady(view), PROMPT_MS, signal)) return
    await this.interrupt(signal)
  }

  /**
   * The command that the shell began last; undefined when it does not say. Safe at any time: a shell that is busy
   * reads it afterwards, and one that waits for the text of a command refuses that. `otherwise` ends the wait, too.
   */
  async askLast(otherwise: () => boolean, signal: AbortSignal): Promise<LastCommand | undefined> {
    this.#demandNoOther()
    const name = questionName()
    using tail = this.listen(new Tail())
    await this.type([`_q ${name} #`], signal)
    await this.hears(tail, () => otherwise() || readLastCommand(tail.text, name) !== undefined, signal)
    return readLastCommand(tail.text, name)
  }

  /** Stops whatever the shell does, and returns the command it began last. Throws `shell-lost`. */
  async interrupt(signal: AbortSignal): Promise<LastCommand> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      this.#demandNoOther()
      await interruptShell(this.#console, signal)
      if (!(await this.appears((view) => this.isReady(view), PROMPT_MS, signal))) continue
      const last = await this.askLast(() => false, signal)
      if (last !== undefined) return last
    }
    throw this.lost('the shell does not answer')
  }

  /** For a command that runs. Throws `shell-lost` where there is no shell any more. */
  async pressInterrupt(signal: AbortSignal): Promise<void> {
    this.#demandNoOther()
    await this.#console.type(keys.interrupt, signal)
  }

  lost(why: string): RescueError {
    return new RescueError('machine', 'shell-lost', `${why}\n--- screen ---\n${this.#console.view().text}`)
  }

  /** After a reset the same keys would land in GRUB, or at a login prompt. */
  #demandNoOther(): void {
    const { state } = recognise(this.#console.view())
    if (!['maintenance-shell', 'unknown', 'silent', 'kernel'].includes(state.kind))
      throw this.lost(`there is no shell any more but ${state.kind}`)
  }
}
