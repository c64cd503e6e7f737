/** What a reply says that begins as a command: its word, and what stands behind it. Pure. */

export interface Given {
  /** In small letters. */
  readonly word: string
  /** As Slack stores it, without blanks around it. */
  readonly rest: string
}

/**
 * Undefined for what is no command: people may write `!!!` or `!?` to each other. The sign and the word may be full-width,
 * as Japanese keyboards type them.
 */
export function readGiven(prefix: string, text: string): Given | undefined {
  const { first = '', rest = '' } = /^\s*(?<first>\S+)(?<rest>[\s\S]*)$/.exec(text)?.groups ?? {}
  const typed = first.normalize('NFKC')
  if (!typed.startsWith(prefix)) return undefined
  const word = typed.slice(prefix.length).toLowerCase()
  return /^\p{L}[\p{L}\p{N}-]*$/u.test(word) ? { word, rest: rest.trim() } : undefined
}
