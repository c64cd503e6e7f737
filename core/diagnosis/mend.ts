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
/** At a stand-still the end of the log tells why; a long one need not be mended as a whole. */
const MOST_LINES = 4000

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

  mend(lines: readonly Line[]): readonly Line[] {
    const from = Math.max(0, lines.length - MOST_LINES)
    return lines.map((line, at) => {
      const said = at < from ? undefined : this.#mendText(line.said)
      return said === undefined ? line : { ...line, said }
    })
  }

  #mendText(said: string): string | undefined {
    const parts = this.#finder.find(said).flatMap((index) => this.#parts[index] ?? [])
    const lower = said.toLowerCase()
    const damaged = parts.filter(({ phrase }) => !lower.includes(phrase))
    const mended = damaged.reduce((text, part) => mendPart(text, part) ?? text, said)
    return mended === said ? undefined : mended
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

/** The text with the phrase in the place of what is nearest to it; undefined where nothing is near enough. */
function mendPart(text: string, { phrase, text: part, at, faults }: Part): string | undefined {
  const found = text.toLowerCase().indexOf(part)
  if (found === -1) return undefined
  const start = Math.max(0, found - at - faults)
  const window = text.slice(start, found - at + phrase.length + faults)
  const { from, to, distance } = nearest(phrase, window.toLowerCase())
  return distance > faults ? undefined : text.slice(0, start + from) + phrase + text.slice(start + to)
}

/** Where in `text` the part stands that differs least from `phrase`, and by how many letters. (Sellers) */
function nearest(phrase: string, text: string): { from: number; to: number; distance: number } {
  let column = Array.from({ length: phrase.length + 1 }, (_, row) => ({ distance: row, from: 0 }))
  let best = { from: 0, to: 0, distance: phrase.length }
  for (let to = 1; to <= text.length; to += 1) {
    const next = [{ distance: 0, from: to }]
    for (let row = 1; row <= phrase.length; row += 1) {
      const [above, left, corner] = [next[row - 1], column[row], column[row - 1]]
      if (above === undefined || left === undefined || corner === undefined) continue
      const differs = phrase[row - 1] === text[to - 1] ? 0 : 1
      const ways = [
        { distance: corner.distance + differs, from: corner.from },
        { distance: above.distance + 1, from: above.from },
        { distance: left.distance + 1, from: left.from },
      ]
      next.push(ways.reduce((least, way) => (way.distance < least.distance ? way : least)))
    }
    column = next
    const last = next[phrase.length]
    if (last !== undefined && last.distance < best.distance) best = { from: last.from, to, distance: last.distance }
  }
  return best
}
