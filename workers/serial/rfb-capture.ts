/**
 * One whole picture of a screen over RFB (RFC 6143, sections 7.5 to 7.7), and nothing
 * else: no key is pressed, no pointer is moved.
 */
import { Framebuffer, PIXEL_BYTES } from './framebuffer.ts'
import { type Conversation, hear, say, skip, unreadable } from './rfb-conversation.ts'
import { greet } from './rfb-greeting.ts'

/** What clients say. */
const SET_PIXEL_FORMAT = 0
const SET_ENCODINGS = 2
const UPDATE_REQUEST = 3

/** What servers say. */
const UPDATE = 0
const COLOUR_MAP = 1
const BELL = 2
const CUT_TEXT = 3

/** Every server has Raw, and one picture is not worth more. */
const RAW = 0
/** Not a picture, but the news that the screen has another size now. */
const DESKTOP_SIZE = -223

export function* capture(): Conversation<Framebuffer> {
  let screen = new Framebuffer(yield* greet())
  yield* say(pixelFormat())
  yield* say(encodings([RAW, DESKTOP_SIZE]))
  // A server may answer with a part of what was asked for, or with the news of another size.
  for (let { missing } = screen; missing !== undefined; { missing } = screen) {
    yield* say(updateRequest(screen.width, missing))
    screen = yield* hearUpdate(screen)
  }
  return screen
}

/** 32 bits per pixel, true colour, the bytes in the order red, green, blue, unused. */
function pixelFormat(): Buffer {
  const [bitsPerPixel, depth, bigEndian, trueColour] = [8 * PIXEL_BYTES, 24, 0, 1]
  const largest = [0, 255, 0, 255, 0, 255]
  const shifts = [0, 8, 16]
  return Buffer.from([
    ...[SET_PIXEL_FORMAT, 0, 0, 0],
    ...[bitsPerPixel, depth, bigEndian, trueColour, ...largest, ...shifts, 0, 0, 0],
  ])
}

function encodings(types: readonly number[]): Buffer {
  const message = Buffer.alloc(4 + 4 * types.length)
  message.writeUInt8(SET_ENCODINGS)
  message.writeUInt16BE(types.length, 2)
  for (const [at, type] of types.entries()) message.writeInt32BE(type, 4 + 4 * at)
  return message
}

/** Not incremental: what the server believes that we know does not matter. */
function updateRequest(width: number, { y, height }: { readonly y: number; readonly height: number }): Buffer {
  const message = Buffer.alloc(10)
  message.writeUInt8(UPDATE_REQUEST)
  message.writeUInt16BE(y, 4)
  message.writeUInt16BE(width, 6)
  message.writeUInt16BE(height, 8)
  return message
}

/** The screen after the next update. */
function* hearUpdate(screen: Framebuffer): Conversation<Framebuffer> {
  for (;;) {
    const [type = UPDATE] = yield* hear(1)
    switch (type) {
      case UPDATE:
        return yield* hearRectangles(screen)
      case COLOUR_MAP:
        yield* skip(6 * (yield* hear(5)).readUInt16BE(3))
        break
      case BELL:
        break
      case CUT_TEXT:
        yield* skip((yield* hear(7)).readUInt32BE(3))
        break
      default:
        throw unreadable('odd-message', `sent a message of the unknown type ${type}`)
    }
  }
}

function* hearRectangles(before: Framebuffer): Conversation<Framebuffer> {
  let screen = before
  const count = (yield* hear(3)).readUInt16BE(1)
  for (let left = count; left > 0; left--) screen = yield* hearRectangle(screen)
  return screen
}

function* hearRectangle(screen: Framebuffer): Conversation<Framebuffer> {
  const head = yield* hear(12)
  const [x, y] = [head.readUInt16BE(0), head.readUInt16BE(2)]
  const [width, height] = [head.readUInt16BE(4), head.readUInt16BE(6)]
  const encoding = head.readInt32BE(8)
  if (encoding === DESKTOP_SIZE) return new Framebuffer({ width, height })
  if (encoding !== RAW)
    throw unreadable('odd-pixels', `sent pixels in the encoding ${encoding}, which nobody asked for`)
  if (!screen.holds({ x, y, width, height })) throw unreadable('odd-pixels', 'sent pixels beside its screen')
  for (let row = 0; row < height; row++) screen.paint(x, y + row, yield* hear(width * PIXEL_BYTES))
  return screen
}
