/**
 * A shell on a serial line, spoken to through the functions of
 * `remote-functions.ts`: what is typed is run only when it arrived as it was
 * meant, and an answer is believed only when its sums are right.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { AnswerReader } from './answer-reader.ts'
import { collect, type ExactResult } from './collect.ts'
import { Conversation } from './conversation.ts'
import { LinesFunctions } from './lines-functions.ts'
import { questionName } from './nonce.ts'
import { putText } from './put.ts'
import { isPrintable, posixCommand, quote } from './quote.ts'
import { GUARD, LONGEST_LINE, RUNNING } from './remote-functions.ts'
import type { CommandResult, RunOptions, Shell } from './shell.ts'
import { textSum } from './sums.ts'
import { type Lack, lacksOf, type Surroundings } from './surroundings.ts'
import { readFileOver, writeFileOver } from './transfer.ts'

const COMMAND_MS = 60_000
/** In vain before the shell is interrupted: one that waits for input answers in milliseconds. */
const TAKEN_QUESTIONS = 4
/** On a line that loses one byte in a hundred, each has one chance in three. */
const ATTEMPTS = 12
/** So often a command is typed in one line; then in small pieces, each with a sum of its own. */
const WHOLE_ATTEMPTS = 3

/** A text for the shell, and the functions that take it as it is typed, or from `x`. */
interface Question {
  readonly text: string
  readonly typed: string
  readonly put: string
}

const COMMAND = { typed: '_r', put: '_y' }
const LINE = { typed: '_n', put: '_z' }

/** Opens a line that has dropped, and resolves when our shell's prompt is seen over it. */
export type Reattach = (signal: AbortSignal) => Promise<void>

export interface SerialShellOptions {
  /** What the machine lacks, besides what shows in its surroundings. */
  readonly lacks?: readonly Lack[]
  /** Milliseconds without a byte after which an answer is taken for lost. */
  readonly quietMs?: number | undefined
}

export class SerialShell implements Shell {
  /** What people should know about this shell. */
  readonly lacks: readonly Lack[]
  readonly surroundings: Surroundings
  readonly #conversation: Conversation
  readonly #functions: LinesFunctions
  #reattach: Reattach | undefined
  /** The line has spoilt something: from now on what is sent in pieces has a sum for each. */
  #isCareful = false

  /** `console` shows a shell that was set up with `remoteFunctions(surroundings, prompt)`: see `enterShell`. */
  constructor(console: Console, prompt: string, surroundings: Surroundings, options: SerialShellOptions = {}) {
    this.#conversation = new Conversation(console, prompt, options.quietMs)
    this.#functions = new LinesFunctions(this.#conversation, surroundings)
    this.surroundings = surroundings
    this.lacks = [...(options.lacks ?? []), ...lacksOf(surroundings)]
  }

  /** From now on a line that drops is opened again, and a command that was under way is asked for, never typed twice. */
  surviveDrops(reattach: Reattach): void {
    this.#reattach = reattach
  }

  async run(command: readonly string[], signal: AbortSignal, options: RunOptions = {}): Promise<CommandResult> {
    const { bytes, exitCode } = await this.runExactly(command, signal, options)
    return { output: Buffer.from(bytes).toString('utf8'), exitCode }
  }

