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

/** A line and the names in it. */
type Reading = Omit<Hit, 'sign'>

/** What the lines say of one rule. */
export interface Matches {
  readonly hits: Hit[]
  /** The lines that say that it was got over. */
  readonly over: Reading[]
  /** Whether a line says that all is well after all. */
  denied: boolean
}

/** How far "soon" and "shortly before" reach: units that fail together fail in one burst, which others write into. */
const SOON = 40
const BEFORE = 8
/** Thousands of equal errors are one finding, and a few of them show it. */
const MOST_HITS = 400

type Use =
  | { readonly as: 'sign'; readonly rule: Rule; readonly pattern: Sign }
  | { readonly as: 'add' | 'over' | 'unless'; readonly rule: Rule; readonly pattern: Pattern }

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
    const all = new Map(this.#rules.map((rule) => [rule, noMatches()]))
    lines.forEach(({ said }, at) => {
      for (const index of this.#finder.find(said)) {
        const use = this.#uses[index]
        const matches = use === undefined ? undefined : all.get(use.rule)
        if (use !== undefined && matches !== undefined) this.#read(use, matches, lines, at)
      }
    })
    return new Map([...all].filter(([, { hits }]) => hits.some(({ sign }) => sign !== undefined)))
  }

  #read(use: Use, matches: Matches, lines: readonly Line[], at: number): void {
    const said = lines[at]?.said ?? ''
    if (use.as === 'unless') matches.denied ||= use.pattern.line.test(said)
    else if (use.as === 'over') matches.over.push(...readPattern(use.pattern, said, at))
    else {
      const hits = readHit(use, lines, at)
      // The last one is kept, whatever their number: what comes behind it may be a cure.
      if (matches.hits.length + hits.length > MOST_HITS) matches.hits.pop()
      matches.hits.push(...hits)
    }
  }
}

function noMatches(): Matches {
  return { hits: [], over: [], denied: false }
}

function readHit({ as, rule, pattern }: Use, lines: readonly Line[], at: number): readonly Hit[] {
  const said = lines[at]?.said ?? ''
  const [reading] = rule.not?.test(said) ? [] : readPattern(pattern, said, at)
  if (reading === undefined) return []
  if (as !== 'sign') return [{ ...reading, sign: undefined }]
  if (!isInPlace(pattern, lines, at)) return []
  const following = lines.slice(at + 1, at + 1 + SOON)
  const details = pattern.read === undefined ? reading.details : pattern.read(reading.details, following)
  return details === undefined ? [] : [{ at, details, sign: pattern }]
}

function usesOf(rule: Rule): readonly Use[] {
  const uses = (as: 'add' | 'over' | 'unless', patterns: readonly Pattern[] = []): readonly Use[] =>
    patterns.map((pattern) => ({ as, rule, pattern }))
  return [
    ...rule.signs.map((pattern): Use => ({ as: 'sign', rule, pattern })),
    ...uses('add', rule.adds),
    ...uses('over', rule.over),
    ...uses('unless', rule.unless),
  ]
}

function readPattern({ line }: Pattern, said: string, at: number): readonly Reading[] {
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
