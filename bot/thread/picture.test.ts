import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawScreen, screenSvg } from './picture.ts'

const box = ['┌────┐', '│ ok │', '└────┘'].map((text) => [{ text }])

describe('drawScreen', () => {
  it('draws a PNG of the screen at twice its size', async () => {
    const png = await drawScreen({ columns: 80, rows: Array(24).fill([{ text: 'x'.repeat(80) }]), cursor: null })

    expect(png.subarray(1, 4).toString()).toBe('PNG')
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1589, 942])
  })

  it('knows box drawing: nothing looks like the box of an unknown character', async () => {
    const drawn = await drawScreen({ columns: 6, rows: box, cursor: null })
    const unknown = box.map(([run]) => [{ text: (run?.text ?? '').replaceAll(/[^ ok]/g, '\ue123') }])

    expect(drawn.equals(await drawScreen({ columns: 6, rows: unknown, cursor: null }))).toBe(false)
  })
})

describe('screenSvg', () => {
  it('turns inverse video around and keeps the place of what follows', () => {
    const svg = screenSvg({
      columns: 10,
      rows: [
        [
          { text: 'ab', inverse: true },
          { text: 'c', fg: 1 },
        ],
      ],
      cursor: { row: 0, column: 3 },
    })

    expect(svg).toContain('<rect x="12" y="12" width="19.27" height="19.13" fill="#d8dee4"/>')
    expect(svg).toMatch(/<text x="12 21.63" y="26.85" fill="#12171c">ab<\/text>/)
    expect(svg).toMatch(/<text x="31.27" y="26.85" fill="#d75f5f">c<\/text>/)
    expect(svg).toMatch(/<rect x="40.9" .*opacity/)
  })

  it('is one that can be drawn, whatever stands on the screen', async () => {
    const run = fc.record({
      text: fc.string({ unit: 'binary', minLength: 1 }),
      fg: fc.integer({ min: 0, max: 0x1ffffff }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(run, { maxLength: 3 }), { minLength: 1, maxLength: 3 }), async (rows) => {
        expect((await drawScreen({ columns: 80, rows, cursor: null })).length).toBeGreaterThan(100)
      }),
      { numRuns: 20 },
    )
  })
})
