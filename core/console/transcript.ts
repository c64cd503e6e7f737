/**
 * What was said on the line since a moment, as plain text: for answers that are
 * longer than the screen. Control sequences are gone, line ends are `\n`.
 */
import { Decoder } from './decode.ts'

const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)|[ -/]*[0-Z\\^-~])/g
/** A control sequence whose end has not come yet. */
const OPEN_SEQUENCE = /\u001b(?:\[[0-?]*[ -/]*|\][^\u0007\u001b\n]{0,512}\u001b?|[ -/]*)?$/

export class Transcript {
  readonly #decoder = new Decoder()
  #open = ''
  #text = ''

  add(bytes: Uint8Array): void {
    const raw = this.#open + this.#decoder.decode(bytes)
    const end = OPEN_SEQUENCE.exec(raw)?.index ?? raw.length
    // A carriage return may be the first half of a line end, so it waits for what follows.
    const whole = end === raw.length && raw.endsWith('\r') ? end - 1 : end
    this.#open = raw.slice(whole)
    this.#text += raw.slice(0, whole).replaceAll(SEQUENCES, '').replaceAll(/\r+\n/g, '\n')
  }

  /** What was said since the last call. */
  take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }

  get text(): string {
    return this.#text
  }
}
