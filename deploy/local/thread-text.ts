/** A Slack message as plain text, for a terminal: what it says, then its buttons. */
import type { Message } from './slack/server/messages.ts'

export interface TextOptions {
  /** False: small print (`context` blocks) is left out. */
  readonly smallPrint?: boolean
  /** What a user id is called; the id itself when not given. */
  readonly nameOf?: (user: string) => string
}

export function messageText(message: Message, { smallPrint = true, nameOf = asIs }: TextOptions = {}): string {
  const shown = (message.blocks ?? []).filter((block) => smallPrint || block.type !== 'context')
  const blocks = shown.map(blockText).filter((text) => text !== '')
  const files = (message.files ?? []).map((file) => `[file ${file.name}]`)
  const body = (message.blocks ?? []).length > 0 ? blocks.join('\n') : message.text
  return [plainCharacters(body, nameOf), ...files].filter((line) => line !== '').join('\n')
}

/** Walks any Block Kit element: a text speaks for itself, and whatever holds others is the sum of them. */
function blockText(block: unknown): string {
  if (typeof block === 'string') return block
  if (Array.isArray(block)) return joinTexts(block, '')
  if (typeof block !== 'object' || block === null) return ''
  const { type, text, elements, fields, title, user_id } = withNames(block)
  switch (type) {
    case 'divider':
      return '---'
    case 'button':
      return `[ ${blockText(text)} ]`
    case 'user':
      return `@${String(user_id)}`
    case 'rich_text':
      return joinTexts(elements, '\n')
    case 'actions':
    case 'context':
      return joinTexts(elements, '   ')
    case 'image':
      return `[picture ${blockText(title)}]`
    default:
      return [blockText(text), joinTexts(fields, '\n'), joinTexts(elements, '')]
        .filter((part) => part !== '')
        .join('\n')
  }
}

function withNames(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value))
}

function joinTexts(parts: unknown, separator: string): string {
  if (!Array.isArray(parts)) return ''
  return parts
    .map(blockText)
    .filter((text) => text !== '')
    .join(separator)
}

function asIs(user: string): string {
  return user
}

/** Slack's markup of mentions, dates and links, as a reader sees it. */
function plainCharacters(text: string, nameOf: (user: string) => string): string {
  return text
    .replaceAll(/<@(?<user>[UW][A-Z0-9]+)>/g, (_, user: string) => `@${nameOf(user)}`)
    .replaceAll(/<!date\^[^|>]*\|(?<date>[^>]*)>/g, '$<date>')
    .replaceAll(/<https?:[^|>]*\|(?<label>[^>]*)>/g, '$<label>')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
