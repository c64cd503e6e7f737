/** From lines that match to findings: grouped, without what was got over and what alone is no harm. */
import type { Confidence, Details, Evidence, Finding } from './finding.ts'
import { isBeyond, type Line, linesOf } from './line.ts'
import { type Hit, Matcher, type Matches } from './match.ts'
import { looseRules, Mender } from './mend.ts'
import { missingSshd } from './missing-sshd.ts'
import type { Row } from './rows.ts'
import { isCauseOf, type Rule } from './rule.ts'
import { RULES } from './rules.ts'

/** A finding, and the rule that it comes from. */
export interface Found {
  readonly rule: Rule
  readonly finding: Finding
}

/** Enough to see it; the log has the others. */
const MOST_EVIDENCE = 6
/** Of one kind, e.g. disks that are missing: with more of them the machine has another problem. */
const MOST_OF_A_KIND = 8

interface Group {
  readonly rule: Rule
  readonly hits: readonly Hit[]
  readonly details: Details
}

let matcher: Matcher | undefined

/** What the lines of a boot show. */
export function foundIn(lines: readonly Line[], earlierBoots: readonly (readonly Row[])[]): readonly Found[] {
  matcher ??= new Matcher(RULES)
  const notEnabled = RULES.find((rule) => rule.class === 'sshd-not-enabled')
  const silent = notEnabled === undefined ? [] : missingSshd(lines, notEnabled)
  return [...foundBy(matcher, lines, earlierBoots), ...silent]
}

let mender: Mender | undefined
let looseMatcher: Matcher | undefined

/** What they would show if the line had not damaged them. */
export function foundInMended(lines: readonly Line[], earlierBoots: readonly (readonly Row[])[]): readonly Found[] {
  mender ??= new Mender(RULES)
  looseMatcher ??= new Matcher(looseRules(RULES))
  return foundBy(looseMatcher, mender.mend(lines), earlierBoots)
}

function foundBy(by: Matcher, lines: readonly Line[], earlierBoots: readonly (readonly Row[])[]): readonly Found[] {
  const matches = by.match(lines)
  const groups = [...matches].flatMap(([rule, of]) =>
    of.denied || !wasSoBefore(rule, earlierBoots)
      ? []
      : groupsOf(rule, of.hits).filter((group) => !isOver(group, of, lines)),
  )
  const standing = withoutNeedless(groups)
  return standing.map((group) => ({ rule: group.rule, finding: findingOf(group, standing, lines) }))
}

/** A loop shows in the boot before, too. */
function wasSoBefore(rule: Rule, earlierBoots: readonly (readonly Row[])[]): boolean {
  const [before] = earlierBoots
  if (rule.boots === undefined) return true
  if (before === undefined) return false
  return linesOf(before).some(({ said }) => rule.signs.some(({ line }) => line.test(said)))
}

/** One group for each value of the detail that the rule counts by; a line without it belongs to the group before. */
function groupsOf(rule: Rule, hits: readonly Hit[]): readonly Group[] {
  const groups: { key: string | undefined; hits: Hit[] }[] = []
  for (const hit of hits) {
    const key = rule.each === undefined ? '' : hit.details[rule.each]
    const group =
      key === undefined ? groups.at(-1) : groups.find((known) => known.key === key || known.key === undefined)
    if (group === undefined) groups.push({ key, hits: [hit] })
    else {
      group.key ??= key
      group.hits.push(hit)
    }
  }
  return groups
    .filter((group) => group.hits.some(({ sign }) => sign !== undefined))
    .slice(0, MOST_OF_A_KIND)
    .map((group) => ({ rule, hits: group.hits, details: mergeDetails(group.hits) }))
}

/** What the first sign says counts; what it leaves open is taken from the other lines. */
function mergeDetails(hits: readonly Hit[]): Details {
  const byWeight = [...hits.filter(({ sign }) => sign), ...hits.filter(({ sign }) => !sign)]
  const merged: Record<string, string> = {}
  for (const { details } of byWeight.reverse()) Object.assign(merged, details)
  return merged
}

function isOver({ rule, hits, details }: Group, { over }: Matches, lines: readonly Line[]): boolean {
  const last = hits.findLast(({ sign }) => sign !== undefined)?.at ?? 0
  const cured = over.some((cure) => cure.at > last && isOfSame(cure.details, details))
  const { stops } = rule
  return cured || (stops !== 'never' && lines.slice(last + 1).some(({ mark }) => isBeyond(mark, stops)))
}

/** A cure without a name is for all. */
function isOfSame(cure: Details, details: Details): boolean {
  return Object.entries(cure).every(([name, value]) => details[name] === undefined || details[name] === value)
}

/** Causes without their effect, and weak signs that something else explains. */
function withoutNeedless(groups: readonly Group[]): readonly Group[] {
  const isWeak = ({ hits }: Group) => hits.every(({ sign }) => sign === undefined || sign.weak)
  const isReplaced = ({ rule }: Group) => groups.some((other) => other.rule.replaces?.includes(rule.class))
  const strong = groups.filter(
    (group) =>
      !isReplaced(group) &&
      !(isWeak(group) && groups.some((other) => !other.rule.onlyAsCause && isCauseOf(other.rule, group.rule))),
  )
  return strong.filter((group) => !group.rule.onlyAsCause || strong.some((other) => isCauseOf(group.rule, other.rule)))
}

function findingOf(group: Group, all: readonly Group[], lines: readonly Line[]): Finding {
  const { rule, hits, details } = group
  return {
    class: rule.class,
    severity: rule.severity,
    confidence: confidenceOf(group, all),
    evidence: evidenceOf(hits, lines),
    playbook: rule.playbook,
    details,
  }
}

function confidenceOf({ rule, hits }: Group, all: readonly Group[]): Confidence {
  const isExplained = all.some((other) => isCauseOf(other.rule, rule))
  if (rule.symptom && !isExplained) return 'unclear'
  const signs = hits.flatMap(({ sign }) => sign ?? [])
  if (signs.some(({ sure }) => sure === undefined)) return 'certain'
  return signs.some(({ sure }) => sure === 'likely') ? 'likely' : 'unclear'
}

/** The first lines that differ, and the last one; in the order of the log. */
function evidenceOf(hits: readonly Hit[], lines: readonly Line[]): readonly Evidence[] {
  const shown = new Map<string, Evidence>()
  for (const { at } of hits) {
    const line = lines[at]
    if (line !== undefined && !shown.has(line.said)) shown.set(line.said, { line: line.number, text: line.text.trim() })
  }
  const all = [...shown.values()]
  const last = all.at(-1)
  return all.length <= MOST_EVIDENCE || last === undefined ? all : [...all.slice(0, MOST_EVIDENCE - 1), last]
}
