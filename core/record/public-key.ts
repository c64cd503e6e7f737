/**
 * Reads OpenSSH public keys: the one that a person pastes, which must be good,
 * and those that stand in an `authorized_keys` file, which are what they are.
 * Line format: sshd(8), AUTHORIZED_KEYS FILE FORMAT; blobs: RFC 4253 section 6.6, RFC 5656, RFC 8709.
 */
import { createHash } from 'node:crypto'
import type { KeyFacts } from './plan.ts'

/** Far above any real key (RSA-16384 is 2.8 kB), far below what hurts. */
export const LONGEST_KEY_BYTES = 16 * 1024

/** NIST SP 800-131A and OpenSSH's own `RequiredRSASize` practice: shorter RSA is refused. */
export const SHORTEST_RSA_BITS = 2048

export type KeyRefusal =
  | 'empty'
  | 'too-long'
  /** The pasted text is, or holds, a private key: it must be considered burned. */
  | 'private-key'
  | 'several-keys'
  | 'not-openssh-format'
  | 'has-options'
  | 'certificate'
  | 'dsa'
  | 'unknown-type'
  | 'broken-base64'
  | 'rsa-too-short'

export type PastedKey =
  | { readonly kind: 'key'; readonly line: string; readonly facts: KeyFacts }
  | { readonly kind: 'refused'; readonly why: KeyRefusal }

const TYPES: ReadonlyMap<string, number | null> = new Map([
  ['ssh-ed25519', 256],
  ['ssh-rsa', null],
  ['ecdsa-sha2-nistp256', 256],
  ['ecdsa-sha2-nistp384', 384],
  ['ecdsa-sha2-nistp521', 521],
  ['sk-ssh-ed25519@openssh.com', 256],
  ['sk-ecdsa-sha2-nistp256@openssh.com', 256],
])

/** Reads what a person pasted. Never quotes the text back: it may hold a private key. */
export function readPastedKey(text: string): PastedKey {
  if (/PRIVATE KEY|PuTTY-User-Key-File|Private-Lines:/i.test(text)) return refused('private-key')
  if (Buffer.byteLength(text) > LONGEST_KEY_BYTES) return refused('too-long')
  if (/-{4,5} ?BEGIN/.test(text)) return refused('not-openssh-format')
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const [line] = lines
  if (line === undefined) return refused('empty')
  // Chat programs wrap long lines; a key broken over lines is still one key when only the first line names a type.
  if (lines.length > 1) return refused(lines.slice(1).some(namesType) ? 'several-keys' : 'broken-base64')
  return readLine(line)
}

export interface AuthorizedKey extends KeyFacts {
  /** What stands before the type, as it stands there: `no-pty,command="ls -l"`; empty for a plain key. */
  readonly options: string
}

/** A line of an existing `authorized_keys`, as far as it can be told; undefined for blank lines and comments. */
export function describeAuthorizedKey(line: string): AuthorizedKey | 'unreadable' | undefined {
  const text = trimBlanks(line)
  if (text === '' || text.startsWith('#')) return undefined
  const fields = splitFields(text)
  const at = fields.findIndex(([field]) => TYPES.has(field) || field === 'ssh-dss' || field.includes('-cert-v01@'))
  const [type, base64, ...comment] = at < 0 ? [] : fields.slice(at)
  const blob = decodeBlob(base64?.[0] ?? '')
  if (type === undefined || blob === undefined || blob.type !== type[0]) return 'unreadable'
  const options = trimBlanks(text.slice(0, type.index))
  return { ...facts(type[0], blob, comment.map(([word]) => word).join(' ')), options }
}

/** Without what sshd passes over around a line of `authorized_keys`: other blanks than these are none to it. */
export function trimBlanks(line: string): string {
  return line.replaceAll(/^[ \t]+|[ \t\r]+$/g, '')
}

function readLine(line: string): PastedKey {
  const [type = '', base64 = '', ...comment] = line.split(/\s+/)
  if (type === 'ssh-dss') return refused('dsa')
  if (type.includes('-cert-v01@')) return refused('certificate')
  if (!TYPES.has(type)) return refused(namesType(line) ? 'has-options' : 'unknown-type')
  if (comment.some((word) => TYPES.has(word))) return refused('several-keys')
  const blob = decodeBlob(base64)
  if (blob === undefined || blob.type !== type || !isWhole(type, blob)) return refused('broken-base64')
  const described = facts(type, blob, comment.join(' '))
  if (described.bits !== null && type === 'ssh-rsa' && described.bits < SHORTEST_RSA_BITS)
    return refused('rsa-too-short')
  return { kind: 'key', line: [type, base64, ...comment].join(' '), facts: described }
}

function refused(why: KeyRefusal): PastedKey {
  return { kind: 'refused', why }
}

function namesType(line: string): boolean {
  return /(?:^|\s)(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-(?:ssh|ecdsa)\S+)\s+AAAA/.test(line)
}

/** Blanks inside double quotes belong to an option such as `command="…"`. */
function splitFields(line: string): readonly RegExpExecArray[] {
  return [...line.matchAll(/(?:[^ \t"]|"(?:\\.|[^"\\])*")+/g)]
}

interface Blob {
  readonly type: string
  readonly bytes: Buffer
  /** The length-prefixed fields after the type. */
  readonly fields: readonly Buffer[]
}

function decodeBlob(base64: string): Blob | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined
  const bytes = Buffer.from(base64, 'base64')
  const fields: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    fields.push(bytes.subarray(at + 4, end))
    at = end
  }
  const [type, ...rest] = fields
  return type === undefined ? undefined : { type: type.toString('latin1'), bytes, fields: rest }
}

/** The number of fields after the type, and the size of the key itself where it is fixed. */
function isWhole(type: string, { fields }: Blob): boolean {
  const [first, second] = fields
  if (first === undefined) return false
  switch (type) {
    case 'ssh-ed25519':
      return fields.length === 1 && first.length === 32
    case 'sk-ssh-ed25519@openssh.com':
      return fields.length === 2 && first.length === 32
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      return fields.length === 3
    default:
      return fields.length === 2 && second !== undefined && second.length > 0
  }
}

function facts(type: string, blob: Blob, comment: string): KeyFacts {
  const digest = createHash('sha256').update(blob.bytes).digest('base64').replace(/=+$/, '')
  return { type, bits: bits(type, blob), fingerprint: `SHA256:${digest}`, comment }
}

function bits(type: string, { fields }: Blob): number | null {
  if (type !== 'ssh-rsa') return TYPES.get(type) ?? null
  const modulus = fields[1]
  if (modulus === undefined) return null
  const first = modulus.findIndex((byte) => byte !== 0)
  if (first < 0) return 0
  return (modulus.length - first - 1) * 8 + (32 - Math.clz32(modulus[first] ?? 0))
}
