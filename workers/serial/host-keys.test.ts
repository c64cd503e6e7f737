import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { matchesFingerprint } from './host-keys.ts'

const key = randomBytes(300)
const sha256 = createHash('sha256').update(key).digest('base64')
const md5 = createHash('md5').update(key).digest('hex').match(/../g)?.join(':') ?? ''

it('knows a key by each form in which OCI writes fingerprints', () => {
  for (const written of [`SHA256:${sha256}`, `SHA256:${sha256.replace('=', '')}`, md5, `MD5:${md5.toUpperCase()}`])
    expect(matchesFingerprint(key, written), written).toBe(true)
})

it('knows no other key by them', () => {
  const other = randomBytes(300)
  for (const written of [`SHA256:${sha256}`, md5]) expect(matchesFingerprint(other, written), written).toBe(false)
})

it('takes nothing that is not a whole fingerprint', () => {
  for (const written of [
    '',
    'SHA256:',
    sha256,
    `SHA256:${sha256.slice(0, 20)}`,
    md5.slice(0, 20),
    'SHA256:*',
    'undefined',
  ])
    expect(matchesFingerprint(key, written), written).toBe(false)
})
