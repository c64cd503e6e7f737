/**
 * Puts the numbered lines of an encoded output together: knows which have come,
 * which of them are proved, and which to ask for again.
 */
import type { NumberedLine } from './answer-reader.ts'
import { MODULUS, ownSum } from './sums.ts'

/** In one question, so that it stays shorter than a line of the tty. */
const MOST_RANGES = 30

export class EncodedLines {
  readonly #count: number
  readonly #width: number
  readonly #lines = new Map<number, { readonly text: string; readonly proved: boolean }>()

  /** All lines but the last have `width` characters. */
  constructor(count: number, width: number) {
    this.#count = count
    this.#width = width
  }

  /** Takes what can be a line of this output; `name` is the question's, which is part of a line's own sum. */
  take(lines: readonly NumberedLine[], name: number): void {
    for (const { number, sum, text } of lines) {
      if (number < 1 || number > this.#count || !this.#fits(number, text)) continue
      const proved = sum !== undefined && sum === String(ownSum((name + number) % MODULUS, text))
      if (sum !== undefined && !proved) continue
      if (proved || !this.#lines.has(number)) this.#lines.set(number, { text, proved })
    }
  }

  /** Forgets what is not proved: all lines are there, and still their sum is wrong. */
  distrust(): void {
    for (const [number, { proved }] of this.#lines) if (!proved) this.#lines.delete(number)
  }

  get known(): number {
    return this.#lines.size
  }

  get isWhole(): boolean {
    return this.#lines.size === this.#count
  }

  get isProved(): boolean {
    return this.isWhole && this.#lines.values().every(({ proved }) => proved)
  }

  get text(): string {
    return this.#inOrder().join('\n')
  }

  /** From and to, the first ones, as the question for them has them. */
  missing(): readonly number[] {
    const ranges: number[] = []
    for (let number = 1; number <= this.#count && ranges.length <= 2 * MOST_RANGES; number += 1) {
      if (this.#lines.has(number)) continue
      if (ranges.at(-1) === number - 1) ranges[ranges.length - 1] = number
      else ranges.push(number, number)
    }
    return ranges.slice(0, 2 * MOST_RANGES)
  }

  #fits(number: number, text: string): boolean {
    return number < this.#count ? text.length === this.#width : text.length <= this.#width
  }

  #inOrder(): readonly string[] {
    return Array.from({ length: this.#count }, (_, index) => this.#lines.get(index + 1)?.text ?? '')
  }
}
