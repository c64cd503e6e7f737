/** Names for things that people read aloud: short, unambiguous, safe in file names and Redis keys. */
import { randomBytes, randomInt } from 'node:crypto'

/** Crockford's base 32: no I, L, O, U, so nothing is misread on a tired night. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** 32^6 is a billion: rescues of one team will not collide, and six characters can be typed. */
const LENGTH = 6

export const RESCUE_ID = /^R-[0-9A-HJKMNP-TV-Z]{6}$/

export function newRescueId(): string {
  return `R-${Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`
}

/** 64 bits: nobody meets one by chance, and it fits into every name. */
const TICKET_BYTES = 8

/** Names what nobody has to read aloud: one question, one hand-over. */
export const TICKET = /^[0-9a-f]{16}$/

export function newTicket(): string {
  return randomBytes(TICKET_BYTES).toString('hex')
}
