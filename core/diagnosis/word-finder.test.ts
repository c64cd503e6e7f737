import fc from 'fast-check'
import { expect, it } from 'vitest'
import { WordFinder } from './word-finder.ts'

it('finds words in words, at the ends of words, and without regard to capitals', () => {
  const finder = new WordFinder(['she', 'he', 'hers', 'his'])

  expect(finder.find('uSHErs')).toEqual([0, 1, 2])
  expect(finder.find('nothing …')).toEqual([])
})

it('finds what a search for each word finds', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 4 })

  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 1, maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('a', 'b', ' ') }),
      (words, text) => {
        const found = words.flatMap((each, index) => (text.includes(each) ? [index] : []))

        expect(new WordFinder(words).find(text)).toEqual(found)
      },
    ),
  )
})
