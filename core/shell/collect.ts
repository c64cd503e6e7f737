/**
 * Gets a command's output exactly: as it was printed where its sum is right; else
 * in numbered lines, asking again for those that are missing. The command itself
 * does not run again.
 */
import { AnswerReader, type Header } from './answer-reader.ts'
import type { Conversation } from './conversation.ts'
import { EncodedLines } from './encoded-lines.ts'
import { decodeLines, encodingOf } from './encoding.ts'
import type { LinesFunctions } from './lines-functions.ts'
import { questionName } from './nonce.ts'
import { LONGEST_OUTPUT, mostLines } from './remote-functions.ts'
import { textSum } from './sums.ts'
import type { Surroundings } from './surroundings.ts'

export interface ExactResult {
  readonly bytes: Uint8Array
  readonly exitCode: number
}

/** Questions in a row that brought nothing new: by then the line carries nothing. */
const MOST_IN_VAIN = 12

export interface Source {
  readonly conversation: Conversation
  readonly surroundings: Surroundings
  readonly functions: LinesFunctions
}

/** `first` heard the first answer of the command that is called `name`. Undefined when it can not be had. */
export async function collect(
  { conversation, surroundings, functions }: Source,
  name: number,
  first: AnswerReader,
  signal: AbortSignal,
): Promise<ExactResult | 'too-long' | undefined> {
  const collection = new Collection(surroundings)
  let answer = first
  let asked = name
  for (let inVain = 0; inVain < MOST_IN_VAIN; ) {
    inVain = collection.take(answer, asked) ? 0 : inVain + 1
    const result = collection.result()
    if (result !== undefined) return result
    await functions.give(signal)
    await conversation.becomeReady(signal)
    asked = questionName()
    using listening = conversation.listen(new AnswerReader(asked, name))
    await conversation.type([`${collection.question(asked)} #`], signal)
    await conversation.hears(listening, () => listening.complete || listening.flooded, signal)
    answer = listening
  }
  return undefined
}

class Collection {
  readonly #surroundings: Surroundings
  #header: Header | undefined
  #sum: { readonly name: number; readonly value: string } | undefined
  #plain: string | undefined
  #lines: EncodedLines | undefined

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** True when it brought something new. */
  take(answer: AnswerReader, name: number): boolean {
    const before = this.#known
    this.#header = answer.header ?? this.#header
    if (this.#header?.kind === 'plain')
      this.#plain = isPlainRight(answer, name, this.#surroundings) ? answer.plainText : undefined
    if (this.#header?.kind === 'encoded') this.#takeLines(answer, this.#header.count, name)
    return this.#known > before
  }

  /** Undefined while something is missing. */
  result(): ExactResult | 'too-long' | undefined {
    const header = this.#header
    if (header === undefined) return undefined
    const { bytesPerLine } = this.#encoding
    if (header.count > (header.kind === 'encoded' ? mostLines(bytesPerLine) : LONGEST_OUTPUT)) return 'too-long'
    if (this.#plain !== undefined) return { exitCode: header.exitCode, bytes: Buffer.from(this.#plain) }
    const text = this.#wholeText()
    return text === undefined ? undefined : this.#decode(header, text)
  }

  question(asked: number): string {
    const lines = this.#lines
    if (lines === undefined || lines.known === 0) return `_d ${asked}`
    return ['_b', asked, ...lines.missing()].join(' ')
  }

  get #encoding(): ReturnType<typeof encodingOf> {
    return encodingOf(this.#surroundings)
  }

  get #known(): number {
    return (this.#lines?.known ?? 0) + (this.#header === undefined ? 0 : 1) + (this.#sum === undefined ? 0 : 1)
  }

  #takeLines(answer: AnswerReader, count: number, name: number): void {
    this.#lines ??= new EncodedLines(count, this.#encoding.width)
    this.#lines.take(answer.numbered, name)
    if (answer.sum !== undefined) this.#sum = { name, value: answer.sum }
  }

  #wholeText(): string | undefined {
    const lines = this.#lines
    if (lines === undefined || !lines.isWhole) return undefined
    const { sum } = this.#surroundings
    if (lines.isProved) return lines.text
    if (sum === undefined || this.#sum === undefined) return undefined
    if (this.#sum.value === textSum(sum, this.#sum.name, lines.text)) return lines.text
    // A line that is as long as it should be is not what it was.
    lines.distrust()
    return undefined
  }

  /** Behind the output of a sh stands its exit code; where it does not, the output was cut. */
  #decode({ exitCode }: Header, text: string): ExactResult | 'too-long' {
    const bytes = decodeLines(this.#surroundings.encoder, text)
    if (this.#surroundings.shell === 'bash') return bytes.length > LONGEST_OUTPUT ? 'too-long' : { exitCode, bytes }
    const at = bytes.lastIndexOf(0x23)
    const code = /^#(\d+)\n$/.exec(Buffer.from(bytes.subarray(Math.max(0, at))).toString('latin1'))?.[1]
    if (code === undefined || at > LONGEST_OUTPUT) return 'too-long'
    return { exitCode: Number(code), bytes: bytes.subarray(0, at) }
  }
}

function isPlainRight(answer: AnswerReader, name: number, { sum }: Surroundings): boolean {
  const { header, plainText } = answer
  if (header?.count === 0) return true
  return (
    header?.kind === 'plain' &&
    Buffer.byteLength(plainText) === header.count &&
    answer.sum === textSum(sum, name, plainText)
  )
}
