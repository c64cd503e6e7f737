/** Writes a picture as PNG (ISO/IEC 15948): 8 bits of red, green and blue, rows as they are. */
import { promisify } from 'node:util'
import { crc32, deflate } from 'node:zlib'

export interface Picture {
  readonly width: number
  readonly height: number
  /** RGBA; how opaque a pixel is does not matter. */
  readonly pixels: Uint8Array
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const BIT_DEPTH = 8
const TRUE_COLOUR = 2

export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(picture.width, 0)
  header.writeUInt32BE(picture.height, 4)
  // Compression, filter and interlace have one value each here: 0.
  header.set([BIT_DEPTH, TRUE_COLOUR], 8)
  const data = await promisify(deflate)(scanlines(picture))
  return new Uint8Array(
    Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]),
  )
}

/** Each row begins with the number of its filter; 0 is none. */
function scanlines({ width, height, pixels }: Picture): Uint8Array {
  const lines = new Uint8Array(height * (1 + 3 * width))
  for (let from = 0, to = 0; from < pixels.length; ) {
    if (from % (4 * width) === 0) to++
    lines[to++] = pixels[from++] ?? 0
    lines[to++] = pixels[from++] ?? 0
    lines[to++] = pixels[from++] ?? 0
    from++
  }
  return lines
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, sum])
}
