/**
 * Blocks that Slack takes: each builder keeps to the limits of its block, so that
 * no name, comment or screen can make a whole message be refused.
 * Sizes: docs.slack.dev/reference/block-kit/blocks and …/composition-objects.
 */
import type {
  ActionsBlock,
  Button,
  ConfirmationDialog,
  ContextBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  RichTextBlock,
  SectionBlock,
} from '@slack/types'
import { cleanLines, clip } from './text.ts'

/** What is posted: `text` is for notifications and screen readers, and never holds console output. */
export interface MessageBody {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}

const SECTION_TEXT = 3000
const FIELD_TEXT = 2000
const FIELDS = 10
const HEADER_TEXT = 150
const CONTEXT_ELEMENTS = 10
/** Slack advises 4,000 and refuses more in an update; a notification shows far less. */
const FALLBACK_TEXT = 600
/** Slack has no number for one block, but refuses whole messages from about 11,000 characters (bolt-js #2509, #2867). */
const PREFORMATTED_TEXT = 2800
const MESSAGE_TEXT = 9000
const MESSAGE_BLOCKS = 50

/** `weighty`: those of the blocks that the others make room for, the first of them first of all. */
export function message(text: string, blocks: readonly KnownBlock[], weighty: readonly KnownBlock[] = []): MessageBody {
  return { text: clipMrkdwn(text, FALLBACK_TEXT), blocks: withinMessage(blocks, weighty) }
}

/** Nothing but what it says. */
export function sentences(mrkdwn: string): MessageBody {
  return message(mrkdwn, [section(mrkdwn)])
}

export function section(mrkdwn: string): SectionBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: clipMrkdwn(mrkdwn, SECTION_TEXT), verbatim: true } }
}

/** With a button beside it. */
export function sectionWith(mrkdwn: string, accessory: Button): SectionBlock {
  return { ...section(mrkdwn), accessory }
}

/** Pairs of a label and what it says, two in a row. */
export function fields(pairs: readonly (readonly [label: string, mrkdwn: string])[]): SectionBlock {
  return {
    type: 'section',
    fields: pairs.slice(0, FIELDS).map(([label, mrkdwn]) => ({
      type: 'mrkdwn',
      text: clipMrkdwn(`*${label}*\n${mrkdwn}`, FIELD_TEXT),
      verbatim: true,
    })),
  }
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plainText(text, HEADER_TEXT) }
}

export function context(...lines: readonly string[]): ContextBlock {
  const elements = lines.filter((line) => line !== '').slice(0, CONTEXT_ELEMENTS)
  return {
    type: 'context',
    elements: (elements.length === 0 ? [' '] : elements).map((line) => ({
      type: 'mrkdwn',
      text: clipMrkdwn(line, SECTION_TEXT),
      verbatim: true,
    })),
  }
}

/** Literal text: mentions, links and back quotes in it are only characters. The end is kept when it is too long. */
export function preformatted(text: string, whenEmpty: string, most = PREFORMATTED_TEXT): RichTextBlock {
  const lines = lastLines(cleanLines(text), most)
  return {
    type: 'rich_text',
    elements: [
      { type: 'rich_text_preformatted', elements: [{ type: 'text', text: lines.trim() === '' ? whenEmpty : lines }] },
    ],
  }
}

export function actions(...elements: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: [...elements] }
}

export interface ButtonParts {
  readonly label: string
  readonly action: string
  readonly value: string
  readonly style?: 'primary' | 'danger'
  /** What a screen reader says, where several buttons have the same label. */
  readonly spoken?: string
  readonly confirm?: ConfirmParts
}

export interface ConfirmParts {
  readonly title: string
  readonly text: string
  readonly yes: string
  readonly no: string
  readonly style?: 'primary' | 'danger'
}

export function button(parts: ButtonParts): Button {
  return {
    type: 'button',
    action_id: parts.action,
    value: clip(parts.value, 2000),
    text: plainText(parts.label, 75),
    ...(parts.style === undefined ? {} : { style: parts.style }),
    ...(parts.spoken === undefined ? {} : { accessibility_label: clip(parts.spoken, 75) }),
    ...(parts.confirm === undefined ? {} : { confirm: confirmDialog(parts.confirm) }),
  }
}

export function plainText(text: string, most: number): PlainTextElement {
  return { type: 'plain_text', text: clip(text, most), emoji: false }
}

function confirmDialog(parts: ConfirmParts): ConfirmationDialog {
  return {
    title: plainText(parts.title, 100),
    text: plainText(parts.text, 300),
    confirm: plainText(parts.yes, 30),
    deny: plainText(parts.no, 30),
    ...(parts.style === undefined ? {} : { style: parts.style }),
  }
}

/** As `clip`, but never through the middle of `&amp;` or `<!date…>`. */
function clipMrkdwn(text: string, most: number): string {
  if (text.length <= most) return text
  return clip(text, most).replace(/(?:&[a-z]{0,3}|<[^<>]*)…$/, '…')
}

function lastLines(text: string, most: number): string {
  const kept = text.trimEnd()
  if (kept.length <= most) return kept
  const tail = kept.slice(-most).replace(/^[\udc00-\udfff]/, '')
  const firstWhole = tail.indexOf('\n')
  return firstWhole < 0 ? tail : tail.slice(firstWhole + 1)
}

/** The last guard: what would make Slack refuse the message is left out, buttons never, and what has weight last. */
function withinMessage(blocks: readonly KnownBlock[], weighty: readonly KnownBlock[]): readonly KnownBlock[] {
  let room = MESSAGE_TEXT
  let places = MESSAGE_BLOCKS
  const byWeight = [
    ...blocks.filter(({ type }) => type === 'actions'),
    ...weighty,
    ...blocks.filter((block) => block.type !== 'actions' && !weighty.includes(block)),
  ]
  const kept = new Set(
    byWeight.filter((block) => {
      const size = block.type === 'actions' ? 0 : wordsIn(block)
      if (size > room || places === 0) return false
      room -= size
      places -= 1
      return true
    }),
  )
  return blocks.filter((block) => kept.has(block))
}

function wordsIn(block: KnownBlock): number {
  return JSON.stringify(block, (key, value: unknown) => (key === 'type' ? undefined : value)).length
}
