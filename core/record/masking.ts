/**
 * Hides secrets in console text before anything is logged, and in files before anybody is shown them. The rules take
 * time in proportion to the text, whatever it is: the machine decides what stands there. Works on whole text,
 * not on pieces: a secret that is cut in two is not recognised, so the caller
 * gives lines that are complete, or the whole screen.
 */

/** Stands where a secret stood. */
export const MASK = '••••••'

interface Rule {
  readonly pattern: RegExp
  readonly replacement: string
}

const RULES: readonly Rule[] = [
  // A private key of any kind (OpenSSH, PKCS#1, PKCS#8, EC, PGP), also when its end is not there yet.
  {
    pattern:
      /(?<head>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?<tail>-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)/g,
    replacement: `$<head>${MASK}$<tail>`,
  },
  // Names that say it: password=…, passwd: …, "secret_key": "…", token=…, --password …
  {
    pattern:
      /(?<name>(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key)[\w-]{0,64}["']?[ \t]*(?:=|:(?!\/\/))[ \t]*)(?<quote>["']?)(?!\s|$)(?:(?<=")[^"\n]*|(?<=')[^'\n]*|[^\s"',;]+)/gi,
    replacement: `$<name>$<quote>${MASK}`,
  },
  { pattern: /(?<name>--?(?:password|passwd|passphrase|token)\s+)(?!-)\S+/gi, replacement: `$<name>${MASK}` },
  // HTTP: Authorization: Bearer …, Basic …; at the very end it may be the beginning of one.
  {
    pattern: /(?<scheme>\b(?:Bearer|Basic)\s+)(?:[\w.~+/=-]{8,}|[\w.~+/=-]+(?=\s*$))/gi,
    replacement: `$<scheme>${MASK}`,
  },
  // user:password@host in an address.
  { pattern: /(?<scheme>\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/gi, replacement: `$<scheme>${MASK}` },
  // Hashes of passwords, as /etc/shadow has them (crypt(5)): what is short or common is guessed from them in no time.
  { pattern: /(?<method>\$(?:1|5|6|7|y|gy|2[abxy])\$)[\w./=,$-]{20,}/g, replacement: `$<method>${MASK}` },
  // Slack, GitHub and AWS tokens, JSON Web Tokens: recognisable by themselves.
  { pattern: /\bxox[abeoprs]-[\w-]{8,}|\bxapp-[\w-]{8,}|\bgh[opsu]_\w{20,}|\bAKIA[A-Z0-9]{16}\b/g, replacement: MASK },
  { pattern: /(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/g, replacement: MASK },
  // What is typed at GRUB's question for a user name, on the row below it; also when it is typed in part only.
  {
    pattern: /(?<head>^[ \t]*Enter username:[ \t]*)(?<gap>\n?)(?![ \t]*Enter password:)[ \t]*\S[^\n]*/gm,
    replacement: `$<head>$<gap>${MASK}`,
  },
  // cloud-init's chpasswd module prints generated passwords: `root:Xy12…` below this line.
  {
    pattern: /(?<head>Set the following 'random' passwords[^\n]*)(?:\n[^\n]{0,200}?[\w.-]{1,64}:\S[^\n]*)+/g,
    replacement: `$<head>\n${MASK}`,
  },
]

/**
 * The text with its secrets hidden, those of which `isHidden` says so. Has as many lines as before, so that line n of it is
 * line n of `text`.
 */
export function mask(text: string, isHidden: (secret: string) => boolean = () => true): string {
  return RULES.reduce(
    (masked, { pattern, replacement }) =>
      masked.replace(pattern, (match, ...rest) => {
        const shown = fill(replacement, groupsOf(rest))
        return isHidden(behind(match, shown)) ? withLinesOf(match, shown) : match
      }),
    text,
  )
}

/** What `mask` hides in a text. */
export function secretsIn(text: string): ReadonlySet<string> {
  const secrets = new Set<string>()
  mask(text, (secret) => {
    secrets.add(secret)
    return true
  })
  return secrets
}

/** What the mask stands for, in what was found. */
function behind(match: string, shown: string): string {
  const [head = '', tail = ''] = shown.split(MASK)
  return match.slice(head.length, match.length - tail.length)
}

function groupsOf(rest: readonly unknown[]): Readonly<Record<string, string | undefined>> {
  const last = rest.at(-1)
  return typeof last === 'object' && last !== null ? Object.fromEntries(Object.entries(last)) : {}
}

function fill(replacement: string, groups: Readonly<Record<string, string | undefined>>): string {
  return replacement.replaceAll(/\$<(?<name>\w+)>/g, (_, name: string) => groups[name] ?? '')
}

function withLinesOf(match: string, replacement: string): string {
  const missing = match.split('\n').length - replacement.split('\n').length
  return missing > 0 ? replacement.replace(MASK, MASK + '\n'.repeat(missing)) : replacement
}
