/** A Slack message as a person reads it: one line for each block, buttons in brackets. */
import { z } from 'zod'

const Text = z.object({ text: z.string() })
const Piece = z.object({ text: z.string() })
const Block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('header'), text: Text }),
  z.object({ type: z.literal('section'), text: Text.optional(), fields: z.array(Text).optional() }),
  z.object({ type: z.literal('context'), elements: z.array(Text) }),
  z.object({ type: z.literal('rich_text'), elements: z.array(z.object({ elements: z.array(Piece) })) }),
  z.object({ type: z.literal('actions'), elements: z.array(z.object({ text: Text })) }),
])

export function wordsOf(blocks: readonly unknown[]): string {
  return blocks.map((block) => blockWords(Block.parse(block))).join('\n')
}

function blockWords(block: z.infer<typeof Block>): string {
  switch (block.type) {
    case 'header':
      return `# ${block.text.text}`
    case 'section':
      return [block.text, ...(block.fields ?? [])].flatMap((text) => text?.text.replace('\n', ' ') ?? []).join('\n')
    case 'context':
      return `(${block.elements.map(({ text }) => text).join(' | ')})`
    case 'rich_text':
      return block.elements.flatMap(({ elements }) => elements.map(({ text }) => text)).join('\n')
    case 'actions':
      return block.elements.map(({ text }) => `[${text.text}]`).join(' ')
    default:
      return block satisfies never
  }
}
