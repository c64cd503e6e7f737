/**
 * The hash that /etc/shadow holds for a password: `$6$` of crypt(5), which every Linux since 2008 understands, as
 * Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512" specifies it. The numbers of its steps stand beside them.
 */
import { createHash, randomInt } from 'node:crypto'

const DIGEST_BYTES = 64
/** When the setting names none. Guessing at 99 random bits is not made harder by more of them. */
const ROUNDS = 5000
const SALT_LENGTH = 16
/** crypt(5)'s own base 64, least significant six bits first. */
const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `salt`: up to 16 characters of crypt's alphabet. */
export function sha512Crypt(password: string, salt = newSalt()): string {
  const [key, used] = [Buffer.from(password), Buffer.from(salt).subarray(0, SALT_LENGTH)]
  let digest = firstDigest(key, used)
  // 13 to 16: the password, as often as it has bytes.
  const p = repeated(sha512(...Array.from(key, () => key)), key.length)
  // 17 to 20: the salt, as often as the first digest's first byte says.
  const s = repeated(sha512(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => used)), used.length)
  // 21
  for (let round = 0; round < ROUNDS; round += 1) {
    const isOdd = round % 2 === 1
    const parts = [isOdd ? p : digest, ...(round % 3 === 0 ? [] : [s]), ...(round % 7 === 0 ? [] : [p])]
    digest = sha512(...parts, isOdd ? digest : p)
  }
  return `$6$${used}$${encode(digest)}`
}

/** 1 to 12. */
function firstDigest(key: Buffer, salt: Buffer): Buffer {
  const b = sha512(key, salt, key)
  const parts = [key, salt, repeated(b, key.length)]
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits % 2 === 1 ? b : key)
  return sha512(...parts)
}

function sha512(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function repeated(digest: Buffer, length: number): Buffer {
  return Buffer.concat(
    Array.from({ length: Math.ceil(length / DIGEST_BYTES) }, () => digest),
    length,
  )
}

/** 22: three bytes become four characters; which three moves on by 22, 21 and 22 places, each time in another order. */
function encode(digest: Buffer): string {
  const byte = (at: number) => digest[at] ?? 0
  const groups = Array.from({ length: 21 }, (_, at) => {
    const three = [byte(at), byte(at + 21), byte(at + 42)]
    const [high = 0, middle = 0, low = 0] = [...three.slice(at % 3), ...three.slice(0, at % 3)]
    return characters((high << 16) | (middle << 8) | low, 4)
  })
  return groups.join('') + characters(byte(63), 2)
}

function characters(bits: number, count: number): string {
  return Array.from({ length: count }, (_, at) => ALPHABET[(bits >> (6 * at)) & 63]).join('')
}

function newSalt(): string {
  return Array.from({ length: SALT_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}
