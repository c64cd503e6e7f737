/**
 * The form in which a file is edited: its text in as many inputs as it needs, cut at line ends, and put together
 * again. What Slack trims at the ends of an input is put back, so that a part that nobody touched is as it was.
 */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { faultOf } from '../../core/record/file-text.ts'
import { context, plainText, section } from '../slack/blocks.ts'
import { EDIT_FORM } from '../slack/names.ts'
import { type AskFormReference, askMetadata, readAskMetadata } from '../slack/reference.ts'
import { plain, say } from '../slack/text.ts'

/** Slack's own limit for a text input. */
const LONGEST_INPUT = 3000
/** In characters: what a form brings stands whole in the events about it. */
const LONGEST_TEXT = 131_072
/** The rest of it is room for what is added. */
const PART = 2400

export interface EditedFile {
  readonly path: string
  readonly text: string
}

export function editForm(text: Catalogue, reference: AskFormReference, { path, text: content }: EditedFile): ModalView {
  const words = text.commands.edit
  const parts = partsOf(content)
  const first = parts.map((_, index) => 1 + lineCount(parts.slice(0, index)))
  return {
    type: 'modal',
    callback_id: EDIT_FORM,
    private_metadata: askMetadata(reference),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      section(say(words.file, { path })),
      context(words.next, ...(parts.length > 1 ? [words.parts] : [])),
      ...parts.map((part, index) => {
        const from = first[index] ?? 1
        const names = { from, to: from + Math.max(0, lineCount([part]) - 1) }
        return input(index, plain(parts.length > 1 ? words.lines : words.text, names), trimmed(part))
      }),
    ],
  }
}

function input(index: number, label: string, value: string): InputBlock {
  return {
    type: 'input',
    block_id: `part-${index}`,
    optional: true,
    label: plainText(label, 2000),
    element: {
      type: 'plain_text_input',
      action_id: 'text',
      multiline: true,
      max_length: LONGEST_INPUT,
      ...(value === '' ? {} : { initial_value: value }),
    },
  }
}

const Submitted = z.object({
  private_metadata: z.string(),
  state: z.object({
    values: z.record(z.string(), z.object({ text: z.object({ value: z.string().nullish() }) })),
  }),
})

export function readEditReference(view: unknown): AskFormReference {
  return readAskMetadata(Submitted.parse(view).private_metadata)
}

export type FilledEdit =
  | { readonly kind: 'good'; readonly text: string }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

/** `content` is the file as it was when the form was made. */
export function readEditForm({ commands }: Catalogue, view: unknown, content: string): FilledEdit {
  const { values } = Submitted.parse(view).state
  const parts = partsOf(content)
  const given = parts.map((_, index) => (values[`part-${index}`]?.text.value ?? '').replaceAll(/\r\n?/g, '\n'))
  const odd = given.findIndex((text) => /(?![\t\n])\p{Cc}/u.test(text))
  if (odd >= 0) return { kind: 'bad', errors: { [`part-${odd}`]: commands.edit.notText } }
  const text = parts.map((part, index) => restored(part, given[index] ?? '', index === parts.length - 1)).join('')
  if (text.length > LONGEST_TEXT) return { kind: 'bad', errors: { 'part-0': commands.edit.tooLong } }
  if (faultOf(text) === 'secret') return { kind: 'bad', errors: { 'part-0': commands.edit.holdsSecret } }
  return { kind: 'good', text }
}

/** At line ends, and together the whole text with the line ends of a form. */
export function partsOf(content: string): readonly string[] {
  const parts: string[] = []
  for (const line of content.replaceAll('\r\n', '\n').split(/(?<=\n)/)) {
    const last = parts.at(-1)
    if (last !== undefined && last.length + line.length <= PART) parts[parts.length - 1] = last + line
    else parts.push(line)
  }
  return parts.length === 0 ? [''] : parts
}

/** Blank lines at the ends of a part stay as they were: a form can not be trusted with them. */
function restored(part: string, given: string, isLast: boolean): string {
  if (trimmed(given) === trimmed(part)) return part
  const [, before = '', , after = ''] = /^(\n*)([\s\S]*?)(\n*)$/.exec(part) ?? []
  const middle = trimmed(given)
  if (middle === '') return ''
  return `${before}${middle}${after === '' && !isLast ? '\n' : after}`
}

function trimmed(part: string): string {
  return part.replace(/^\n+|\n+$/g, '')
}

function lineCount(parts: readonly string[]): number {
  const text = parts.join('')
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0) - (text === '' ? 1 : 0)
}
