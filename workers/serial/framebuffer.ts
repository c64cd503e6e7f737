/** A picture that comes in pieces, and knows which rows are not there yet. */
import { unreadable } from './rfb-conversation.ts'
import type { ScreenSize } from './rfb-greeting.ts'

/** Four bytes: red, green, blue, and one that says whether the pixel has come. */
export const PIXEL_BYTES = 4
const HAS_COME = 255
/** 4K: far above what a console has, and 32 MB. */
const MOST_PIXELS = 3840 * 2160

export class Framebuffer {
  readonly width: number
  readonly height: number
  /** RGBA, from the top left corner. */
  readonly pixels: Uint8Array
  /** How many pixels of each row have not come yet. */
  readonly #missing: Uint32Array

  /** @throws RescueError `screen-unreadable` */
  constructor({ width, height }: ScreenSize) {
    if (width === 0 || height === 0 || width * height > MOST_PIXELS)
      throw unreadable('odd-size', `claims a screen of ${width} by ${height} pixels`)
    this.width = width
    this.height = height
    this.pixels = new Uint8Array(width * height * PIXEL_BYTES)
    this.#missing = new Uint32Array(height).fill(width)
  }

  /** The rows from the first to the last in which something is missing; undefined when the picture is whole. */
  get missing(): { readonly y: number; readonly height: number } | undefined {
    const y = this.#missing.findIndex((count) => count > 0)
    if (y < 0) return undefined
    return { y, height: this.#missing.findLastIndex((count) => count > 0) - y + 1 }
  }

  /** True: it is of one colour. */
  get isBlank(): boolean {
    const { pixels } = this
    for (let at = PIXEL_BYTES; at < pixels.length; at++) if (pixels[at] !== pixels[at % PIXEL_BYTES]) return false
    return true
  }

  /** Whether a rectangle lies inside. */
  holds({ x, y, width, height }: ScreenSize & { readonly x: number; readonly y: number }): boolean {
    return x + width <= this.width && y + height <= this.height
  }

  /** Puts pixels of four bytes each, of which the fourth means nothing, into row `y` from column `x` on. */
  paint(x: number, y: number, row: Uint8Array): void {
    const { pixels } = this
    const start = (y * this.width + x) * PIXEL_BYTES
    let come = 0
    for (let at = PIXEL_BYTES - 1; at < row.length; at += PIXEL_BYTES) if (pixels[start + at] !== HAS_COME) come++
    pixels.set(row, start)
    for (let at = PIXEL_BYTES - 1; at < row.length; at += PIXEL_BYTES) pixels[start + at] = HAS_COME
    this.#missing[y] = (this.#missing[y] ?? 0) - come
  }
}
