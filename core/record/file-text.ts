/** The text of a file that a person edits: how much of it there may be, and what no file is edited with. Both sides ask. */
import { z } from 'zod'
import { sha256 } from '../base/sha256.ts'

/** More is no configuration file, and more than two minutes each way over a serial line. */
export const LARGEST_FILE_BYTES = 1024 * 1024

/** SHA-256 of a file's content, in hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A text that stands somewhere else, whole. */
export const TextSum = z.object({ sha256: Sha256, bytes: z.number().int().min(0) })
export type TextSum = z.infer<typeof TextSum>

export function sumOf(text: string): TextSum {
  return { sha256: sha256(text), bytes: Buffer.byteLength(text) }
}

/** One form holds so much, with room to add to it. */
const MOST_IN_A_FORM = 64 * 1024
/** In characters: one input of a form holds 3,000. */
const LONGEST_LINE_IN_A_FORM = 2000

/** Whether a form can hold it; what is longer is sent as a file, and stands in the log once. */
export function fitsForm(text: string): boolean {
  if (Buffer.byteLength(text) > MOST_IN_A_FORM) return false
  return text.split('\n').every((line) => line.length <= LONGEST_LINE_IN_A_FORM)
}

export type TextFault = 'not-text' | 'secret' | 'too-large'

/** Undefined when a file may be given this text: it stands in the thread and in the log. */
export function faultOf(text: string): TextFault | undefined {
  if (Buffer.byteLength(text) > LARGEST_FILE_BYTES) return 'too-large'
  // No other controls than tabs and line ends.
  if (/(?![\t\n\r])\p{Cc}|\ufeff|\r(?!\n)/u.test(text)) return 'not-text'
  return /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/.test(text) ? 'secret' : undefined
}

/** Undefined for another encoding, or no text at all. A mark at its beginning (U+FEFF) stays. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
