import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cksum, isChecksumOf } from './checksum.ts'
import { quote } from './quote.ts'

it('gives bash exactly the words, as printable ASCII', () => {
  const word = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0') && text.isWellFormed())
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const typed = words.map(quote).join(' ')
      const printed = execFileSync('bash', ['-c', `printf '%s\\0' ${typed}`], { encoding: 'utf8' })

      expect(typed).toMatch(/^[ -~]*$/)
      expect(printed.split('\0').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 40 },
  )
})

it('quotes the empty word', () => {
  expect(quote('')).toBe("$''")
})

it('computes the checksum that cksum prints', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      const printed = execFileSync('cksum', { input: bytes, encoding: 'utf8' })
      expect(isChecksumOf(printed, bytes)).toBe(true)
      expect(isChecksumOf(printed, Uint8Array.from([...bytes, 0]))).toBe(false)
    }),
    { numRuns: 20 },
  )
  expect(cksum(Buffer.from(''))).toBe(4294967295)
})
