import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inventoryOf, listed, manyInstances } from '../../test/helpers/inventory.ts'
import { directoryOf } from './directory.ts'
import { search } from './search.ts'

const INSTANCES = [
  listed('web-10', { addresses: ['203.0.113.10', '10.0.0.10'] }),
  listed('web-2', { addresses: ['10.0.0.2'] }),
  listed('web-1', { state: 'STOPPED', addresses: ['10.0.0.1'] }),
  listed('old-web', { state: 'STOPPED' }),
  listed('cobweb', { shape: 'BM.Standard.E4.128' }),
  listed('Mail Server', { compartment: 'shared/web' }),
  listed('web-1', { id: 'ocid1.instance.oc1.ap-tokyo-1.twin', compartment: 'apps/stage' }),
  listed('本番-db', { state: 'STARTING', addresses: ['2001:db8::7'] }),
]
const directory = directoryOf({ inventory: inventoryOf(...INSTANCES), listedAt: new Date(0) })
const names = (typed: string, most = 100) => search(directory, typed, most).map(({ name }) => name)

describe('search', () => {
  it('has what is called so first, then what begins so, words of names, parts of names, and all else', () => {
    expect(names('web-1')).toEqual(['web-1', 'web-1', 'web-10'])
    expect(names('web')).toEqual(['web-1', 'web-2', 'web-10', 'web-1', 'old-web', 'cobweb', 'Mail Server'])
  })

  it('has those that run before those that are stopped, and numbers in their order', () => {
    expect(search(directory, 'web-', 3).map(({ state }) => state)).toEqual(['RUNNING', 'RUNNING', 'RUNNING'])
    expect(names('web-').slice(0, 3)).toEqual(['web-1', 'web-2', 'web-10'])
  })

  it.each([
    ['a public address', '203.0.113.10', ['web-10']],
    ['a private address, which is no other’s beginning', '10.0.0.1', ['web-1', 'web-10']],
    ['an IPv6 address', '2001:DB8::7', ['本番-db']],
    ['the OCID', 'ocid1.instance.oc1.ap-tokyo-1.twin', ['web-1']],
    ['the end of the OCID', 'twin', ['web-1']],
    ['the shape', 'bm.standard', ['cobweb']],
    ['the state', 'starting', ['本番-db']],
    ['the compartment', 'stage', ['web-1']],
    ['a name with blanks', 'mail server', ['Mail Server']],
    ['several things at once, in any order', 'stopped old', ['old-web']],
    ['another alphabet', '本番', ['本番-db']],
  ])('finds by %s', (_, typed, expected) => {
    expect(names(typed)).toEqual(expected)
  })

  it('finds nothing where one of the words stands nowhere', () => {
    expect(names('web nowhere')).toEqual([])
  })

  it('offers the first of all before anything is typed', () => {
    expect(names('  ', 3)).toEqual(['cobweb', 'Mail Server', 'web-1'])
  })

  it('gives what a plain look at every instance gives, in whatever order, and never more than asked for', () => {
    const many = directoryOf({ inventory: manyInstances(300), listedAt: new Date(0) })
    const all = many.entries.map(({ instance }) => instance)
    const word = fc.constantFrom('web', 'tokyo', '001', '10.', 'prod', 'STOPPED', 'A1', 'zz', '203.0.0.1')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), fc.integer({ min: 1, max: 400 }), (words, most) => {
        const found = search(many, words.join(' '), most)
        const plain = all.filter(({ name, state, shape, compartment, id, cards }) => {
          const text = [name, state, shape, compartment, id, ...cards.flatMap(({ addresses }) => addresses)].join('\n')
          return words.every((one) => text.toLowerCase().includes(one.toLowerCase()))
        })
        expect(found).toHaveLength(Math.min(plain.length, most))
        expect(new Set(found).size).toBe(found.length)
        expect(found.every((one) => plain.includes(one))).toBe(true)
      }),
    )
  })
})
