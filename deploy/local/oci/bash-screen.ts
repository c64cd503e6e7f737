/** A VNC server for tests: one picture, drawn in whatever true colours of 32 bits the client asks for (RFC 6143). */
import { once } from 'node:events'
import type { Socket } from 'node:net'

type Colour = readonly [red: number, green: number, blue: number]

export class BashScreen {
  readonly width = 64
  readonly height = 32
  colourAt: (x: number, y: number) => Colour = (x, y) => [4 * x, 8 * y, 128]
  /** True: it is never shown. */
  isDark = false
  /** How many clients look at it. */
  viewers = 0
  /** How often a client pressed a key or moved its pointer. */
  touches = 0

  /** Serves one client until it leaves. */
  async serve(socket: Socket): Promise<void> {
    this.viewers += 1
    socket.once('close', () => {
      this.viewers -= 1
    })
    socket.write('RFB 003.008\n')
    await take(socket, 12)
    // One type of security: none.
    socket.write(Buffer.of(1, 1))
    await take(socket, 1)
    socket.write(Buffer.alloc(4))
    await take(socket, 1)
    socket.write(this.#serverInit())
    let format: Buffer = Buffer.alloc(16)
    for (;;) {
      const type = (await take(socket, 1)).readUInt8()
      if (type === 0) format = (await take(socket, 19)).subarray(3)
      else if (type === 2) await take(socket, 4 * (await take(socket, 3)).readUInt16BE(1))
      else if (type === 3) this.#show(socket, await take(socket, 9), format)
      else {
        this.touches += 1
        await take(socket, type === 4 ? 7 : 5)
      }
    }
  }

  #show(socket: Socket, request: Buffer, format: Buffer): void {
    if (!this.isDark) socket.write(this.#update(request, format))
  }

  #serverInit(): Buffer {
    const name = Buffer.from('bash')
    // Before a client asks for others: colours of 16 bits.
    const format = [16, 16, 0, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0]
    return Buffer.concat([shorts(this.width, this.height), Buffer.from(format), shorts(0, name.length), name])
  }

  #update(request: Buffer, format: Buffer): Buffer {
    const [x = 0, y = 0, width = 0, height = 0] = [1, 3, 5, 7].map((at) => request.readUInt16BE(at))
    const pixels = Array.from({ length: width * height }, (_, at) => {
      return pixel(this.colourAt(x + (at % width), y + Math.floor(at / width)), format)
    })
    return Buffer.concat([Buffer.alloc(2), shorts(1, x, y, width, height, 0, 0), ...pixels])
  }
}

function pixel([red, green, blue]: Colour, format: Buffer): Buffer {
  const [redShift = 0, greenShift = 0, blueShift = 0] = format.subarray(10, 13)
  const value = red * 2 ** redShift + green * 2 ** greenShift + blue * 2 ** blueShift
  const bytes = Buffer.alloc(4)
  if (format[2] === 0) bytes.writeUInt32LE(value)
  else bytes.writeUInt32BE(value)
  return bytes
}

function shorts(...values: readonly number[]): Buffer {
  return Buffer.from(values.flatMap((value) => [value >> 8, value & 0xff]))
}

/** Exactly so many bytes. Rejects when the client leaves before. */
async function take(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: unknown = socket.read(length)
    if (bytes instanceof Buffer) return bytes
    if (socket.readableEnded || socket.destroyed) throw new Error('the client has left')
    await once(socket, 'readable')
  }
}
