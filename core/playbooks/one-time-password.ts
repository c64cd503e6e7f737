/** Makes passwords that a tired person can read off a phone and type at a serial console. */
import { randomInt } from 'node:crypto'

/**
 * No i, l, o, 0 or 1, and small letters only. y and z stay, although keyboards swap them: a serial console gets what
 * the person's own keyboard says.
 */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
/** 20 of 31 characters are 99 bits: the hash may be stolen, and is not worth guessing at. */
const GROUPS = 4
const GROUP_LENGTH = 5

/** Four groups, e.g. `k7mqp-x2dfa-93hnw-be5tc`; the hyphens are part of it. */
export function newOneTimePassword(): string {
  const group = () => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}
