import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AWAITED } from '../console/nothing-appeared.ts'
import { REASONS } from '../record/reasons.ts'
import { catalogues, notice, problem } from './catalogue.ts'
import { fill } from './fill.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const { en } = catalogues

/** Our own sources that can throw or end with a code; tests invent codes of their own. */
const sources = globSync('{core,bot,workers}/**/*.ts', { cwd: ROOT })
  .filter((file) => !file.endsWith('.test.ts') && !file.startsWith('core/i18n'))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'))

function codes(pattern: RegExp): readonly string[] {
  return [...new Set(sources.flatMap((text) => [...text.matchAll(pattern)].map(({ groups }) => groups?.code ?? '')))]
}

const RESPONSIBLE = "'(?:operator|machine|cloud|us)'"

describe('the catalogue', () => {
  it('has a sentence for every code that an error carries', () => {
    const thrown = codes(new RegExp(`(?:RescueError|super)\\(\\s*${RESPONSIBLE},\\s*'(?<code>[a-z0-9-]+)'`, 'g'))

    expect(thrown.length).toBeGreaterThan(40)
    expect(thrown.filter((code) => !(code in en.problems))).toEqual([])
  })

  it('has a sentence for every code that is looked up in a table', () => {
    const listed = codes(new RegExp(`\\[${RESPONSIBLE},\\s*'(?<code>[a-z0-9-]+)'\\]`, 'g'))

    expect(listed.length).toBeGreaterThan(4)
    expect(listed.filter((code) => !(code in en.problems))).toEqual([])
  })

  it('has a sentence for whatever the policy turns away', () => {
    const ended = codes(/: '(?<code>policy-[a-z-]+)'/g)

    expect(ended.length).toBeGreaterThan(2)
    expect(ended.filter((code) => !(code in en.problems))).toEqual([])
  })

  it('has a sentence for every notice', () => {
    const noticed = codes(/type: 'noticed',\s*code: '(?<code>[a-z0-9-]+)'/g)

    expect(noticed.length).toBeGreaterThan(4)
    expect(noticed.filter((code) => notice(en, code) === undefined)).toEqual([])
  })

  it('has a sentence for every reason of a change, with what it names', () => {
    const places = (sentence: string) => [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))]

    for (const [code, names] of Object.entries(REASONS)) {
      const sentence = Object.entries(en.reasons).find(([key]) => key === code)?.[1] ?? ''
      expect(places(sentence).sort(), code).toEqual([...names].sort())
    }
    expect(Object.keys(en.reasons).sort()).toEqual(Object.keys(REASONS).sort())
  })

  it('has words for every code that stands among the names of a sentence', () => {
    const named = {
      found: [...codes(/\bunsafe\(.*, '(?<code>[a-z-]+)'\)/g), ...codes(/\bfound: '(?<code>[a-z-]+)'/g)],
      reason: [
        ...codes(/\bunsuitable\([^,]+, (?:.* : )?'(?<code>[a-z-]+)'/g),
        ...codes(/kind: 'sshd-not-reached', reason: '(?<code>[a-z-]+)'/g),
      ],
      why: [...codes(/\bunknown\('(?<code>[a-z-]+)'\)/g), ...codes(/\bunreadable\('(?<code>[a-z-]+)', [`']/g)],
      about: codes(/\bask\(.*, '(?<code>[a-z-]+)'\)/g),
    }

    for (const [place, found] of Object.entries(named)) {
      const known = Object.entries(en.terms).find(([name]) => name === place)?.[1] ?? {}
      expect(found.length, place).toBeGreaterThan(1)
      expect(
        found.filter((code) => !(code in known)),
        place,
      ).toEqual([])
    }
  })

  it('has words for all that is waited for', () => {
    expect(Object.keys(en.terms.what).sort()).toEqual([...AWAITED].sort())
  })

  it('says what happened and what to do next, in sentences', () => {
    for (const [code, { happened, next }] of Object.entries(en.problems)) {
      expect(happened, code).toMatch(/[.)}]$/)
      expect(next, code).toMatch(/[.)]$/)
      expect(`${happened}${next}`, code).not.toMatch(/!|\p{Emoji_Presentation}/u)
    }
  })

  it('says in every language the same, with the same names in it', () => {
    const places = (sentence: string) => [...new Set(sentence.match(/\{\w+\}/g))].sort().join(' ')
    const others = Object.entries(catalogues).filter(([language]) => language !== 'en')
    const english = sentencesOf(en)

    expect(others.length).toBeGreaterThan(0)
    for (const [language, catalogue] of others) {
      const theirs = new Map(sentencesOf(catalogue))
      const different = english.filter(([path, sentence]) => places(theirs.get(path) ?? '') !== places(sentence))
      expect(different, language).toEqual([])
      // What is typed and what is run is the same for everybody.
      const commands = (sentence: string) => (sentence.match(/`\/oci-rescue [a-z-]+/g) ?? []).sort().join(' ')
      expect(
        english.filter(([path, sentence]) => commands(theirs.get(path) ?? '') !== commands(sentence)),
        language,
      ).toEqual([])
    }
  })

  it('is Japanese in Japanese: no sentence was left as it is in English', () => {
    const english = new Map(sentencesOf(en))
    const same = sentencesOf(catalogues.ja).filter(
      // An example of a key is the same everywhere.
      ([path, sentence]) =>
        !path.endsWith('.keyPlaceholder') &&
        sentence === english.get(path) &&
        /[a-z]{3} [a-z]{3}/i.test(sentence.replaceAll(/\{\w+\}|`[^`]*`/g, '')),
    )

    expect(same).toEqual([])
    for (const [path, sentence] of sentencesOf(catalogues.ja.problems)) expect(sentence, path).toMatch(/[。)]$/)
    for (const [path, sentence] of sentencesOf(catalogues.ja.findings)) expect(sentence, path).toMatch(/[。)]$/)
  })

  it('still names a code that another version has brought', () => {
    expect(problem(en, 'from-the-future').happened).toContain('({code})')
    expect(problem(en, 'constructor').happened).toContain('({code})')
  })
})

/** Every sentence with the way to it. */
function sentencesOf(part: unknown, path = ''): readonly (readonly [string, string])[] {
  if (typeof part === 'string') return [[path, part]]
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([key, value]) => sentencesOf(value, path === '' ? key : `${path}.${key}`))
}

describe('fill', () => {
  it('puts names into their places and marks those it was not given', () => {
    expect(fill('{user} on {instance}', { user: 'opc' })).toBe('opc on ?')
  })

  it('does not fill what a name brings along', () => {
    expect(fill('{a} {b}', { a: '{b}', b: 'x' })).toBe('{b} x')
  })
})
