import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeLines, ENCODERS, encodingOf } from './encoding.ts'

/** A bash whose input is a socket takes its caller for a remote shell, and reads its start-up file. */
const NO_RC = { bash: ['--norc'], dash: [] }

/** What the shell's own encoder needs besides. */
const HELPER = '_i(){ i=$((i+1));[ $i != 32 ]||{ i=0;echo;};}'
const there = ENCODERS.filter((name) => name === 'shell' || existsSync(`/usr/bin/${name}`))

it.each(there.flatMap((encoder) => [[encoder, 'bash'] as const, [encoder, 'dash'] as const]))(
  'puts bytes into lines that pass any terminal, and back, with %s in %s',
  (encoder, shell) => {
    const { script, width, bytesPerLine } = encodingOf({ encoder, isBash: shell === 'bash' })
    // Another sh than bash has no NUL.
    const byte = fc.integer({ min: encoder === 'shell' && shell !== 'bash' ? 1 : 0, max: 255 })
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 150 }), (numbers) => {
        const bytes = Uint8Array.from(numbers)
        const env = { LC_ALL: 'C', PATH: process.env.PATH }
        const text = execFileSync(shell, [...NO_RC[shell], '-c', `${HELPER};_E(){ ${script};};_E`], {
          input: bytes,
          env,
          encoding: 'utf8',
        })
        const lines = text.split('\n').slice(0, -1)

        expect(new Uint8Array(decodeLines(encoder, lines.join('\n')))).toEqual(bytes)
        expect(lines).toHaveLength(Math.ceil(bytes.length / bytesPerLine))
        expect(lines.slice(0, -1).every((line) => line.length === width && /^[\w+/=]+$/.test(line))).toBe(true)
      }),
      { numRuns: 15 },
    )
  },
)
