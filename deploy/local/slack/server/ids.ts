/** Identifiers and secrets in the shapes Slack gives them. */
import { randomBytes, randomInt } from 'node:crypto'

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

/** For example `F07K2M9QX1B`: a letter for the kind of thing and ten more. */
export function slackId(kind: 'A' | 'B' | 'D' | 'F' | 'T' | 'U' | 'V' | 'Ev'): string {
  return kind + Array.from({ length: 10 }, () => ALPHABET.charAt(randomInt(ALPHABET.length))).join('')
}

/** What Slack fills in for a missing `block_id` or `action_id`. */
export function elementId(): string {
  return randomBytes(4).toString('base64url').slice(0, 5)
}

export function secret(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

export function digits(count: number): string {
  return Array.from({ length: count }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join('')
}
