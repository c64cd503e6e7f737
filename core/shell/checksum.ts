/** Checksums as the machine's own tools print them: `sha256sum`, or POSIX `cksum` where that is all there is. */
import { createHash } from 'node:crypto'

/** Whether `printed`, the output of `sha256sum` or `cksum` that read standard input, is right for `bytes`. */
export function isChecksumOf(printed: string, bytes: Uint8Array): boolean {
  const [sum, length] = printed.trim().split(/\s+/)
  if (sum?.length === 64) return sum === createHash('sha256').update(bytes).digest('hex')
  return sum === String(cksum(bytes)) && length === String(bytes.length)
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
