import fc from 'fast-check'
import { expect, it } from 'vitest'
import { shown } from '../../test/helpers/recordings.ts'
import { Screen } from './screen.ts'

async function after(...pieces: Array<string | Uint8Array>) {
  using screen = new Screen()
  for (const piece of pieces) await screen.feed(Buffer.from(piece))
  return { view: screen.view(), picture: screen.picture(), recent: screen.recent(1000) }
}

it('joins the rows that one long line was wrapped over', async () => {
  const line = 'Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) and so on and on'
  const { view } = await after(`${line}\r\nnext`)

  expect(view.lines.slice(0, 2)).toEqual([
    { text: line, first: 0, last: 1 },
    { text: 'next', first: 2, last: 2 },
  ])
})

it('shows the cursor’s line up to the cursor, trailing blanks included', async () => {
  const { view } = await after('Debian\r\n\r\nweb-1 login: ')

  expect([view.beforeCursor, view.cursorLine]).toEqual(['web-1 login: ', 'web-1 login:'])
})

it('goes on wrapping lines after SeaBIOS turned that off', async () => {
  const { view } = await after(`\u001bc\u001b[?7l\u001b[2J${'x'.repeat(100)}`)

  expect(view.rows.slice(0, 2)).toEqual(['x'.repeat(80), 'x'.repeat(20)])
})

it('knows whether the cursor is hidden', async () => {
  expect((await after('\u001b[?25l')).view.cursor.visible).toBe(false)
  expect((await after('\u001b[?25l', '\u001b[?25h')).view.cursor.visible).toBe(true)
})

it('shows CP437 box drawing as what it means, and UTF-8 as UTF-8, also cut in two', async () => {
  const { view } = await after(Buffer.from([0xda, 0xc4, 0x20, 0xb3, 0x20, 0xc3]), Buffer.from([0xa4]))

  expect(view.rows[0]).toBe('┌─ │ ä')
})

it('is not silenced by an OSC or DCS that never ends', async () => {
  expect((await after('\u001b]0;title without end\r\nweb-1 login: ')).view.text).toContain('web-1 login:')
  expect((await after(`\u001bP${'x'.repeat(600)}`, 'here')).view.text).toContain('here')
})

it('swallows a title that does end', async () => {
  expect((await after('\u001b]0;title\u0007shown')).view.text).toBe('shown')
})

it('is not led to another screen or character set by line noise', async () => {
  expect((await after('\u001b[?1049h\u001b(0\u000eabc')).view.text).toBe('abc')
})

it('keeps what scrolled away', async () => {
  const { recent } = await after(Array.from({ length: 100 }, (_, n) => `line ${n}\r\n`).join(''))

  expect(recent.slice(-3)).toEqual(['line 98', 'line 99', ''])
  expect(recent[0]).toBe('line 0')
})

it('draws runs of attributes', async () => {
  const { picture } = await after('plain \u001b[7minverse\u001b[m \u001b[1;31mred\u001b[m')

  expect(picture.rows[0]).toEqual([
    { text: 'plain ' },
    { text: 'inverse', inverse: true },
    { text: ' ' },
    { text: 'red', bold: true, fg: 1 },
  ])
  expect(picture).toMatchObject({ columns: 80, cursor: { row: 0, column: 17 } })
})

it('shows the same however the bytes are cut, whatever they are', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\u001b[H\u001b[J',
      '\u001b[7m',
      '\u001b[m',
      '\r\n',
      '\u001b]0;t\u0007',
      '\u001b[5;3H',
      'ä',
      '─',
      'login: ',
    ),
    fc.string({ maxLength: 20 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 12 }), fc.integer({ min: 1, max: 9 }), async (pieces, size) => {
      const bytes = Buffer.from(pieces.join(''))
      const { revision: _, ...whole } = await shown(bytes)
      const { revision: __, ...cut } = await shown(bytes, size)
      expect(cut).toEqual(whole)
    }),
    { numRuns: 40 },
  )
})
