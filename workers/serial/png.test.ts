import { Resvg } from '@resvg/resvg-js'
import { expect, it } from 'vitest'
import { encodePng } from './png.ts'

/** The pixels as another program reads them. */
function decode(png: Uint8Array, width: number, height: number): number[] {
  const href = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
  const image = `<image href="${href}" width="${width}" height="${height}" image-rendering="optimizeSpeed"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${image}</svg>`
  return [...new Resvg(svg).render().pixels]
}

it('writes what others read: every pixel, opaque whatever its fourth byte says', async () => {
  const [width, height] = [5, 3]
  const pixels = Uint8Array.from({ length: width * height * 4 }, (_, at) => (at * 37) % 256)

  const png = await encodePng({ width, height, pixels })

  expect(decode(png, width, height)).toEqual([...pixels].map((value, at) => (at % 4 === 3 ? 255 : value)))
})

it('makes a screen of one colour small', async () => {
  const png = await encodePng({ width: 1280, height: 800, pixels: new Uint8Array(1280 * 800 * 4) })

  expect(png.length).toBeLessThan(10_000)
})
