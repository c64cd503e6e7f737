/** A Slack message as plain text, for a terminal: what it says, then its buttons. */
import type { Message } from './slack/server/messages.ts'

export function messageText(message: Message): string {
  const blocks = (message.blocks ?? []).map(blockText).filter((text) => text !== '')
  const files = (message.files ?? []).map((file) => `[file ${file.name}]`)
  const body = blocks.length > 0 ? blocks.join('\n') : message.text
  return [plainCharacters(body), ...files].filter((line) => line !== '').join('\n')
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

function plainCharacters(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
