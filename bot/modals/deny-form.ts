/** The form that asks why something is denied: its look, and reading what was filled in. */
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { MOST_REASON } from '../../core/record/events.ts'
import { plainText, section } from '../slack/blocks.ts'
import { DENY_FORM } from '../slack/names.ts'
import { type GateFormReference, gateFormReference, readGateFormReference } from '../slack/reference.ts'
import { plain } from '../slack/text.ts'
import { Text } from './inputs.ts'

export function denyForm(text: Catalogue, reference: GateFormReference, instance: string): ModalView {
  const words = text.commands.deny
  return {
    type: 'modal',
    callback_id: DENY_FORM,
    private_metadata: gateFormReference(reference),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      section(plain(words.what[reference.gate], { instance })),
      {
        type: 'input',
        block_id: 'reason',
        label: plainText(words.reason, 2000),
        hint: plainText(words.reasonHint, 2000),
        element: {
          type: 'plain_text_input',
          action_id: 'reason',
          multiline: true,
          max_length: MOST_REASON,
          focus_on_load: true,
        },
      },
    ],
  }
}

const Submitted = z.object({
  private_metadata: z.string(),
  state: z.object({ values: z.object({ reason: z.object({ reason: Text }) }) }),
})

export type FilledDenial =
  | { readonly kind: 'good'; readonly reference: GateFormReference; readonly reason: string }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

/** Undefined for a form that is none of ours. */
export function readDenyForm({ commands }: Catalogue, view: unknown): FilledDenial | undefined {
  const { private_metadata, state } = Submitted.parse(view)
  const reference = readGateFormReference(private_metadata)
  if (reference === undefined) return undefined
  const reason = (state.values.reason.reason.value ?? '').trim().slice(0, MOST_REASON)
  if (reason === '') return { kind: 'bad', errors: { reason: commands.deny.noReason } }
  return { kind: 'good', reference, reason }
}
