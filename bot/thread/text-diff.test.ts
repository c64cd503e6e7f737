import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textDiff } from './text-diff.ts'

const lines = (...all: string[]) => `${all.join('\n')}\n`

describe('the difference of two texts', () => {
  it('shows what changes with three lines around it', () => {
    const before = lines('1', '2', '3', '4', '5', '6', '7', '8', '9')
    const after = before.replace('5', 'five')

    expect(textDiff('/etc/x', before, after, 1000)).toEqual({
      text: ['@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'].join('\n'),
      hidden: 0,
    })
  })

  it('shows a new file whole', () => {
    expect(textDiff('/etc/x', null, 'a\nb\n', 1000).text).toBe('@@ -1,0 +1,2 @@\n+a\n+b')
  })

  it('says that a last line has no line end', () => {
    expect(textDiff('/etc/x', 'a\n', 'a', 1000).text).toContain('No newline at end of file')
  })

  it('keeps whole lines and counts those that have no room', () => {
    const after = lines(...Array.from({ length: 50 }, (_, index) => `line ${index}`))
    const { text, hidden } = textDiff('/etc/x', null, after, 100)

    expect(text.length).toBeLessThanOrEqual(100)
    expect(text.split('\n').length + hidden).toBe(51)
  })

  it('never takes more room than it has, whatever the texts are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 400 }), (before, after, most) => {
        expect(textDiff('/x', before, after, most).text.length).toBeLessThanOrEqual(most)
      }),
    )
  })
})
