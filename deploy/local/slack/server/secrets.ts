/** Texts that must never reach a chat: keys, tokens and passwords that somebody forgot to mask. */

const SECRETS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['private key', /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/=]{16,}/],
  ['bearer token', /\bBearer\s+[\w.~+/=-]{16,}/i],
  ['Slack token', /\bx(?:ox[abeoprs]|app)-[\w-]{8,}/],
  ['access key', /\b(?:AKIA[A-Z0-9]{16}|gh[opsu]_\w{20,})\b/],
  ['web token', /\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/],
  [
    'password',
    /(?:password|passwd|passphrase|secret|api[_-]?key)=(?!\s|\$|["']?(?:\*|•|<|&lt;|\[))["']?[^\s"',;&]{4,}/i,
  ],
  ['password in an address', /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+:(?![*•])[^\s@/:]+@/i],
  ['password hash', /\$(?:1|5|6|y|2[aby])\$[\w./=,$-]{20,}/],
]

/** The kinds of secrets in a text, each once. Never the secrets themselves: what is found is logged. */
export function secretsIn(text: string): readonly string[] {
  return SECRETS.filter(([, pattern]) => pattern.test(text)).map(([name]) => name)
}
