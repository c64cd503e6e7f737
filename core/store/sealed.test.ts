import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openSealedText, sealText } from './sealed.ts'

const key = createSecretKey(randomBytes(32))
const BOUND = 'R-7K2M9Q 0123456789abcdef'

it('gives back what was sealed, whatever it was', () => {
  const text = fc.string({ unit: 'binary', maxLength: 2000 }).filter((one) => !one.endsWith('\0'))
  fc.assert(
    fc.property(text, fc.string(), (secret, boundTo) => {
      expect(openSealedText(key, boundTo, sealText(key, boundTo, secret))).toBe(secret)
    }),
  )
})

it('is another text each time, and as long for a short secret as for a long one', () => {
  const [one, other, long] = [
    sealText(key, BOUND, 'a'),
    sealText(key, BOUND, 'a'),
    sealText(key, BOUND, 'a'.repeat(700)),
  ]

  expect(one).not.toBe(other)
  expect(one.length).toBe(long.length)
})

it('does not open for another rescue or question', () => {
  const sealed = sealText(key, BOUND, 'secret')

  expect(openSealedText(key, 'R-7K2M9R 0123456789abcdef', sealed)).toBeUndefined()
  expect(openSealedText(key, 'R-7K2M9Q fedcba9876543210', sealed)).toBeUndefined()
})

it('does not open with another key', () => {
  expect(openSealedText(createSecretKey(randomBytes(32)), BOUND, sealText(key, BOUND, 'secret'))).toBeUndefined()
})

it('does not open once any one bit of it was changed, or its end cut off', () => {
  const sealed = Buffer.from(sealText(key, BOUND, 'secret'), 'base64')
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at] = (sealed[at] ?? 0) ^ (1 << (at % 8))
    expect(openSealedText(key, BOUND, changed.toString('base64')), `byte ${at}`).toBeUndefined()
    expect(openSealedText(key, BOUND, sealed.subarray(0, at).toString('base64')), `${at} bytes`).toBeUndefined()
  }
})

it('takes nothing else for something sealed', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(openSealedText(key, BOUND, text)).toBeUndefined()
    }),
  )
})
