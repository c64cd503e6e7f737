import { expect, it } from 'vitest'
import { MASK } from '../record/masking.ts'
import { maskRows } from './masked-rows.ts'

const BOX = 75

/** A line as GRUB's editor shows it: broken by the width of the box, marked where it goes on. */
function boxed(line: string): string[] {
  const rows = Math.ceil(line.length / BOX)
  return Array.from({ length: rows }, (_, row) => {
    const mark = row < rows - 1 ? '\\' : ' '
    return ` |${line.slice(row * BOX, (row + 1) * BOX).padEnd(BOX)}${mark}|`
  })
}

it('leaves rows alone that hold no secret', () => {
  const rows = ['web-1 login: ', '', ...boxed('linux /vmlinuz '.repeat(20))]

  expect(maskRows(rows, 80, () => true)).toEqual(rows)
})

it('hides a secret within a row', () => {
  expect(maskRows(['password=hunter2 user=opc', 'next'], 80)).toEqual([`password=${MASK} user=opc`, 'next'])
})

it('hides both parts of a secret that the terminal broke, and nothing behind it', () => {
  const rows = [`${'x'.repeat(66)} password=hunt`, 'er2 user=opc']

  expect(maskRows(rows, 80, (index) => index === 0)).toEqual([`${'x'.repeat(66)} password=${MASK}`, `${MASK} user=opc`])
})

it('hides a secret whose name stands in the row before', () => {
  expect(maskRows([`${'x'.repeat(65)} Bearer`, 'abcdefghij0123 end'], 80, () => true)).toEqual([
    `${'x'.repeat(65)} Bearer`,
    `${MASK} end`,
  ])
})

it('hides what a box breaks, at any column, and keeps the box as it was', () => {
  for (let before = 40; before < 80; before += 1) {
    const rows = boxed(`${'x'.repeat(before)} rd.password=hunter2hunter2 ro`)

    const masked = maskRows(rows, 80)

    expect(masked.join('')).not.toMatch(/hunt|unte|nter|er2h/)
    expect(masked.map((row) => row.length)).toEqual(rows.map((row) => row.length))
    expect(masked.map((row) => [row[1], row.at(-2), row.at(-1)])).toEqual(
      rows.map((row) => [row[1], row.at(-2), row.at(-1)]),
    )
  }
})

it('does not put rows together that are lines of their own', () => {
  expect(maskRows(['Password:', 'opc is not in the sudoers file'], 80)).toEqual([
    'Password:',
    'opc is not in the sudoers file',
  ])
})
