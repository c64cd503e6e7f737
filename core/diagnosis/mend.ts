/**
 * Puts right what a bad line has damaged: a phrase that a rule looks for, with a letter or two lost or changed.
 * What is read so is likely at most, and it is read only where a log says nothing else that explains what it shows.
 */
import type { Line } from './line.ts'
import type { Pattern, Rule, Sign } from './rule.ts'
import { WordFinder } from './word-finder.ts'

/** A shorter phrase is too like others. */
const SHORTEST = 14
/** From this length on two letters may be wrong. */
const LONG = 22
/** A log that is full of what is nearly a phrase is not damaged, but made so. */
const MOST_TRIED = 2000

interface Part {
  readonly phrase: string
  readonly text: string
  /** Where in the phrase it begins. */
  readonly at: number
  readonly faults: number
}

/** Mends with the phrases of `rules`. */
export class Mender {
  readonly #parts: readonly Part[]
  readonly #finder: WordFinder

  constructor(rules: readonly Rule[]) {
    const phrases = rules.flatMap(({ signs, adds = [] }) => [...signs, ...adds].map(({ has }) => has))
    this.#parts = [...new Set(phrases)].filter(({ length }) => length >= SHORTEST).flatMap(partsOf)
    this.#finder = new WordFinder(this.#parts.map(({ text }) => text))
  }

  /** From the end on, for at a stand-still the last lines tell why. */
  mend(lines: readonly Line[]): readonly Line[] {
    let tried = 0
    return lines
      .toReversed()
      .map((line) => {
        const damaged = tried < MOST_TRIED ? this.#damagedIn(line.said) : []
        tried += damaged.length
        return damaged.length === 0 ? line : { ...line, said: damaged.reduce(mendPart, line.said) }
      })
      .reverse()
  }

  /** The parts of phrases that stand there without the rest of their phrase. */
  #damagedIn(said: string): readonly Part[] {
    const found = this.#finder.find(said)
    const lower = found.length === 0 ? '' : said.toLowerCase()
    return found.flatMap((index) => this.#parts[index] ?? []).filter(({ phrase }) => !lower.includes(phrase))
  }
}

/** `rules` for mended lines, where capitals are gone and nothing is certain. */
export function looseRules(rules: readonly Rule[]): readonly Rule[] {
  const loose = <P extends Pattern>(pattern: P): P => ({
    ...pattern,
    line: new RegExp(pattern.line.source, 'i'),
  })
  return rules.map((rule) => ({
    ...rule,
    signs: rule.signs.map((sign): Sign => ({ ...loose(sign), sure: sign.sure ?? 'likely' })),
    adds: (rule.adds ?? []).map(loose),
  }))
}

/** With so many faults, one part more than that has none of them. */
function partsOf(phrase: string): readonly Part[] {
  const faults = phrase.length >= LONG ? 2 : 1
  const size = Math.ceil(phrase.length / (faults + 1))
  return Array.from({ length: faults + 1 }, (_, index) => index * size)
    .map((at) => ({ phrase, text: phrase.slice(at, at + size), at, faults }))
    .filter(({ text }) => text.trim().length > 3)
}

/** The text with the phrase in the place of what is nearest to it, if that is near enough. */
function mendPart(text: string, { phrase, text: part, at, faults }: Part): string {
  const found = text.toLowerCase().indexOf(part)
  if (found === -1) return text
  const start = Math.max(0, found - at - faults)
  const window = text.slice(start, found - at + phrase.length + faults)
  const { from, to, distance } = nearest(phrase, window.toLowerCase())
  return distance > faults ? text : text.slice(0, start + from) + phrase + text.slice(start + to)
}

/** Where in `text` the part stands that differs least from `phrase`, and by how many letters. (Sellers) */
function nearest(phrase: string, text: string): { from: number; to: number; distance: number } {
  const rows = phrase.length + 1
  // For each beginning of the phrase: how far off the nearest end of the text so far is, and where that begins.
  let distances = Array.from({ length: rows }, (_, row) => row)
  let starts = new Array<number>(rows).fill(0)
  let best = { from: 0, to: 0, distance: phrase.length }
  for (let to = 1; to <= text.length; to += 1) {
    const nextDistances = [0]
    const nextStarts = [to]
    for (let row = 1; row < rows; row += 1) {
      const same = (distances[row - 1] ?? 0) + (phrase[row - 1] === text[to - 1] ? 0 : 1)
      const lost = (nextDistances[row - 1] ?? 0) + 1
      const added = (distances[row] ?? 0) + 1
      const least = Math.min(same, lost, added)
      nextDistances.push(least)
      nextStarts.push((least === same ? starts[row - 1] : least === lost ? nextStarts[row - 1] : starts[row]) ?? 0)
    }
    distances = nextDistances
    starts = nextStarts
    const distance = distances[phrase.length] ?? phrase.length
    if (distance < best.distance) best = { from: starts[phrase.length] ?? 0, to, distance }
  }
  return best
}
