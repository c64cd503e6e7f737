/**
 * Reads one answer of `remote-functions.ts` as it arrives, line by line: kernel
 * messages, echoes and torn lines come in between. Pure, and bounded in memory.
 */
import { LONGEST_OUTPUT } from './remote-functions.ts'
import { headerSum } from './sums.ts'

/** An answer is at most twice the output (in hex) and its line numbers; more is somebody else's talk. */
const MOST_HEARD = 4 * LONGEST_OUTPUT
const OVERRUN = /input overrun/

export interface Header {
  /** `encoded`: in numbered lines; `withheld`: it would not pass a terminal, and was not printed. */
  readonly kind: 'plain' | 'encoded' | 'withheld'
  readonly exitCode: number
  /** Lines of an encoded output; bytes of another. */
  readonly count: number
}

export interface NumberedLine {
  readonly number: number
  /** Of its name, its number and its text; undefined where a sum over all lines is given. */
  readonly sum: string | undefined
  readonly text: string
}

export class AnswerReader {
  readonly #markers: RegExp
  readonly #name: number
  readonly #command: number
  readonly #plain: string[] = []
  readonly #numbered: NumberedLine[] = []
  #open = ''
  #heard = 0
  #header: Header | undefined
  #begun = false
  #refused = false
  #ended = false
  #complete = false
  #sum: string | undefined
  #overrun = false

  /** `name` is the question's; `command` is the name of the command whose answer it asks for, if that is another. */
  constructor(name: number, command = name) {
    this.#name = name
    this.#command = command
    this.#markers = new RegExp(
      `@${name}(?:(?<mark><|\\?@${name}\\?)|(?<kind>[=#!])(?<numbers>\\d+ \\d+ \\d+)$|(?<torn>[=#!])|>(?<sum>.*))`,
    )
  }

  add(text: string): void {
    this.#heard += text.length
    if (this.flooded) return
    const lines = `${this.#open}${text}`.split('\n')
    this.#open = lines.pop() ?? ''
    for (const line of lines) this.#read(line)
  }

  /** Characters that came, of whatever kind: an answer is late only when nothing comes. */
  get heard(): number {
    return this.#heard
  }

  /** More came than any answer is long. */
  get flooded(): boolean {
    return this.#heard > MOST_HEARD
  }

  get begun(): boolean {
    return this.#begun
  }

  /** The question arrived otherwise than it was asked, and nothing was done. */
  get refused(): boolean {
    return this.#refused
  }

  /** The command has ended, even where the line garbled how. */
  get ended(): boolean {
    return this.#ended
  }

  get complete(): boolean {
    return this.#complete
  }

  /** The kernel says that it lost what we typed: it comes too quickly. */
  get overrun(): boolean {
    return this.#overrun
  }

  get header(): Header | undefined {
    return this.#header
  }

  get numbered(): readonly NumberedLine[] {
    return this.#numbered
  }

  /** Of the whole output, as it was printed. */
  get sum(): string | undefined {
    return this.#sum
  }

  /** What stands between the header and the end. */
  get plainText(): string {
    return this.#plain.join('\n')
  }

  #read(line: string): void {
    if (OVERRUN.test(line)) this.#overrun = true
    const found = this.#markers.exec(line)?.groups
    if (found === undefined) this.#readContent(line)
    else this.#readMarker(found)
  }

  #readMarker(found: Readonly<Record<string, string>>): void {
    const { mark, kind, numbers = '', torn, sum } = found
    if (mark === '<') this.#begun = true
    else if (mark !== undefined) this.#refused = true
    if (kind !== undefined) this.#readHeader(kind, numbers)
    if (kind !== undefined || torn !== undefined || sum !== undefined) this.#begun = this.#ended = true
    if (sum === undefined) return
    this.#complete = true
    const [first, second = first] = sum.split(' ')
    this.#sum = first === second ? first : undefined
  }

  #readHeader(kind: string, numbers: string): void {
    const [code = 0, count = 0, sum] = numbers.split(' ').map(Number)
    if (sum !== headerSum(this.#name, this.#command, code, count)) return
    this.#header = { kind: KINDS[kind] ?? 'plain', exitCode: code, count }
    if (kind === '!' || (kind === '=' && count === 0)) this.#complete = true
  }

  #readContent(line: string): void {
    if (this.#header?.kind === 'plain' && !this.#complete) this.#plain.push(line)
    const { number, sum, text } = NUMBERED.exec(line)?.groups ?? {}
    if (number !== undefined && text !== undefined) this.#numbered.push({ number: Number(number), sum, text })
  }
}

const KINDS: Readonly<Record<string, Header['kind']>> = { '=': 'plain', '#': 'encoded', '!': 'withheld' }
/** `cat -n` writes a tab behind the number. */
const NUMBERED = /^ *(?<number>\d+)(?:\s+|:(?:(?<sum>\d+):)?)(?<text>[A-Za-z0-9+/]+={0,2})$/

/** The state of the last command, in an answer to `_q`. */
export interface LastCommand {
  readonly name: number
  readonly exitCode: number
}

/** Reads `@NAME~command code check`; undefined unless its sum is right. */
export function readLastCommand(text: string, name: number): LastCommand | undefined {
  for (const found of text.matchAll(new RegExp(`@${name}~(?<numbers>\\d+ \\d+ \\d+)\\n`, 'g'))) {
    const [command = 0, exitCode = 0, sum] = (found.groups?.numbers ?? '').split(' ').map(Number)
    if (sum === headerSum(name, command, exitCode)) return { name: command, exitCode }
  }
  return undefined
}
