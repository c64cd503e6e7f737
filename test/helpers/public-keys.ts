/** Fresh public keys in OpenSSH's form, without a program for each. */
import { createHash, generateKeyPairSync } from 'node:crypto'

export interface MadeKey {
  readonly line: string
  readonly fingerprint: string
}

/** RFC 8709: the type's name and the 32 bytes of the key, each after its length. */
export function makePublicKey(comment: string): MadeKey {
  const { publicKey } = generateKeyPairSync('ed25519')
  const point = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(point)])
  const digest = createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
  return { line: `ssh-ed25519 ${blob.toString('base64')} ${comment}`.trim(), fingerprint: `SHA256:${digest}` }
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}
