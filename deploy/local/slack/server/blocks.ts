/** The blocks of Block Kit that the stand-in takes and its page can show; everything else is refused as Slack refuses it. */
import { z } from 'zod'
import { ActionElement, anyText, BlockId, InputElement, type InteractiveElement, plainText } from './elements.ts'
import { elementId } from './ids.ts'
import { RichTextBlock, richTextWords } from './rich-text.ts'

const SlackFile = z
  .strictObject({ id: z.string().min(1).optional(), url: z.string().min(1).optional() })
  .refine((file) => (file.id === undefined) !== (file.url === undefined), 'must define either `id` or `url`')

const imageSource = {
  image_url: z.string().min(1).max(3000).optional(),
  slack_file: SlackFile.optional(),
  alt_text: z.string().min(1).max(2000),
}
const ImageElement = z
  .strictObject({ type: z.literal('image'), ...imageSource })
  .refine(hasOneSource, 'must define either `image_url` or `slack_file`')

const ImageBlock = z
  .strictObject({ type: z.literal('image'), block_id: BlockId, title: plainText(2000).optional(), ...imageSource })
  .refine(hasOneSource, 'must define either `image_url` or `slack_file`')

const SectionBlock = z
  .strictObject({
    type: z.literal('section'),
    block_id: BlockId,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10).optional(),
    accessory: z.discriminatedUnion('type', [...ActionElement.options, ImageElement]).optional(),
    expand: z.boolean().optional(),
  })
  .refine((section) => section.text !== undefined || section.fields !== undefined, {
    path: ['type'],
    message: 'must define either `text` or `fields`',
  })

const HeaderBlock = z.strictObject({ type: z.literal('header'), block_id: BlockId, text: plainText(150) })
const DividerBlock = z.strictObject({ type: z.literal('divider'), block_id: BlockId })
const ContextBlock = z.strictObject({
  type: z.literal('context'),
  block_id: BlockId,
  elements: z
    .array(z.discriminatedUnion('type', [...anyText(3000).options, ImageElement]))
    .min(1)
    .max(10),
})
const ActionsBlock = z.strictObject({
  type: z.literal('actions'),
  block_id: BlockId,
  elements: z.array(ActionElement).min(1).max(25),
})
const InputBlock = z.strictObject({
  type: z.literal('input'),
  block_id: BlockId,
  label: plainText(2000),
  element: InputElement,
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
  dispatch_action: z.boolean().optional(),
})

export const Block = z.discriminatedUnion('type', [
  SectionBlock,
  HeaderBlock,
  DividerBlock,
  ContextBlock,
  ActionsBlock,
  ImageBlock,
  RichTextBlock,
  InputBlock,
])
export type Block = z.infer<typeof Block>

/** The elements of a block that a person can act on. */
export function interactiveElements(block: Block): readonly InteractiveElement[] {
  if (block.type === 'actions') return block.elements
  if (block.type === 'input') return [block.element]
  if (block.type === 'section' && block.accessory !== undefined && block.accessory.type !== 'image')
    return [block.accessory]
  return []
}

/** The images of a block, with where they stand in it. */
export function imagesOf(block: Block): readonly { image: z.infer<typeof ImageElement>; path: string }[] {
  if (block.type === 'image') return [{ image: { ...block, type: 'image' }, path: '' }]
  if (block.type === 'section' && block.accessory?.type === 'image')
    return [{ image: block.accessory, path: '/accessory' }]
  if (block.type !== 'context') return []
  return block.elements.flatMap((element, index) =>
    element.type === 'image' ? [{ image: element, path: `/elements/${index}` }] : [],
  )
}

/** The same blocks with Slack's own ids where the app gave none. */
export function withIds(blocks: readonly Block[]): Block[] {
  return blocks.map((block) => ({ ...withActionIds(block), block_id: block.block_id ?? elementId() }))
}

function withActionIds(block: Block): Block {
  if (block.type === 'actions') return { ...block, elements: block.elements.map(withActionId) }
  if (block.type === 'input') return { ...block, element: withActionId(block.element) }
  if (block.type === 'section' && block.accessory !== undefined && block.accessory.type !== 'image')
    return { ...block, accessory: withActionId(block.accessory) }
  return block
}

function withActionId<T extends InteractiveElement>(element: T): T {
  return { ...element, action_id: element.action_id ?? elementId() }
}

/** The words a block shows, which is what Slack's limit for a whole message counts. */
export function wordsOf(block: Block): string {
  switch (block.type) {
    case 'rich_text':
      return richTextWords(block)
    case 'header':
      return block.text.text
    case 'section':
      return [block.text, ...(block.fields ?? [])].map((text) => text?.text ?? '').join('')
    case 'context':
      return block.elements.map((element) => (element.type === 'image' ? '' : element.text)).join('')
    case 'actions':
    case 'divider':
    case 'image':
    case 'input':
      return ''
    default:
      return block satisfies never
  }
}

function hasOneSource(image: { image_url?: string | undefined; slack_file?: unknown }): boolean {
  return (image.image_url === undefined) !== (image.slack_file === undefined)
}
