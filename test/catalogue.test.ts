/** The catalogues have words for the codes that other rooms list; those rooms know nothing of languages, and the catalogues nothing of them. */
import { describe, expect, it } from 'vitest'
import { AWAITED } from '../core/console/nothing-appeared.ts'
import { catalogues } from '../core/i18n/catalogue.ts'
import { REASONS } from '../core/record/reasons.ts'

const { en } = catalogues

describe('the catalogue', () => {
  it('has a sentence for every reason of a change, with what it names', () => {
    const sentences: Readonly<Record<string, string>> = en.reasons
    const places = (sentence = '') => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)

    expect(Object.keys(sentences).sort()).toEqual(Object.keys(REASONS).sort())
    for (const [code, names] of Object.entries(REASONS))
      expect([...new Set(places(sentences[code]))].sort(), code).toEqual([...names].sort())
  })

  it('has words for all that is waited for', () => {
    expect(Object.keys(en.terms.what).sort()).toEqual([...AWAITED].sort())
  })
})
