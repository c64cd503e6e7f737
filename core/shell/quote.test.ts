import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { escapeForPrintf, posixCommand, quote } from './quote.ts'

/** A bash whose input is a socket takes its caller for a remote shell, and reads its start-up file. */
const NO_RC = { bash: ['--norc'], dash: [] }

it('gives bash exactly the words, as printable ASCII', () => {
  const word = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !text.includes('\0') && text.isWellFormed())
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
      const typed = words.map(quote).join(' ')
      const printed = execFileSync('bash', ['--norc', '-c', `printf '%s\\0' ${typed}`], { encoding: 'utf8' })

      expect(typed).toMatch(/^[ -~]*$/)
      expect(printed.split('\0').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 40 },
  )
})

it.each(['dash', 'bash'] as const)('gives %s, which may know no more than POSIX, exactly the words', (shell) => {
  const word = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0') && text.isWellFormed())
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), (words) => {
      const typed = posixCommand(['printf', '%s\\0', ...words])
      const printed = execFileSync(shell, [...NO_RC[shell], '-c', typed], { encoding: 'utf8', env: { LC_ALL: 'C' } })

      expect(typed).toMatch(/^[ -~]*$/)
      expect(printed.split('\0').slice(0, -1)).toEqual(words)
    }),
    { numRuns: 40 },
  )
})

it('writes any bytes so that printf gives them back', () => {
  const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256)
  const printed = execFileSync('sh', ['-c', 'printf %b "$1"', 'sh', escapeForPrintf(bytes)])

  expect(new Uint8Array(printed)).toEqual(bytes)
})

it('quotes the empty word', () => {
  expect(quote('')).toBe("''")
})
