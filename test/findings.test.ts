/** The sentences for what a diagnosis finds: there is one for each class, and the log fills its places. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../core/diagnosis/diagnose.ts'
import { RULES } from '../core/diagnosis/rules.ts'
import { catalogues, explain } from '../core/i18n/catalogue.ts'
import { CASES } from './diagnosis/cases.ts'

const { en } = catalogues
const found = Object.values(CASES).flatMap(({ fails }) => fails.flatMap((text) => diagnose(text).findings))

describe('the sentences for findings', () => {
  it('are there for every class, and for no other', () => {
    const classes = [...new Set(RULES.map((rule) => rule.class))].sort()

    expect(Object.keys(en.findings).sort()).toEqual(classes)
  })

  it('say what happened in one sentence, with all its places filled from the log', () => {
    expect(found.length).toBeGreaterThan(300)
    for (const finding of found) {
      const { happened } = explain(en, finding)
      expect(happened, finding.class).toMatch(/^[A-Z/cs].*\.$/)
      expect(happened, finding.class).not.toMatch(/[{}?!]/)
    }
  })

  it('say what to do where no playbook repairs it', () => {
    const without = RULES.filter(({ playbook }) => playbook === null).map((rule) => rule.class)
    const silent = without.filter((name) => explain(en, { class: name, details: {} }).next === undefined)

    expect(without.length).toBeGreaterThan(20)
    expect(silent).toEqual([])
  })

  it('name each repair on its button', () => {
    const repairs = new Set(RULES.flatMap(({ playbook }) => (playbook === null ? [] : [playbook])))

    expect([...repairs].filter((name) => !Object.hasOwn(en.thread.diagnosis.what, name))).toEqual([])
  })

  it('name a class that another version has brought', () => {
    expect(explain(en, { class: 'from-the-future', details: {} }).happened).toBe('from-the-future')
    expect(explain(en, { class: 'constructor', details: {} }).happened).toBe('constructor')
  })
})

describe('the table of classes', () => {
  const rows = readFileSync(new URL('../docs/diagnosis.md', import.meta.url), 'utf8').matchAll(
    /^\| `(?<name>[\w-]+)` \| (?<severity>\w+) \|.*\| (?<playbook>\S+) \|$/gm,
  )

  it('has a row for each class, with the playbook that repairs it', () => {
    const told = [...rows].map(({ groups = {} }) => `${groups.name} ${groups.severity} ${groups.playbook}`)
    const first = [...new Map([...RULES].reverse().map((rule) => [rule.class, rule])).values()]
    const known = first.map(
      ({ class: name, severity, playbook }) => `${name} ${severity} ${playbook === null ? '–' : `\`${playbook}\``}`,
    )

    expect(told.sort()).toEqual(known.sort())
  })
})
