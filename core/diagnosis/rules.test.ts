import { describe, expect, it } from 'vitest'
import { CASES } from '../../test/diagnosis/cases.ts'
import { bootsOf } from './boots.ts'
import { diagnose } from './diagnose.ts'
import { linesOf } from './line.ts'
import { Matcher } from './match.ts'
import { rowsOf } from './rows.ts'
import { RULES } from './rules.ts'

const CLASSES = [...new Set(RULES.map((rule) => rule.class))]
const failing = Object.entries(CASES).flatMap(([name, { fails }]) => fails.map((text) => [name, text] as const))
const healthy = Object.entries(CASES).flatMap(([name, { healthy }]) => healthy.map((text) => [name, text] as const))

describe('each class of trouble', () => {
  it('has failing texts and healthy ones that look like them', () => {
    expect(Object.keys(CASES).sort()).toEqual([...CLASSES].sort())
    for (const [name, { fails, healthy }] of Object.entries(CASES)) {
      expect(fails.length, name).toBeGreaterThan(0)
      expect(healthy.length, name).toBeGreaterThan(0)
    }
  })

  it.each(failing)('%s: is what is wrong first of all in %j', (name, text) => {
    expect(diagnose(text).findings[0]?.class).toBe(name)
  })

  it.each(healthy)('%s: nothing is found in %j', (_, text) => {
    expect(diagnose(text).findings).toEqual([])
  })

  it('has a text for each of its signs', () => {
    const matcher = new Matcher(RULES)
    const seen = failing.flatMap(([name, text]) =>
      [...matcher.match(linesOf(bootsOf(rowsOf(text))[0] ?? []))].flatMap(([rule, { hits }]) =>
        rule.class === name ? hits.flatMap(({ sign }) => sign ?? []) : [],
      ),
    )
    const unseen = RULES.flatMap((rule) =>
      rule.signs.filter((sign) => !seen.includes(sign)).map(({ line }) => `${rule.class}: ${line}`),
    )

    expect(unseen).toEqual([])
  })

  it('explains only classes that there are', () => {
    const named = RULES.flatMap(({ explains = [] }) => explains)

    expect(named.filter((name) => !CLASSES.includes(name))).toEqual([])
  })

  it('looks for words in lower case, for lines are looked through so', () => {
    const words = RULES.flatMap(({ signs, adds = [], over = [], unless = [] }) => [
      ...signs,
      ...adds,
      ...over,
      ...unless,
    ])

    expect(words.map(({ has }) => has).filter((has) => has !== has.toLowerCase() || has.length < 3)).toEqual([])
  })
})
