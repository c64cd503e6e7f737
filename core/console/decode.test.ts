import { expect, it } from 'vitest'
import { Decoder } from './decode.ts'

it('reads UTF-8 where it is UTF-8 and CP437 where it is not', () => {
  expect(new Decoder().decode(Buffer.from('ä─€😀'))).toBe('ä─€😀')
  expect(new Decoder().decode(Uint8Array.of(0xda, 0xc4, 0x20, 0xb3))).toBe('┌─ │')
})

it('reads CP437 only, where it is told so, though a pair of the box is valid UTF-8', () => {
  const corner = Uint8Array.of(0xc4, 0xbf)

  expect(new Decoder().decode(corner)).toBe('Ŀ')
  expect(new Decoder('cp437').decode(corner)).toBe('─┐')
})

it('shows the arrows that PC-ANSI sends as control characters', () => {
  expect(new Decoder('cp437').decode(Uint8Array.of(0x18, 0x19))).toBe('↑↓')
})

it('finishes a character that the line cut', () => {
  const decoder = new Decoder()
  const cut = Array.from(Buffer.from('a─ä'), (byte) => decoder.decode(Uint8Array.of(byte)))

  expect(cut.join('')).toBe('a─ä')
})

it('makes no control characters of noise, and no pile of marks', () => {
  expect(new Decoder().decode(Uint8Array.of(0xc2, 0x9d, 0x41))).toBe('┬¥A')
  expect(new Decoder().decode(Buffer.from(`e${'\u0301'.repeat(1000)}`))).toBe('e')
})
