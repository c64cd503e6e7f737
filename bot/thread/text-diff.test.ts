import { applyPatch } from 'diff'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MASK } from '../../core/record/masking.ts'
import { preformatted } from '../slack/blocks.ts'
import { diffLines, shownDiff } from './text-diff.ts'

const lines = (...all: string[]) => `${all.join('\n')}\n`
const numbered = (count: number, word = 'line') =>
  lines(...Array.from({ length: count }, (_, index) => `${word} ${index}`))

/** What stands in a message, behind one of the two marks; a last line without an end is another one. */
function readLines(shown: string): (mark: string) => readonly string[] {
  const { elements } = preformatted(shown, '')
  const text = elements.flatMap(({ elements: parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')))
  const all = text.join('').replaceAll('\n\\ No newline', ' (no newline)').split('\n')
  return (mark) => all.filter((line) => line.startsWith(mark)).map((line) => line.slice(1))
}

/** What `patch` would make of it. */
function applied(before: string, after: string): string | false {
  return applyPatch(before, ['--- x', '+++ x', ...diffLines(before, after), ''].join('\n'))
}

describe('the difference of two texts', () => {
  it('shows what changes with three lines around it', () => {
    const before = lines('1', '2', '3', '4', '5', '6', '7', '8', '9')
    const after = before.replace('5', 'five')

    expect(shownDiff(diffLines(before, after), 1000)).toEqual({
      text: ['@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'].join('\n'),
      hidden: 0,
      isMarked: false,
    })
  })

  it('shows a new file whole', () => {
    expect(diffLines(null, 'a\nb\n')).toEqual(['@@ -0,0 +1,2 @@', '+a', '+b'])
  })

  it('hides secrets that the file has, in what stays, goes, and is written anew with them', () => {
    const old = '//nas/x /mnt cifs username=svc,password=Zebra7 0 0\n'
    const shown = diffLines(`token=Otter5\n${old}`, `token=Otter5\n${old.replace(' 0 0', ',nofail 0 0')}`)

    expect(shown).toEqual([
      '@@ -1,2 +1,2 @@',
      ` token=${MASK}`,
      `-//nas/x /mnt cifs username=svc,password=${MASK} 0 0`,
      `+//nas/x /mnt cifs username=svc,password=${MASK},nofail 0 0`,
    ])
  })

  it('hides nothing that is new: it is what is approved', () => {
    expect(diffLines('password="Zebra7"\n', 'password="Zebra7; $(reboot)"\n')).toEqual([
      '@@ -1,1 +1,1 @@',
      `-password="${MASK}"`,
      '+password="Zebra7; $(reboot)"',
    ])
  })

  it('hides what comes back, for it was there before', () => {
    expect(diffLines('', 'password=Zebra7\n', () => true)).toEqual(['@@ -0,0 +1,1 @@', `+password=${MASK}`])
  })

  it('hides a private key that stands beside a change, line by line', () => {
    const [head, tail] = ['BEGIN', 'END'].map((end) => `-----${end} ${'PRIVATE'} KEY-----`)
    const before = `x\n${head}\nAAAA\nBBBB\n${tail}\ny\n`
    const shown = diffLines(before, before.replace('y', 'z'))

    expect(shown.at(-1)).toBe('+z')
    expect(shown.join('\n')).not.toMatch(/AAAA|BBBB/)
    expect(shown.filter((line) => line.startsWith(' '))).toHaveLength(3)
  })

  it('says that a last line has no line end', () => {
    expect(diffLines('a\n', 'a').join('\n')).toContain('No newline at end of file')
  })

  it('keeps whole lines and counts those that have no room', () => {
    const { text, hidden } = shownDiff(diffLines(null, numbered(50)), 100)

    expect(text.length).toBeLessThanOrEqual(100)
    expect(text.split('\n').length + hidden).toBe(51)
  })

  it('never takes more room than it has, whatever the texts are', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 400 }), (before, after, most) => {
        expect(shownDiff(diffLines(before, after), most).text.length).toBeLessThanOrEqual(most)
      }),
    )
  })

  it('is whole: it makes the one text of the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c\n', '\n', 'dd\n'), { maxLength: 40 }).map((all) => all.join(''))
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(applied(before, after)).toBe(after)
      }),
    )
  })

  it('shows it to whoever reads, whatever the texts are: what goes and what comes never look alike', () => {
    const unit = fc.constantFrom('a', 'b', ' ', '\t', '\n', '\r\n', '\u200b', '\u202e', '\u00a0', '\ufeff', '<U+200B>')
    const text = fc.oneof(fc.string({ unit, maxLength: 20 }), fc.string({ unit: 'binary', maxLength: 20 }))
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after)
        const read = readLines(shownDiff(diffLines(before, after), 2700).text)
        expect(read('-')).not.toEqual(read('+'))
      }),
      { numRuns: 2000 },
    )
  })

  it.each([
    ['in their midst', (text: string) => `${numbered(20, 'begin')}${text}${numbered(20, 'end')}`],
    ['wholly', (text: string) => text],
    ['up to an end without a line end', (text: string) => `same\n${text.trimEnd()}`],
  ])('of texts that differ very much, %s, is one piece, and as true', (_, around) => {
    const [before, after] = [around(numbered(4000, 'old')), around(numbered(3000, 'new'))]

    expect(diffLines(before, after).filter((line) => line.startsWith('@@'))).toHaveLength(1)
    expect(applied(before, after)).toBe(after)
    expect(applied(before, '')).toBe('')
    expect(applied('', after)).toBe(after)
  })
})
