/**
 * The text of an `authorized_keys` file with a new key in it (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
 * Text in, text out.
 */
import { describeAuthorizedKey } from '../record/public-key.ts'

/** The new key and nothing else. */
export function onlyKey(line: string): string {
  return `${line}\n`
}

/**
 * The text as it is, comments and unreadable lines too, with the new key in it once. Where the key already
 * stands with options (a forced command, say), sshd would obey those: that line becomes the plain one.
 */
export function addKey(text: string, line: string): string {
  const lines = text.split('\n')
  const at = lines.findIndex((present) => isSameKey(present, line))
  if (at < 0) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${line}\n`
  if (isPlain(lines[at] ?? '')) return text
  return lines.map((present, index) => (index === at ? line : present)).join('\n')
}

function isSameKey(present: string, line: string): boolean {
  const found = describeAuthorizedKey(present)
  const wanted = describeAuthorizedKey(line)
  if (typeof found !== 'object' || typeof wanted !== 'object') return false
  // A certificate authority's key lets others in, not its owner.
  return found.fingerprint === wanted.fingerprint && !/(?:^|,)cert-authority(?:,|$)/i.test(found.options)
}

function isPlain(present: string): boolean {
  const found = describeAuthorizedKey(present)
  return typeof found === 'object' && found.options === ''
}
