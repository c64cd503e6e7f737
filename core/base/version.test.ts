import { expect, it } from 'vitest'
import { isAtLeast, readVersion } from './version.ts'

it.each([
  ['6.2.0', true],
  ['7.0.15', true],
  ['10.1', true],
  ['6.10', true],
  ['6.1.9', false],
  ['5.9', false],
])('compares %s by its numbers', (text, isEnough) => {
  const version = readVersion(text)

  expect(version !== undefined && isAtLeast(version, [6, 2])).toBe(isEnough)
})

it('finds none where there is none', () => {
  expect(readVersion('7')).toBeUndefined()
  expect(readVersion('')).toBeUndefined()
})
