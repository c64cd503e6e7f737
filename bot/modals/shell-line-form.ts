/** The form for one line of a root shell: its look, and reading what was typed. */
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { LONGEST_LINE, ShellLine } from '../../core/record/shell-line.ts'
import { context, plainText } from '../slack/blocks.ts'
import { SHELL_LINE_FORM } from '../slack/names.ts'
import { readShellMetadata, type ShellFormReference, shellMetadata } from '../slack/reference.ts'

export function shellLineForm(text: Catalogue, reference: ShellFormReference): ModalView {
  const words = text.commands.shell
  return {
    type: 'modal',
    callback_id: SHELL_LINE_FORM,
    private_metadata: shellMetadata(reference),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      {
        type: 'input',
        block_id: 'line',
        label: plainText(words.line, 2000),
        element: { type: 'plain_text_input', action_id: 'line', max_length: LONGEST_LINE, focus_on_load: true },
      },
      context(words.lineHint),
    ],
  }
}

const Submitted = z.object({
  private_metadata: z.string(),
  state: z.object({ values: z.object({ line: z.object({ line: z.object({ value: z.string().nullish() }) }) }) }),
})

export type FilledLine =
  | { readonly kind: 'good'; readonly reference: ShellFormReference; readonly text: string }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

/** Blanks at the ends of a line mean nothing to a shell; a tab is one to it. */
export function readShellLineForm({ commands }: Catalogue, view: unknown): FilledLine {
  const { private_metadata, state } = Submitted.parse(view)
  const reference = readShellMetadata(private_metadata)
  const text = ShellLine.safeParse((state.values.line.line.value ?? '').replaceAll('\t', ' ').trim())
  if (!text.success) return { kind: 'bad', errors: { line: commands.shell.badLine } }
  return { kind: 'good', reference, text: text.data }
}
