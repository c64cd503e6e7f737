import { expect, it } from 'vitest'
import { sleep } from '../base/deadline.ts'
import { Gathering } from './gathering.ts'

const PIECE = Buffer.alloc(256, '.')

/** Adds pieces until one of them is to be looked at later. */
function talk(gathering: Gathering): void {
  while (gathering.add(PIECE)) gathering.seen()
}

async function isDue(start: (gathering: Gathering) => void): Promise<Gathering> {
  const { promise, resolve } = Promise.withResolvers<Gathering>()
  const gathering = new Gathering(() => resolve(gathering))
  start(gathering)
  return await promise
}

it('wants the beginning looked at piece by piece', () => {
  const gathering = new Gathering(() => undefined)

  expect([gathering.add(Buffer.from('a')), gathering.add(Buffer.from('b'))]).toEqual([true, true])
})

it('gathers a talk that goes on, and wants it looked at when it pauses', async () => {
  const gathering = await isDue(talk)

  expect(gathering.hasUnseen).toBe(true)
  gathering.seen()
  expect(gathering.hasUnseen).toBe(false)
})

it('wants the next beginning looked at again', async () => {
  const gathering = await isDue(talk)
  gathering.seen()

  expect(gathering.add(PIECE)).toBe(true)
})

it('wants the answer to a key looked at piece by piece, also in the middle of a talk', () => {
  const gathering = new Gathering(() => undefined)
  talk(gathering)
  gathering.expectAnswer()

  expect(gathering.add(PIECE)).toBe(true)
})

it('wants a line looked at that never pauses', async () => {
  const stop = new AbortController()
  const gathering = await isDue((own) => {
    talk(own)
    void chatter(own, stop.signal)
  })
  stop.abort()

  expect(gathering.hasUnseen).toBe(true)
})

async function chatter(gathering: Gathering, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    gathering.add(Buffer.from('.'))
    await sleep(1, new AbortController().signal)
  }
}

it('lets no more than a screen of a log pass that was not looked at', () => {
  const gathering = new Gathering(() => undefined)
  talk(gathering)

  const isDue = Array.from({ length: 7 }, () => gathering.add(PIECE))
  expect(isDue).toEqual([...Array.from({ length: 6 }, () => false), true])
})

it.each([
  ['at once', ['executed in 5s.\u001b[4;78H']],
  ['byte by byte', [...'5s.\u001b[4;78H']],
])('wants a screen looked at whose cursor was put in its place: %s', (_, pieces) => {
  const gathering = new Gathering(() => undefined)
  talk(gathering)

  const isDue = pieces.map((piece) => gathering.add(Buffer.from(piece)))
  expect(isDue).toEqual(pieces.map((_piece, index) => index === pieces.length - 1))
})

it('takes no H of a log for that', () => {
  const gathering = new Gathering(() => undefined)
  talk(gathering)

  expect(gathering.add(Buffer.from('cpu 0: 2400 MH'))).toBe(false)
})

it('gives back all that came, once and in order', () => {
  const gathering = new Gathering(() => undefined)
  for (const word of ['one ', 'two ', 'three']) gathering.add(Buffer.from(word))

  expect(Buffer.from(gathering.take() ?? []).toString()).toBe('one two three')
  expect(gathering.take()).toBeUndefined()
})
