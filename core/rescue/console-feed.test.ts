import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SimulatedLine } from '../../test/helpers/simulated-line.ts'
import { Console } from '../console/console.ts'
import type { EventOf, RescueEvent, ScreenPicture } from '../record/events.ts'
import { mask } from '../record/masking.ts'
import { ConsoleFeed } from './console-feed.ts'

/** A feed, and what it says about a console that says `pieces`, with a look at the screen after each. */
async function fed(pieces: readonly string[]) {
  const line = new SimulatedLine(() => undefined)
  await using console = new Console(line)
  const events: EventOf<'console'>[] = []
  const feed = new ConsoleFeed(
    console,
    async (event: RescueEvent) => {
      if (event.type === 'console') events.push(event)
    },
    mask,
  )
  const screens: string[][] = []
  const pictures: ScreenPicture[] = []
  for (const piece of pieces) {
    const { revision } = console.view()
    line.say(Buffer.from(piece))
    const read = (view: { revision: number }) => (view.revision > revision ? true : undefined)
    await console.until('shell-prompt', read, 10_000, AbortSignal.timeout(20_000))
    pictures.push(feed.maskedPicture())
    screens.push(feed.maskedScreen())
  }
  await feed[Symbol.asyncDispose]()
  return { events, screens, pictures }
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index}\r\n`)
}

it('says every line once, in order: those that scrolled away and those on the screen', async () => {
  const { events } = await fed(numbered(60))

  const said = [...events.flatMap(({ scrolled }) => scrolled), ...(events.at(-1)?.rows ?? [])]
  expect(said).toEqual(numbered(60).map((line) => line.trimEnd()))
})

it('gives lines that the terminal broke as the lines they were', async () => {
  const long = 'word '.repeat(40).trim()

  const { events } = await fed([`${long}\r\n`, ...numbered(3)])

  expect(events.at(-1)?.rows).toEqual([long, 'line 0', 'line 1', 'line 2'])
})

it('says nothing when nothing is new', async () => {
  const { events } = await fed([])

  expect(events).toEqual([])
})

it('says what comes while it writes, too', async () => {
  const line = new SimulatedLine(() => undefined)
  await using console = new Console(line)
  const rows: string[][] = []
  const written = Promise.withResolvers<void>()
  const feed = new ConsoleFeed(
    console,
    async (event) => {
      if (event.type === 'console') rows.push(event.rows)
      await written.promise
    },
    mask,
  )
  line.say(Buffer.from('first\r\n'))
  await expect.poll(() => rows).toEqual([['first']])

  line.say(Buffer.from('second\r\n'))
  await console.until(
    'shell-prompt',
    (view) => (view.text.includes('second') ? true : undefined),
    5000,
    AbortSignal.timeout(9000),
  )
  const closing = feed[Symbol.asyncDispose]()
  written.resolve()
  await closing

  expect(rows.at(-1)).toEqual(['first', 'second'])
})

it('ends without a word when the log takes nothing more', async () => {
  const line = new SimulatedLine(() => undefined)
  await using console = new Console(line)
  const feed = new ConsoleFeed(console, () => Promise.reject(new Error('fenced off')), mask)
  line.say(Buffer.from('something\r\n'))

  await feed[Symbol.asyncDispose]()
})

/** Nothing else in these texts has these two letters. */
const SECRET = 'Z9'.repeat(60)
const LEAK = /[Z9]{3}/

const filler = fc.integer({ min: 0, max: 170 }).map((length) => 'lorem ipsum dolor, '.repeat(9).slice(0, length))
const secretLine = fc
  .tuple(filler, fc.constantFrom('password=', 'token: ', 'Authorization: Bearer ', '--password '), filler)
  .map(([before, name, after]) => `${before} ${name}${SECRET} ${after}`)

it('shows no part of a secret, however long the lines are and whenever somebody looks', async () => {
  const lines = fc.array(fc.oneof(filler, secretLine), { minLength: 1, maxLength: 30 })
  const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(lines, sizes, async (texts, cuts) => {
      const { events, screens, pictures } = await fed(cut(texts.map((text) => `${text}\r\n`).join(''), cuts))

      expect(JSON.stringify([events, screens, pictures])).not.toMatch(LEAK)
    }),
    { numRuns: 60 },
  )
})

it('shows no part of a private key whose beginning has left the screen', async () => {
  const key = [
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    ...Array(40).fill('Z9'.repeat(35)),
    '-----END OPENSSH PRIVATE KEY-----',
  ]

  const { events, screens, pictures } = await fed([...key, 'after it'].map((text) => `${text}\r\n`))

  expect(JSON.stringify([events, screens, pictures])).not.toMatch(LEAK)
  expect(screens.at(-1)).toContain('after it')
})

function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const size = sizes[pieces.length % sizes.length] ?? 1
    pieces.push(text.slice(at, at + size))
    at += size
  }
  return pieces
}
