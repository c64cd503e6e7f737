/** All the words of a message, wherever Slack has put them: its text, its blocks, and its attachments, which alarms often are. */
import { unescapeMrkdwn } from '../slack/text.ts'

/** Where words stand in blocks and attachments; other texts are ids and types. */
const WORDS: ReadonlySet<string> = new Set([
  ...['text', 'fallback', 'pretext', 'title', 'value', 'footer', 'author_name', 'alt_text'],
  ...['url', 'title_link', 'from_url'],
])
/** Far more than a message has. */
const MOST_CHARACTERS = 100_000
const DEEPEST = 20

export function messageText(message: Readonly<Record<string, unknown>>): string {
  const { text, blocks, attachments } = message
  return unescapeMrkdwn(wordsIn({ text, blocks, attachments }, 0).join('\n').slice(0, MOST_CHARACTERS))
}

function wordsIn(part: unknown, depth: number): readonly string[] {
  if (typeof part !== 'object' || part === null || depth > DEEPEST) return []
  return Object.entries(part).flatMap(([name, value]) => {
    if (typeof value === 'string') return WORDS.has(name) ? [value] : []
    return wordsIn(value, depth + 1)
  })
}
