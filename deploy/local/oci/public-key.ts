/** The public key of a console connection: RSA in OpenSSH's one-line form, nothing else, as OCI wants it. */
import { createHash } from 'node:crypto'
import ssh2 from 'ssh2'
import { invalidParameter } from './service-error.ts'

export interface ConsoleKey {
  /** The key as it travels on the wire (RFC 4253 section 6.6). */
  readonly blob: Buffer
  readonly fingerprint: string
}

/** Reads `ssh-rsa AAAA… comment`; refuses everything else with OCI's words. */
export function parseConsoleKey(line: string): ConsoleKey {
  const [type = '', base64 = ''] = line.trim().split(/\s+/)
  // Seen live (sa-vinhedo-1, 2026) for ed25519, and for PEM files, of which it quotes the first word.
  if (type !== 'ssh-rsa') throw invalidParameter(`Invalid ssh public key type "${type}"`)
  const blob = Buffer.from(base64, 'base64')
  const key = ssh2.utils.parseKey(`ssh-rsa ${base64}`)
  if (key instanceof Error || key.type !== 'ssh-rsa' || blob.toString('base64') !== base64) {
    throw invalidParameter('Invalid ssh public key')
  }
  return { blob, fingerprint: fingerprint(blob) }
}

/** `SHA256:` and 43 characters, as OpenSSH prints it and OCI stores it. */
export function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}
