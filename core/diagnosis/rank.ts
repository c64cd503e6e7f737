/** The order in which findings are told: what stops the boot first, and causes before what they bring about. */
import type { Found } from './found.ts'
import { isCauseOf } from './rule.ts'

const SEVERITIES = ['critical', 'error', 'warning'] as const
const CONFIDENCES = ['certain', 'likely', 'unclear'] as const

export function rank(all: readonly Found[]): readonly Found[] {
  const keyed = all.map((found) => ({ found, key: keyOf(found, all) }))
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ found }) => found)
}

function keyOf(found: Found, all: readonly Found[]): readonly number[] {
  const { confidence, evidence } = found.finding
  return [
    worstOf(found, all, []),
    depthOf(found, all, []),
    CONFIDENCES.indexOf(confidence),
    SEVERITIES.indexOf(found.finding.severity),
    evidence[0]?.line ?? 0,
  ]
}

/** As severe as the worst that it brings about. */
function worstOf(found: Found, all: readonly Found[], path: readonly Found[]): number {
  const own = SEVERITIES.indexOf(found.finding.severity)
  const effects = all.filter((other) => isCauseOf(found.rule, other.rule) && !path.includes(other))
  return Math.min(own, ...effects.map((effect) => worstOf(effect, all, [...path, found])))
}

/** How many causes stand before it. */
function depthOf(found: Found, all: readonly Found[], path: readonly Found[]): number {
  const causes = all.filter((other) => isCauseOf(other.rule, found.rule) && !path.includes(other))
  return causes.length === 0 ? 0 : 1 + Math.max(...causes.map((cause) => depthOf(cause, all, [...path, found])))
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index])
  return differing === -1 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0)
}
