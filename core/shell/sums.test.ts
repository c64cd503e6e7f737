import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { remoteFunctions } from './remote-functions.ts'
import { cksum, ownSum, SUM_TOOLS, textSum, toolSum } from './sums.ts'
import { surroundingsOf } from './surroundings.ts'

/** A bash whose input is a socket takes its caller for a remote shell, and reads its start-up file. */
const NO_RC = { bash: ['--norc'], dash: [] }

it.each(SUM_TOOLS)('computes what %s prints', (tool) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 700 }), (bytes) => {
      const printed = execFileSync(tool, { input: bytes, encoding: 'utf8' })
      expect(printed.split(/\s/)[0]).toBe(toolSum(tool, bytes))
    }),
    { numRuns: 20 },
  )
  expect(cksum(Buffer.from(''))).toBe(4294967295)
})

it.each([
  ['bash', ['cksum']],
  ['bash', []],
  ['dash', ['cksum']],
  ['dash', []],
] as const)('computes what the functions for %s with the tools %j leave in k', (shell, tools) => {
  const surroundings = surroundingsOf(
    shell === 'bash',
    [...tools, 'rm'],
    shell === 'bash' ? '/dev/null/none' : undefined,
  )
  const functions = remoteFunctions(surroundings, 'PROMPT').replace(/;_o$/, '')
  const text = fc.string({ unit: 'binary', maxLength: 120 }).filter((one) => !one.includes('\0') && one.isWellFormed())
  fc.assert(
    fc.property(text, (one) => {
      const place = shell === 'bash' ? 'f=$(mktemp);_o;' : ''
      const script = `${functions};${place}m=123456;_t "$1";echo "$k"`
      const printed = execFileSync(shell, [...NO_RC[shell], '-c', script, 'sh', one], { encoding: 'utf8' })
      expect(printed.trim()).toBe(textSum(surroundings.sum, 123_456, one))
    }),
    { numRuns: 20 },
  )
})

it('gives another sum when two letters change places, or one takes the place of another', () => {
  expect(ownSum(1, '100 10')).not.toBe(ownSum(1, '10 100'))
  expect(ownSum(1, 'ab')).not.toBe(ownSum(1, 'ba'))
})
