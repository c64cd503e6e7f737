import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Channel } from '../../core/console/channel.ts'
import { capture } from './rfb-capture.ts'
import { converse } from './rfb-conversation.ts'

const never = new AbortController().signal

/** A server that has said everything already, in pieces of so many bytes, and then hangs up. */
class Server implements Channel {
  readonly heard: Buffer[] = []
  readonly #pieces: Uint8Array[]

  constructor(said: readonly Uint8Array[], pieceBytes = Infinity) {
    const all = Buffer.concat(said)
    const bytes = Math.min(pieceBytes, Math.max(all.length, 1))
    this.#pieces = Array.from({ length: Math.ceil(all.length / bytes) }, (_, at) =>
      all.subarray(at * bytes, (at + 1) * bytes),
    )
  }

  async read(): Promise<Uint8Array | undefined> {
    return this.#pieces.shift()
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.heard.push(Buffer.from(bytes))
  }

  async close(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}
}

const text = (words: string) => Buffer.from(words, 'latin1')
const u8 = (...values: number[]) => Buffer.from(values)
const u16 = (...values: number[]) => Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]))
const u32 = (value: number) => u16(value >>> 16, value & 0xffff)

const NONE_3_8 = [text('RFB 003.008\n'), u8(2, 2, 1), u32(0)]

/** ServerInit, with a pixel format of the server's own: 16 bits. */
function init(width: number, height: number): Buffer[] {
  return [u16(width, height), u8(16, 16, 1, 1), u16(31, 63, 31), u8(11, 5, 0, 0, 0, 0), u32(4), text('QEMU')]
}

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Pixels of one colour, with a fourth byte that means nothing. */
function raw({ x, y, width, height }: Rectangle, colour: readonly number[]): Buffer[] {
  return [
    u16(x, y, width, height),
    u32(0),
    Buffer.from(Array.from({ length: width * height }, () => [...colour, 7]).flat()),
  ]
}

function update(...rectangles: ReadonlyArray<readonly Buffer[]>): Buffer[] {
  return [u8(0, 0), u16(rectangles.length), ...rectangles.flat()]
}

const RED = [255, 0, 0]
const BLUE = [0, 0, 255]
const opaque = (colour: readonly number[]) => [...colour, 255]
const WHOLE = { x: 0, y: 0, width: 2, height: 2 }
const REQUEST_ALL = u8(3, 0, 0, 0, 0, 0, 0, 2, 0, 2)

async function pixelsOf(said: readonly Uint8Array[]): Promise<number[]> {
  return [...(await converse(new Server(said), capture(), never)).pixels]
}

describe('a picture of a screen', () => {
  it('is asked for in true colour, shared with whoever looks on, and without a key or a pointer', async () => {
    const server = new Server([...NONE_3_8, ...init(2, 2), ...update(raw(WHOLE, RED))])

    const screen = await converse(server, capture(), never)

    expect(screen).toMatchObject({ width: 2, height: 2, isBlank: true })
    expect([...screen.pixels]).toEqual([1, 2, 3, 4].flatMap(() => opaque(RED)))
    expect(server.heard).toEqual([
      text('RFB 003.008\n'),
      u8(1),
      u8(1),
      u8(0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0),
      u8(2, 0, 0, 2, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0x21),
      REQUEST_ALL,
    ])
  })

  it.each([
    ['003.003', '003.003', [u32(1)]],
    ['003.005', '003.003', [u32(1)]],
    ['003.007', '003.007', [u8(1, 1)]],
    ['003.889', '003.008', [u8(1, 1), u32(0)]],
    ['004.001', '003.008', [u8(1, 1), u32(0)]],
  ])('comes from a server that speaks %s, which is answered with %s', async (theirs, ours, security) => {
    const server = new Server([text(`RFB ${theirs}\n`), ...security, ...init(2, 2), ...update(raw(WHOLE, BLUE))])

    await converse(server, capture(), never)

    expect(server.heard[0]).toEqual(text(`RFB ${ours}\n`))
  })

  it('is put together from parts, and only the rows that are missing are asked for again', async () => {
    const top = { x: 0, y: 0, width: 2, height: 1 }
    const [left, right] = [
      { x: 0, y: 1, width: 1, height: 1 },
      { x: 1, y: 1, width: 1, height: 1 },
    ]
    const updates = [
      ...update(raw(top, RED), raw(left, RED)),
      ...update(),
      ...update(raw(left, BLUE), raw(right, BLUE)),
    ]
    const server = new Server([...NONE_3_8, ...init(2, 2), ...updates])

    const screen = await converse(server, capture(), never)

    expect([...screen.pixels]).toEqual([RED, RED, BLUE, BLUE].flatMap(opaque))
    expect(screen.isBlank).toBe(false)
    const rest = u8(3, 0, 0, 0, 0, 1, 0, 2, 0, 1)
    expect(server.heard.slice(-3)).toEqual([REQUEST_ALL, rest, rest])
  })

  it('is begun again when the screen gets another size in the middle', async () => {
    const resized = [u16(0, 0, 1, 3), u32(-223 >>> 0)]
    const updates = [...update(raw(WHOLE, RED), resized), ...update(raw({ x: 0, y: 0, width: 1, height: 3 }, BLUE))]
    const server = new Server([...NONE_3_8, ...init(2, 2), ...updates])

    const screen = await converse(server, capture(), never)

    expect(screen).toMatchObject({ width: 1, height: 3 })
    expect([...screen.pixels]).toEqual([1, 2, 3].flatMap(() => opaque(BLUE)))
    expect(server.heard.at(-1)).toEqual(u8(3, 0, 0, 0, 0, 0, 0, 1, 0, 3))
  })

  it('is not disturbed by a bell, a clipboard or a colour map', async () => {
    const clipboard = [u8(3, 0, 0, 0), u32(100_000), Buffer.alloc(100_000, 'x')]
    const colours = [u8(1, 0), u16(0, 2), Buffer.alloc(12)]

    const said = [...NONE_3_8, ...init(2, 2), u8(2), ...clipboard, ...colours, ...update(raw(WHOLE, RED))]

    expect(await pixelsOf(said)).toEqual([1, 2, 3, 4].flatMap(() => opaque(RED)))
  })

  it('is the same in whatever pieces it comes', async () => {
    const said = [...NONE_3_8, ...init(2, 2), ...update(raw(WHOLE, BLUE))]
    const expected = await pixelsOf(said)

    for (let bytes = 1; bytes <= Buffer.concat(said).length; bytes++) {
      const screen = await converse(new Server(said, bytes), capture(), never)
      expect([...screen.pixels], `pieces of ${bytes}`).toEqual(expected)
    }
  })
})

