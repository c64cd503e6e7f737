/** A log as it was captured, to text; and whether it is a text at all. */
import { Decoder } from '../console/decode.ts'

/** So much of a log decides what it is. */
const SAMPLE = 64 * 1024
/** Serial noise and drawn boxes make less of a log than this; programs and images more. */
const MOST_STRANGE = 0.2
/** Kept of a log that has more: the console history of an instance has a tenth of it. */
const MOST_BYTES = 32 * 1024 * 1024

/** The text of a log. A string is taken as it is. */
export function textOf(log: Uint8Array | string): string {
  if (typeof log === 'string') return log
  const bytes = log.subarray(Math.max(0, log.length - MOST_BYTES))
  // What a Windows shell redirects into a file is UTF-16, with a mark before it.
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return utf8(bytes) ?? new Decoder().decode(bytes)
}

/** Most logs are UTF-8 as a whole, and then this is twenty times as fast. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Whether this is no text: at its beginning, in its middle and at its end. */
export function isBinary(log: Uint8Array | string): boolean {
  const middle = Math.floor(log.length / 2)
  return [0, middle, Math.max(0, log.length - SAMPLE)].every((from) => {
    const part = log.slice(from, from + SAMPLE)
    return strangeShare(typeof part === 'string' ? part : new TextDecoder().decode(part)) > MOST_STRANGE
  })
}

/** The share of what stands in no text. NUL is left out: a line that was silent is full of them. */
function strangeShare(text: string): number {
  const strange = text.match(/[\u0001-\u0006\u000e-\u001a\u001c-\u001f\u007f\ufffd]/g)?.length ?? 0
  const silence = text.match(/\u0000/g)?.length ?? 0
  return strange / Math.max(1, text.length - silence)
}
