/** Holds the lines of a boot against the rules: which lines show what, and which names they give. */
import { deviceName } from './device-name.ts'
import type { Details } from './finding.ts'
import type { Line } from './line.ts'
import type { Pattern, Rule, Sign } from './rule.ts'
import { WordFinder } from './word-finder.ts'

/** A line that shows something, or belongs to what others show. */
export interface Hit {
  readonly at: number
  readonly details: Details
  /** Undefined for a line that only belongs to it. */
  readonly sign: Sign | undefined
}

/** What the lines say of one rule. */
export interface Matches {
  readonly hits: readonly Hit[]
  /** The lines that say that it was got over. */
  readonly over: readonly Omit<Hit, 'sign'>[]
  /** Whether a line says that all is well after all. */
  readonly denied: boolean
}

/** How far "soon" and "shortly before" reach: units that fail together fail in one burst, which others write into. */
const SOON = 40
const BEFORE = 8
/** Thousands of equal errors are one finding, and a few of them show it. */
const MOST_HITS = 400

type Use =
  | { readonly as: 'sign'; readonly rule: number; readonly pattern: Sign }
  | { readonly as: 'add' | 'over' | 'unless'; readonly rule: number; readonly pattern: Pattern }

export class Matcher {
  readonly #rules: readonly Rule[]
  readonly #uses: readonly Use[]
  readonly #finder: WordFinder

  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    this.#uses = rules.flatMap(usesOf)
    this.#finder = new WordFinder(this.#uses.map(({ pattern }) => pattern.has))
  }

  /** What `lines` say of each rule that has a sign in them. */
  match(lines: readonly Line[]): ReadonlyMap<Rule, Matches> {
    const all = this.#rules.map(() => ({ hits: [] as Hit[], over: [] as Omit<Hit, 'sign'>[], denied: false }))
    lines.forEach(({ said }, at) => {
      for (const index of this.#finder.find(said)) {
        const use = this.#uses[index]
        const matches = use && all[use.rule]
        if (use === undefined || matches === undefined) continue
        if (use.as === 'unless') matches.denied ||= use.pattern.line.test(said)
        else if (use.as === 'over') matches.over.push(...readPattern(use.pattern, said, at))
        else if (matches.hits.length < MOST_HITS) matches.hits.push(...this.#readHit(use, lines, at))
      }
    })
    return new Map(
      this.#rules.flatMap((rule, index) => {
        const matches = all[index]
        return matches?.hits.some(({ sign }) => sign !== undefined) ? [[rule, matches]] : []
      }),
    )
  }

  #readHit(use: Use, lines: readonly Line[], at: number): readonly Hit[] {
    const said = lines[at]?.said ?? ''
    if (this.#rules[use.rule]?.not?.test(said)) return []
    const sign = use.as === 'sign' ? use.pattern : undefined
    return readPattern(use.pattern, said, at).flatMap(({ details }): readonly Hit[] => {
      if (sign === undefined) return [{ at, details, sign }]
      if (!isInPlace(sign, lines, at)) return []
      const read = sign.read === undefined ? details : sign.read(details, lines.slice(at + 1, at + 1 + SOON))
      return read === undefined ? [] : [{ at, details: read, sign }]
    })
  }
}

function usesOf(rule: Rule, index: number): readonly Use[] {
  const uses = (as: 'add' | 'over' | 'unless', patterns: readonly Pattern[] = []): readonly Use[] =>
    patterns.map((pattern) => ({ as, rule: index, pattern }))
  return [
    ...rule.signs.map((pattern): Use => ({ as: 'sign', rule: index, pattern })),
    ...uses('add', rule.adds),
    ...uses('over', rule.over),
    ...uses('unless', rule.unless),
  ]
}

function readPattern({ line }: Pattern, said: string, at: number): readonly Omit<Hit, 'sign'>[] {
  const found = line.exec(said)
  return found === null ? [] : [{ at, details: detailsOf(found.groups ?? {}) }]
}

function detailsOf(groups: Readonly<Record<string, string | undefined>>): Details {
  const named = Object.entries(groups).flatMap(([name, value]) => {
    const text = value?.trim()
    return text ? [[name, name === 'device' ? deviceName(text) : text]] : []
  })
  return Object.fromEntries(named)
}

function isInPlace(sign: Sign, lines: readonly Line[], at: number): boolean {
  const line = lines[at]
  if (line === undefined || (sign.with ?? []).some((pattern) => !pattern.test(line.said))) return false
  if (sign.during !== undefined && line.stage !== undefined && !sign.during.includes(line.stage)) return false
  if (sign.within !== undefined && lines.length - 1 - at > sign.within) return false
  const following = () => lines.slice(at + 1, at + 1 + SOON)
  const before = () => lines.slice(Math.max(0, at - BEFORE), at)
  if (sign.soon !== undefined && !following().some(({ said }) => sign.soon?.test(said))) return false
  if (sign.notSoon !== undefined && following().some(({ said }) => sign.notSoon?.test(said))) return false
  if (sign.notAfter !== undefined && before().some(({ said }) => sign.notAfter?.test(said))) return false
  return sign.after === undefined || before().some(({ said }) => sign.after?.test(said))
}
