import { expect, it } from 'vitest'
import { MOST_BYTES, ReplayBytes } from './replay-bytes.ts'

it('keeps what came since a place in the stream', () => {
  const replay = new ReplayBytes()
  replay.add(Buffer.from('before the clear'))
  replay.add(Buffer.from(' and after'))
  replay.dropBefore(16)

  expect(Buffer.from(replay.bytes).toString()).toBe(' and after')
})

it('keeps the newest bytes, and never more than it may', () => {
  const replay = new ReplayBytes()
  for (let piece = 0; piece < 100; piece += 1) {
    replay.add(Buffer.alloc(10_000, piece))
    expect(replay.bytes.length).toBeLessThanOrEqual(MOST_BYTES)
  }
  replay.add(Buffer.alloc(2 * MOST_BYTES, 0xff))

  expect(replay.bytes.length).toBe(MOST_BYTES)
  expect(replay.bytes.every((byte) => byte === 0xff)).toBe(true)
})

it('counts places in the stream also when the oldest bytes have gone', () => {
  const replay = new ReplayBytes()
  replay.add(Buffer.from('0123456789'), 8)
  replay.dropBefore(9)

  expect(Buffer.from(replay.bytes).toString()).toBe('9')
})
