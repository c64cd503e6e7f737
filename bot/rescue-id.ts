/** Rescue ids that the same submission gives each time, and reading them as people type them. */
import { createHash } from 'node:crypto'
import { RESCUE_ID } from '../core/base/ids.ts'
import { sha256 } from '../core/base/sha256.ts'

/** Crockford's base 32, as `RESCUE_ID` has it. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The same text gives the same id, so that a form that is delivered twice starts one rescue. */
export function rescueIdFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 6)
  return `R-${[...bytes].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`
}

/** Names what was sent with one form, as a log wants it (`TICKET`): the form that is delivered twice gives the same. */
export function ticketFrom(text: string): string {
  return sha256(text).slice(0, 16)
}

/** In any case, with or without the `R-`; undefined when it can not be one. */
export function readRescueId(typed: string): string | undefined {
  const upper = typed.trim().toUpperCase()
  const id = upper.startsWith('R-') ? upper : `R-${upper}`
  return RESCUE_ID.test(id) ? id : undefined
}
