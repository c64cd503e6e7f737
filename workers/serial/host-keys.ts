/** Host keys by their fingerprints, in the forms in which OCI has been seen to write them. */
import { createHash } from 'node:crypto'

/**
 * True when `fingerprint` is that of `key` (the key as it travels on the wire, RFC 4253 section 6.6): `SHA256:` and
 * base64 with or without its padding, or the older MD5 in pairs of hex digits, with or without `MD5:`.
 */
export function matchesFingerprint(key: Buffer, fingerprint: string): boolean {
  const { sha256 } = /^SHA256:(?<sha256>[A-Za-z0-9+/]{43})=?$/.exec(fingerprint)?.groups ?? {}
  if (sha256 !== undefined) return createHash('sha256').update(key).digest('base64') === `${sha256}=`
  const { md5 } = /^(?:MD5:)?(?<md5>[0-9a-f]{2}(?::[0-9a-f]{2}){15})$/i.exec(fingerprint)?.groups ?? {}
  return md5 !== undefined && createHash('md5').update(key).digest('hex') === md5.replaceAll(':', '').toLowerCase()
}
