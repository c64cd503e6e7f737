import { expect, it } from 'vitest'
import { rowsOf } from './rows.ts'

it('counts lines as an editor does, whatever ends them', () => {
  expect(rowsOf('a\r\nb\n\nc')).toEqual([
    { number: 1, text: 'a' },
    { number: 2, text: 'b' },
    { number: 3, text: '' },
    { number: 4, text: 'c' },
  ])
  expect(rowsOf('a\r\r\nb').map(({ number }) => number)).toEqual([1, 2])
  expect(rowsOf('a\rb\rc').map(({ number }) => number)).toEqual([1, 2, 3])
})

it('keeps of a spinner how it looked last', () => {
  const frames = [1, 2, 3].map((n) => `\r\u001b[K[*     ] A start job is running for /data (${n}s / 1min 30s)`)

  expect(rowsOf(`x\n${frames.join('')}\n${frames[1]}`)).toEqual([
    { number: 1, text: 'x' },
    { number: 3, text: '[*     ] A start job is running for /data (2s / 1min 30s)' },
  ])
})

it('looks at a line without end in parts', () => {
  const rows = rowsOf('x'.repeat(5000))

  expect(rows.map(({ text }) => text.length)).toEqual([2048, 2048, 904])
  expect(new Set(rows.map(({ number }) => number))).toEqual(new Set([1]))
})
