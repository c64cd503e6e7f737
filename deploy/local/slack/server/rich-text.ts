/** The `rich_text` block: text whose structure is in the JSON, not in markup. */
import { z } from 'zod'

const Style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
    underline: z.boolean().optional(),
    highlight: z.boolean().optional(),
    unlink: z.boolean().optional(),
    client_highlight: z.boolean().optional(),
  })
  .optional()

const Text = z.strictObject({ type: z.literal('text'), text: z.string().min(1), style: Style })
const Link = z.strictObject({
  type: z.literal('link'),
  url: z.string().min(1).max(3000),
  text: z.string().optional(),
  unsafe: z.boolean().optional(),
  style: Style,
})

/** One piece of a line of rich text. */
const RichTextPiece = z.discriminatedUnion('type', [
  Text,
  Link,
  z.strictObject({ type: z.literal('user'), user_id: z.string().min(1), style: Style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: z.string().min(1), style: Style }),
  z.strictObject({ type: z.literal('channel'), channel_id: z.string().min(1), style: Style }),
  z.strictObject({ type: z.literal('broadcast'), range: z.enum(['here', 'channel', 'everyone']), style: Style }),
  z.strictObject({
    type: z.literal('emoji'),
    name: z.string().min(1),
    unicode: z.string().optional(),
    skin_tone: z.number().optional(),
    style: Style,
  }),
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.number(),
    format: z.string().min(1),
    url: z.string().optional(),
    fallback: z.string().optional(),
    style: Style,
  }),
])

const Section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(RichTextPiece) })
/** Only text and links, taken literally: what looks like a mention in here is not one. */
const Preformatted = z.strictObject({
  type: z.literal('rich_text_preformatted'),
  elements: z.array(z.discriminatedUnion('type', [Text, Link])),
  border: z.number().optional(),
  language: z.string().optional(),
})
const Quote = z.strictObject({
  type: z.literal('rich_text_quote'),
  elements: z.array(RichTextPiece),
  border: z.number().optional(),
})
const List = z.strictObject({
  type: z.literal('rich_text_list'),
  style: z.enum(['bullet', 'ordered']),
  elements: z.array(Section),
  indent: z.number().int().min(0).max(8).optional(),
  offset: z.number().int().optional(),
  border: z.number().optional(),
})

export const RichTextBlock = z.strictObject({
  type: z.literal('rich_text'),
  block_id: z.string().min(1).max(255).optional(),
  elements: z.array(z.discriminatedUnion('type', [Section, Preformatted, Quote, List])).min(1),
})
export type RichTextBlock = z.infer<typeof RichTextBlock>

/** All its words, for counting and for reading aloud. */
export function richTextWords(block: RichTextBlock): string {
  return block.elements
    .flatMap((element) =>
      element.type === 'rich_text_list' ? element.elements.flatMap((item) => item.elements) : element.elements,
    )
    .map((piece) => (piece.type === 'text' ? piece.text : piece.type === 'link' ? (piece.text ?? piece.url) : ''))
    .join('')
}
