/**
 * Seals a text so that only who holds the key can read it, and only for what it was
 * sealed for. AES-256-GCM (NIST SP 800-38D) with a random nonce: at a few messages a
 * day under one key, two of them never meet (2^32 is the limit it names).
 */
import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

const CIPHER = 'aes-256-gcm'
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Room for the longest user name and password, escaped: all are filled up to it, so the length tells nothing. */
const PADDED_BYTES = 1024

/** `boundTo` is not secret and not stored: the same must be given to open it again. */
export function sealText(key: KeyObject, boundTo: string, text: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(boundTo))
  const hidden = Buffer.concat([cipher.update(padded(text)), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), hidden]).toString('base64')
}

/** Undefined for what was sealed with another key, for something else, was altered, or was never sealed. */
export function openSealedText(key: KeyObject, boundTo: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  const nonceEnd = 1 + NONCE_BYTES
  const tagEnd = nonceEnd + TAG_BYTES
  if (bytes[0] !== VERSION || bytes.length < tagEnd) return undefined
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(1, nonceEnd), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(boundTo))
    .setAuthTag(bytes.subarray(nonceEnd, tagEnd))
  const text = decipher.update(bytes.subarray(tagEnd))
  try {
    return withoutPadding(Buffer.concat([text, decipher.final()]))
  } catch {
    // The tag does not fit: node:crypto says no more than "unable to authenticate data".
    return undefined
  }
}

function padded(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Math.max(PADDED_BYTES, bytes.length)
  return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)])
}

function withoutPadding(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/\0+$/, '')
}