describe('there is no picture', () => {
  const beside = raw({ x: 1, y: 0, width: 2, height: 1 }, RED)
  const refusals: Record<string, readonly [code: string, said: readonly Buffer[]]> = {
    'behind a password (3.3)': ['screen-locked', [text('RFB 003.003\n'), u32(2)]],
    'behind a password (3.8)': ['screen-locked', [text('RFB 003.008\n'), u8(2, 2, 19)]],
    'when the server refuses (3.3)': ['screen-refused', [text('RFB 003.003\n'), u32(0), u32(4), text('busy')]],
    'when the server refuses (3.8)': ['screen-refused', [text('RFB 003.008\n'), u8(0), u32(4), text('busy')]],
    'when the server thinks better of it': [
      'screen-refused',
      [text('RFB 003.008\n'), u8(1, 1), u32(1), u32(4), text('busy')],
    ],
    'when a refusal has no end': ['screen-unreadable', [text('RFB 003.008\n'), u8(0), u32(0xffff_ffff)]],
    'of what is no RFB': ['screen-unreadable', [text('SSH-2.0-OpenSSH_9.2p1\r\n')]],
    'of a screen without pixels': ['screen-unreadable', [...NONE_3_8, ...init(0, 400)]],
    'of a screen that no machine has': ['screen-unreadable', [...NONE_3_8, ...init(65_535, 65_535)]],
    'of a screen that grows beyond that': [
      'screen-unreadable',
      [...NONE_3_8, ...init(2, 2), ...update([u16(0, 0, 65_535, 65_535), u32(-223 >>> 0)])],
    ],
    'when pixels lie beside the screen': ['screen-unreadable', [...NONE_3_8, ...init(2, 2), ...update(beside)]],
    'in an encoding that nobody asked for': [
      'screen-unreadable',
      [...NONE_3_8, ...init(2, 2), ...update([u16(0, 0, 2, 2), u32(5)])],
    ],
    'among messages that do not exist': ['screen-unreadable', [...NONE_3_8, ...init(2, 2), u8(99)]],
    'when the server hangs up in the middle': ['screen-unreadable', [...NONE_3_8, ...init(2, 2), u8(0, 0)]],
  }
  for (const [when, [code, said]] of Object.entries(refusals)) {
    it(when, async () => {
      await expect(converse(new Server(said), capture(), never)).rejects.toMatchObject({ responsible: 'cloud', code })
      await expect(converse(new Server(said, 1), capture(), never)).rejects.toMatchObject({ code })
    })
  }

  it('and the words of a refusal are passed on as one line', async () => {
    const said = [text('RFB 003.008\n'), u8(0), u32(11), text('too\r\n\x1b[31mm')]

    await expect(converse(new Server(said), capture(), never)).rejects.toMatchObject({
      details: { reason: 'too [31mm' },
    })
  })

  it('from noise, which ends in a sentence of ours', async () => {
    const start = fc.constantFrom([], NONE_3_8, [...NONE_3_8, ...init(2, 2)], [text('RFB 003.003\n')])
    await fc.assert(
      fc.asyncProperty(start, fc.uint8Array({ maxLength: 200 }), async (begun, noise) => {
        const said = [...begun, noise]
        await converse(new Server(said), capture(), never).catch((error: unknown) =>
          expect(error).toMatchObject({ code: expect.stringMatching(/^screen-/) }),
        )
      }),
    )
  })
})
