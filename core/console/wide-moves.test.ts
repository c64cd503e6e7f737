import { expect, it } from 'vitest'
import { WideMoves } from './wide-moves.ts'

function repaired(...pieces: string[]): string {
  const moves = new WideMoves()
  return pieces.map((piece) => Buffer.from(moves.repair(Buffer.from(piece, 'latin1'))).toString('latin1')).join('')
}

it('writes the columns from 100 on in digits, as old edk2 does not', () => {
  expect(repaired('\u001b[23;:0H^\u001b[05;<7Hx\u001b[01;H0H')).toBe('\u001b[23;100H^\u001b[05;127Hx\u001b[01;240H')
})

it('finds them also where the line cut them', () => {
  expect(repaired(...'\u001b[23;:0H^')).toBe('\u001b[23;100H^')
})

it('leaves all other sequences and bytes alone', () => {
  const text = '\u001b[05;03H\u001b[0m\u00da\u00c4\u001b[12H5H\u001b[?25l\u001b]0;t\u0007'

  expect(repaired(text)).toBe(text)
  expect(repaired(...text)).toBe(text)
})