  /** As `run`, for output that may be no text. */
  async runExactly(command: readonly string[], signal: AbortSignal, options: RunOptions = {}): Promise<ExactResult> {
    const question = this.#questionOf(command)
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const name = questionName()
      using reader = this.#conversation.listen(new AnswerReader(name))
      const ask = async () => {
        await this.#type(name, question, attempt, signal)
        if (!(await this.#isTaken(name, reader, signal))) return undefined
        await this.#untilEnd(name, reader, question.text, options, signal)
        return await this.#collect(name, reader, question.text, signal)
      }
      const result = await this.#acrossDrops(ask, () => this.#outcomeOf(name, question.text, signal), signal)
      if (result !== undefined) return result
      this.#heardLoss(reader, attempt)
    }
    throw this.#conversation.lost('the shell did not take a command')
  }

  async readFile(path: string, signal: AbortSignal, maxBytes?: number): Promise<Uint8Array | undefined> {
    return await readFileOver(this, path, maxBytes, signal)
  }

  async writeFile(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await writeFileOver(this, path, bytes, signal)
  }

  /**
   * Puts printable ASCII into the shell's variable `x`, for the next command, which must know what it should be.
   * Throws `transfer-failed`.
   */
  async put(text: string, signal: AbortSignal): Promise<void> {
    const put = () => putText({ conversation: this.#conversation, isCareful: this.#isCareful }, text, signal)
    // What has arrived of it may be typed again: it begins with an empty variable.
    if (!(await this.#acrossDrops(put, put, signal))) this.#isCareful = true
  }

  /** What was put was not what arrived: the next time each piece is proved. */
  beCareful(): void {
    this.#isCareful = true
  }

  /**
   * Types the command that ends this shell, such as a reboot, and waits until it is taken: there is no answer.
   * Throws `shell-lost`.
   */
  async leaveWith(command: readonly string[], signal: AbortSignal): Promise<void> {
    const text = this.surroundings.shell === 'bash' ? command.map(quote).join(' ') : posixCommand(command)
    const question = { text, ...LINE }
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const name = questionName()
      using reader = this.#conversation.listen(new AnswerReader(name))
      await this.#type(name, question, attempt, signal)
      if (await this.#hasLeft(name, reader, signal)) return
      this.#heardLoss(reader, attempt)
    }
    throw this.#conversation.lost('the shell did not take a command')
  }

  /** `again` is for a line that dropped during `first`, or during itself. */
  async #acrossDrops<T>(first: () => Promise<T>, again: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await first()
    } catch (thrown) {
      if (this.#reattach === undefined || !isLineDropped(thrown)) throw thrown
      await this.#reattach(signal)
      return await this.#acrossDrops(again, again, signal)
    }
  }

  /** What a command came to that was typed before the line dropped; undefined when the shell never began with it. */
  async #outcomeOf(name: number, text: string, signal: AbortSignal): Promise<ExactResult | undefined> {
    for (let asked = 0; asked < TAKEN_QUESTIONS; asked += 1) {
      await this.#conversation.becomeReady(signal)
      const last = await this.#conversation.askLast(() => false, signal)
      if (last === undefined) continue
      if (last.name !== name) return undefined
      if (last.exitCode === RUNNING) throw this.#conversation.lost('a command was ended by somebody else')
      using reader = this.#conversation.listen(new AnswerReader(name))
      return await this.#collect(name, reader, text, signal)
    }
    throw this.#conversation.lost('the shell does not say what became of a command')
  }

  /** What a sh can not have as words of a command it can have as a line. */
  #questionOf(command: readonly string[]): Question {
    if (this.surroundings.shell === 'bash') return { text: command.map(quote).join(' '), ...COMMAND }
    return isPrintable(command.join(''))
      ? { text: posixCommand(command), ...COMMAND }
      : { text: posixCommand(['_x', ...command]), ...LINE }
  }

  async #type(name: number, { text, typed, put }: Question, attempt: number, signal: AbortSignal): Promise<void> {
    const sum = textSum(this.surroundings.sum, name, text)
    const isWhole = GUARD.length + text.length < LONGEST_LINE && attempt < WHOLE_ATTEMPTS
    if (!isWhole) await this.put(text, signal)
    await this.#conversation.becomeReady(signal)
    const lines = isWhole ? [`${typed} ${name} ${sum} #`, `${GUARD}${text}`] : [`${put} ${name} ${sum} #`]
    await this.#conversation.type(lines, signal)
  }

  /** False when the shell has not begun with it, so that it can be asked again. */
  async #isTaken(name: number, reader: AnswerReader, signal: AbortSignal): Promise<boolean> {
    const isKnown = () => reader.begun || reader.refused
    for (let asked = 0; asked < TAKEN_QUESTIONS; asked += 1) {
      if (await this.#conversation.hears(reader, isKnown, signal)) return reader.begun
      const last = await this.#conversation.askLast(isKnown, signal)
      if (isKnown()) return reader.begun
      if (last !== undefined) return last.name === name
    }
    return (await this.#conversation.interrupt(signal)).name === name
  }

  async #untilEnd(
    name: number,
    reader: AnswerReader,
    text: string,
    { limitMs = COMMAND_MS, interruptedIsAnswer = false, interrupt }: RunOptions,
    signal: AbortSignal,
  ): Promise<void> {
    let awaited = interrupt
    for (let left = limitMs; !reader.ended; ) {
      const before = reader.heard
      const slice = Math.min(left, this.#conversation.quietMs)
      if (await this.#endsWithin(reader, slice, awaited, signal)) return
      if (awaited?.aborted) {
        awaited = undefined
        await this.#conversation.pressInterrupt(signal)
        continue
      }
      const isOver = reader.flooded || (this.#conversation.isReady() && reader.heard === before)
      if (isOver && (await this.#hasEnded(name, signal))) return
      left -= slice
      if (left > 0) continue
      const interrupted = await this.#interrupted(text, limitMs, signal)
      if (!interruptedIsAnswer || !reader.ended) throw interrupted
      return
    }
  }

  /** False as well as soon as somebody wants it interrupted. */
  async #endsWithin(
    reader: AnswerReader,
    milliseconds: number,
    interrupt: AbortSignal | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    const waiting = interrupt === undefined ? signal : AbortSignal.any([signal, interrupt])
    try {
      return await this.#conversation.appears(() => reader.ended, milliseconds, waiting)
    } catch (thrown) {
      if (signal.aborted || !interrupt?.aborted) throw thrown
      return reader.ended
    }
  }

  /** The prompt is back, and there was no answer. Throws `shell-lost` when there will be none. */
  async #hasEnded(name: number, signal: AbortSignal): Promise<boolean> {
    const last = await this.#conversation.askLast(() => false, signal)
    if (last === undefined) return false
    if (last.name === name && last.exitCode !== RUNNING) return true
    throw this.#conversation.lost('a command was ended by somebody else')
  }

  async #interrupted(text: string, limitMs: number, signal: AbortSignal): Promise<RescueError> {
    await this.#conversation.interrupt(signal)
    return new RescueError('machine', 'command-time-limit', `it ran for ${limitMs} ms and was interrupted: ${text}`, {
      details: { milliseconds: String(limitMs) },
    })
  }

  async #collect(name: number, reader: AnswerReader, text: string, signal: AbortSignal): Promise<ExactResult> {
    await this.#conversation.hears(reader, () => reader.complete, signal)
    const source = { conversation: this.#conversation, surroundings: this.surroundings, functions: this.#functions }
    const result = await collect(source, name, reader, signal)
    if (result === 'too-long') throw new RescueError('machine', 'output-too-long', `the output is too long: ${text}`)
    if (result === undefined) throw this.#conversation.lost('the output of a command did not come through whole')
    return result
  }

  /** A machine that restarts says anything, or nothing; it is asked only while our prompt still stands there. */
  async #hasLeft(name: number, reader: AnswerReader, signal: AbortSignal): Promise<boolean> {
    const isKnown = () => reader.begun || reader.refused
    try {
      if (await this.#conversation.hears(reader, isKnown, signal)) return reader.begun
      if (!this.#conversation.isReady()) return true
      const last = await this.#conversation.askLast(isKnown, signal)
      if (isKnown() || last === undefined) return !reader.refused
      return last.name === name
    } catch (thrown) {
      // The line may end with the machine; whoever watches the boot will see whether it comes back.
      if (isLineDropped(thrown)) return true
      throw thrown
    }
  }

  #heardLoss(reader: AnswerReader, attempt: number): void {
    this.#isCareful = true
    if (reader.overrun || attempt > 0) this.#conversation.slowDown()
  }
}

function isLineDropped(thrown: unknown): boolean {
  return thrown instanceof RescueError && thrown.code === 'line-dropped'
}
