import fc from 'fast-check'
import { expect, it } from 'vitest'
import { moment, recording, shown } from '../../test/helpers/recordings.ts'
import { Screen } from './screen.ts'

async function after(...pieces: Array<string | Uint8Array>) {
  using screen = new Screen()
  for (const piece of pieces) await screen.feed(Buffer.from(piece))
  return { view: screen.view(), picture: screen.picture() }
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

it('goes back to the size of Linux after a firmware’s, and shows what came since then', async () => {
  const { view } = await after(
    recording('efi-console-100'),
    '\u001b[2J\u001b[01;01H[    0.000000] Linux version 6\r\nx',
  )

  expect([view.terminal, view.columns, view.rows.length]).toEqual(['plain', 80, 24])
  expect(view.text).toBe('[    0.000000] Linux version 6\nx')
})

it('shows a screen of 100 by 31 that was drawn before anybody knew its size', async () => {
  const { view } = await after(moment('efi-console-100.01-menu').bytes)

  expect(view.rows[3]).toBe(` ┌${'─'.repeat(96)}┐`)
  expect(view.rows[26]).toMatch(/^ {6}Press enter to boot the selected OS/)
  expect(view.highlighted.indexOf(true)).toBe(4)
})

it('says whether a visible cursor tells that all is drawn', async () => {
  expect((await after(moment('efi-console-100.01-menu').bytes)).view.showsDrawingEnd).toBe(false)
  expect((await after(moment('menu.01-menu-countdown').bytes)).view.showsDrawingEnd).toBe(true)
})

it('loses and doubles no line of the transcript when the terminal changes', () => {
  using screen = new Screen()
  const lines = Array.from({ length: 40 }, (_, n) => `[    ${n}.000000] line ${n}`)
  screen.feed(Buffer.from(`\u001b[H\u001b[J\u001b[1;1H${lines.join('\r\n')}\r\n`))
  screen.feed(Buffer.from('\u001bc\u001b[?7l\u001b[2J\u001b[0mSeaBIOS (version 1)\r\n\u001b[2J'))

  expect(screen.takeGone().filter((line) => line !== '')).toEqual([...lines, 'SeaBIOS (version 1)'])
})

it('forgets what it was and how large, when the machine is about to begin anew', () => {
  using screen = new Screen()
  screen.feed(recording('efi-console-100'))
  screen.forget()
  const view = screen.view()

  expect([view.terminal, view.columns, view.rows.length, view.text, view.tail]).toEqual(['plain', 80, 24, '', ''])
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

it('is not reset by what is left of a firmware’s sequence whose rest was lost', async () => {
  const firmware = '\u001b[2J\u001b[01;01H\u001b[=3h\u001b[2J\u001b[01;01HDebian'
  const { view } = await after(
    `${firmware}\u001b[0m\u001b\u001bcrash\u001b[05;0\u001bc\u001b[06;01H`,
    '\u001b',
    'clear',
  )

  expect(view.text.split('\n')).toEqual(['Debiancrashc', '', '', '', '', 'clear'])
})

it('is not kept busy by numbers without end', async () => {
  const orders = ['S', 'T', 'L', 'M', 'b', 'I', 'Z', '@', 'P', 'X', 'A'].map((final) => `\u001b[2147483647${final}`)

  expect((await after(`x${orders.join('')}\u001b[H\u001b[J`, 'here')).view.text).toBe('here')
})

it('has no characters of other countries when line noise asked for them', async () => {
  expect((await after('\u001b(A\u001b)0\u001b*A\u001b+A\u001bn\u000e#q')).view.text).toBe('#q')
})

it('swallows a title that does end', async () => {
  expect((await after('\u001b]0;title\u0007shown')).view.text).toBe('shown')
})

it('is not led to another screen or character set by line noise', async () => {
  expect((await after('\u001b[?1049h\u001b(0\u000eabc')).view.text).toBe('abc')
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
      '\u001b[H\u001b[J\u001b[1;1H',
      '\u001b[=3h',
      '\u001b[2J\u001b[05;03H',
      '\u001b[23;:0H',
      '\u001bc\u001b[?7l',
      'EFI stub: x\r\n',
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

/** xorshift: the same noise each time. */
function noise(length: number, alphabet: (number: number) => number): Uint8Array {
  let seed = 0x2545f491
  return Uint8Array.from({ length }, () => {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    return alphabet(seed >>> 0)
  })
}

const SEQUENCES = '\u001b[0123456789;:?!$HJKmhlrSTLMbIZ@PXct]P_^\n'

it.each([
  ['random bytes', (number: number) => number & 0xff],
  ['control characters', (number: number) => ((number & 7) === 0 ? 0x1b : number & 0x1f)],
  ['control sequences', (number: number) => SEQUENCES.charCodeAt(number % SEQUENCES.length)],
  ['letters without a line end', (number: number) => 0x61 + (number % 26)],
])('still shows what comes after a megabyte of %s', (_, alphabet) => {
  using screen = new Screen()
  const piece = noise(64 * 1024, alphabet)
  for (let fed = 0; fed < 16; fed += 1) {
    screen.feed(piece)
    screen.view()
  }
  const longest = Math.max(...screen.takeGone().map((line) => line.length))
  screen.feed(Buffer.from('\u0018\u001bc\u001b[0m\r\nweb-1 login: '))

  expect(screen.view().beforeCursor).toBe('web-1 login: ')
  expect(longest).toBeLessThan(10_000)
})
