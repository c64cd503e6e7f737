/**
 * Sums over text, computed here as the machine computes them: by a tool that it has, or by arithmetic that any
 * shell can do. They find accidents on the line; nobody defends them against an enemy.
 */
import { createHash } from 'node:crypto'

/** In order of preference: the first is the cheapest process. What is compared is the first word that they print. */
export const SUM_TOOLS = ['cksum', 'md5sum', 'sha256sum'] as const
export type SumTool = (typeof SUM_TOOLS)[number]

/** A prime (2^31 - 1), so that each step fits into the 64 bits of a shell's arithmetic; its chance to miss is 1 in 2^31. */
export const MODULUS = 2_147_483_647
export const MULTIPLIER = 257

/** Up to this many bytes a shell's own arithmetic is quicker than starting a process (measured under emulation). */
export const SHORT_TEXT = 200

/** The sum of the shell's own arithmetic: as `_k` of `remote-functions.ts`. */
export function ownSum(start: number, text: string): number {
  let sum = start
  for (const byte of Buffer.from(text)) sum = (sum * MULTIPLIER + byte) % MODULUS
  return sum
}

/** The own sum over small numbers in place of bytes, as `_h` does. */
export function headerSum(...[first = 0, ...rest]: readonly number[]): number {
  return rest.reduce((sum, value) => (sum * MULTIPLIER + value) % MODULUS, first)
}

/** What stands for `text` in a question or an answer that is called `name`: as `_t`. */
export function textSum(tool: SumTool | undefined, name: number, text: string): string {
  const short = Buffer.byteLength(text) <= SHORT_TEXT
  return tool === undefined || short ? String(ownSum(name, text)) : `+${toolSum(tool, Buffer.from(`${name}${text}`))}`
}

/** The first word that `tool` prints for `bytes` on its standard input. */
export function toolSum(tool: SumTool, bytes: Uint8Array): string {
  if (tool === 'cksum') return String(cksum(bytes))
  return createHash(tool === 'md5sum' ? 'md5' : 'sha256')
    .update(bytes)
    .digest('hex')
}

/** POSIX cksum: CRC-32 with the polynomial 0x04c11db7, not reflected, over the bytes and then over their number. */
export function cksum(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) crc = next(crc, byte)
  for (let length = bytes.length; length > 0; length = Math.floor(length / 256)) crc = next(crc, length & 0xff)
  return ~crc >>> 0
}

function next(crc: number, byte: number): number {
  let value = crc ^ (byte << 24)
  for (let bit = 0; bit < 8; bit += 1) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value
}
