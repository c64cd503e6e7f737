/**
 * A bad line between a console and a good one: loses, doubles, delays and splits
 * bytes, lets a kernel talk in between, and drops. What happens to a byte depends on
 * the seed, the direction and the byte's number alone, so a run can be repeated.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'

/** Chances from 0 to 1, each for one byte. */
export interface ByteFaults {
  readonly lost?: number
  readonly doubled?: number
  /** A piece ends behind this byte. */
  readonly split?: number
  /** The byte, and all behind it, wait for some milliseconds. */
  readonly delayed?: number
}

export interface Faults {
  readonly seed: number
  /** On the way to the machine. */
  readonly typed?: ByteFaults
  /** On the way from the machine. */
  readonly said?: ByteFaults & {
    /** A kernel message comes before this byte. */
    readonly printk?: number
    /** The byte with that number, from 0, is lost. */
    readonly losesByte?: number
  }
  /** The line drops when so many bytes have passed, both directions together. */
  readonly dropsAfter?: number
}

type Direction = 'typed' | 'said'

const LONGEST_DELAY_MS = 20

export class FaultyChannel implements Channel {
  /** How many faults there were, by kind. */
  readonly faults = { lost: 0, doubled: 0, delayed: 0, printk: 0 }
  readonly #channel: Channel
  readonly #faults: Faults
  readonly #count: Record<Direction, number> = { typed: 0, said: 0 }
  #pieces: Piece[] = []

  constructor(channel: Channel, faults: Faults) {
    this.#channel = channel
    this.#faults = faults
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = this.#pieces.shift()
      if (piece !== undefined) {
        if (piece.afterMs > 0) await sleep(piece.afterMs, signal)
        return Buffer.from(piece.bytes)
      }
      if (this.#hasDropped()) return undefined
      const bytes = await this.#channel.read(signal)
      if (bytes === undefined) return undefined
      this.#pieces = this.#spoil(bytes, 'said')
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const piece of this.#spoil(bytes, 'typed')) {
      if (piece.afterMs > 0) await sleep(piece.afterMs, new AbortController().signal)
      await this.#channel.write(Buffer.from(piece.bytes))
    }
    if (!this.#hasDropped()) return
    await this.#channel.close()
    throw new RescueError('cloud', 'line-dropped', 'the line dropped')
  }

  async close(): Promise<void> {
    await this.#channel.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #hasDropped(): boolean {
    return this.#count.typed + this.#count.said >= (this.#faults.dropsAfter ?? Infinity)
  }

  #spoil(bytes: Uint8Array, direction: Direction): Piece[] {
    const { lost = 0, doubled = 0, split = 0, delayed = 0 } = this.#faults[direction] ?? {}
    const pieces: Piece[] = [{ bytes: [], afterMs: 0 }]
    for (const byte of bytes) {
      if (this.#hasDropped()) break
      const number = this.#count[direction]
      const falls = (kind: string, chance: number) =>
        chanceOf(`${this.#faults.seed}:${direction}:${number}:${kind}`) < chance
      if (falls('delayed', delayed)) pieces.push({ bytes: [], afterMs: this.#delay(direction, number) })
      const isLost = falls('lost', lost) || (direction === 'said' && number === this.#faults.said?.losesByte)
      pieces.at(-1)?.bytes.push(...this.#kernel(falls, direction), ...this.#pass(byte, falls, isLost, doubled))
      if (falls('split', split)) pieces.push({ bytes: [], afterMs: 0 })
      this.#count[direction] += 1
    }
    return pieces.filter((piece) => piece.bytes.length > 0)
  }

  #pass(byte: number, falls: Falls, isLost: boolean, doubled: number): readonly number[] {
    if (isLost) {
      this.faults.lost += 1
      return []
    }
    if (!falls('doubled', doubled)) return [byte]
    this.faults.doubled += 1
    return [byte, byte]
  }

  #kernel(falls: Falls, direction: Direction): Uint8Array {
    if (direction === 'typed' || !falls('printk', this.#faults.said?.printk ?? 0)) return Buffer.alloc(0)
    this.faults.printk += 1
    const time = `12.${String(this.faults.printk).padStart(6, '0')}`
    return Buffer.from(`[   ${time}] usb 1-1: reset high-speed USB device number ${this.faults.printk}\r\n`)
  }

  #delay(direction: Direction, number: number): number {
    this.faults.delayed += 1
    return 1 + chanceOf(`${this.#faults.seed}:${direction}:${number}:milliseconds`) * LONGEST_DELAY_MS
  }
}

interface Piece {
  readonly bytes: number[]
  readonly afterMs: number
}

type Falls = (kind: string, chance: number) => boolean

/** From 0 to 1, evenly, the same for the same text (FNV-1a, its bits stirred as in MurmurHash3's end). */
function chanceOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
