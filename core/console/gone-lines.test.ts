import { describe, expect, it } from 'vitest'
import { Screen } from './screen.ts'

async function gone(...pieces: string[]): Promise<readonly string[]> {
  using screen = new Screen(20, 4)
  const taken: string[] = []
  for (const piece of pieces) {
    await screen.feed(Buffer.from(piece))
    taken.push(...screen.takeGone())
  }
  return taken
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`)

describe('what leaves the screen', () => {
  it('is every line that scrolls away, once and in order', async () => {
    expect(await gone(numbers(7).join('\r\n'))).toEqual(['line 0', 'line 1', 'line 2'])
  })

  it('is still every line when the scrollback has long been full', async () => {
    const all = numbers(3000)

    expect(await gone(all.slice(0, 1500).join('\r\n'), `\r\n${all.slice(1500).join('\r\n')}`)).toEqual(all.slice(0, -4))
  })

  it('is what a machine clears, too', async () => {
    expect(await gone('GNU GRUB\r\n menu', '\u001b[H\u001b[J', 'next\u001b[2J')).toEqual(['GNU GRUB', ' menu', 'next'])
  })

  it('keeps the blanks in the middle of a wrapped line, and none at its end', async () => {
    const line = `${'x'.repeat(15)}${' '.repeat(30)}y`

    expect(await gone(`${line}\r\n${'z'.repeat(20)}${' '.repeat(20)}\r\na\r\nb\r\nc\r\nd`)).toEqual([
      line,
      'z'.repeat(20),
    ])
  })

  it('joins the rows of a wrapped line', async () => {
    expect(await gone(`${'x'.repeat(30)}\r\na\r\nb\r\nc\r\nd`)).toEqual(['x'.repeat(30)])
  })
})
