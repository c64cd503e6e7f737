import { describe, expect, it } from 'vitest'
import { begunWith, meant } from './suggest.ts'

const KNOWN = ['replace-key', 'fstab', 'fsck', 'stop', 'status', 'unlock', 'undo']

describe('what was meant', () => {
  it.each([
    ['replce-key', 'replace-key'],
    ['Replace-Kye', 'replace-key'],
    ['fsatb', 'fstab'],
    ['stauts', 'status'],
    ['unlok', 'unlock'],
    ['fsckk', 'fsck'],
  ])('by %s is %s', (typed, word) => {
    expect(meant(typed, KNOWN)).toBe(word)
  })

  it.each(['revive', '', 'x', 'ls', 'web-1'])('by %j is nothing that is known', (typed) => {
    expect(meant(typed, KNOWN)).toBeUndefined()
  })

  it('by the beginning of a word is that word, when there is only one', () => {
    expect(begunWith('rep', KNOWN)).toBe('replace-key')
    expect(begunWith('fs', KNOWN)).toBeUndefined()
    expect(begunWith('', KNOWN)).toBeUndefined()
  })
})
