/** The form that asks why something is denied, or opened alone: its look, and reading what was filled in. */
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { MOST_REASON } from '../../core/record/events.ts'
import { plainText, section } from '../slack/blocks.ts'
import { BREAK_GLASS_FORM, DENY_FORM } from '../slack/names.ts'
import { type GateFormReference, gateFormReference, readGateFormReference } from '../slack/reference.ts'
import { say } from '../slack/text.ts'
import { Text } from './inputs.ts'

export type WithReason = 'denied' | 'broke-glass'

/** `least`: characters that the reason must have at least. */
export function reasonForm(
  text: Catalogue,
  decision: WithReason,
  reference: GateFormReference,
  { instance, least }: { readonly instance: string; readonly least: number },
): ModalView {
  const words = wordsOf(text, decision)
  return {
    type: 'modal',
    callback_id: decision === 'denied' ? DENY_FORM : BREAK_GLASS_FORM,
    private_metadata: gateFormReference(reference),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      section(say(words.what[reference.gate], { instance })),
      {
        type: 'input',
        block_id: 'reason',
        label: plainText(words.reason, 2000),
        hint: plainText(words.reasonHint, 2000),
        element: {
          type: 'plain_text_input',
          action_id: 'reason',
          multiline: true,
          min_length: least,
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

export type FilledReason =
  | { readonly kind: 'good'; readonly reference: GateFormReference; readonly reason: string }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

/** Undefined for a form that is none of ours. */
export function readReasonForm(text: Catalogue, decision: WithReason, view: unknown): FilledReason | undefined {
  const { private_metadata, state } = Submitted.parse(view)
  const reference = readGateFormReference(private_metadata)
  if (reference === undefined) return undefined
  const reason = (state.values.reason.reason.value ?? '').trim().slice(0, MOST_REASON)
  if (reason === '') return { kind: 'bad', errors: { reason: wordsOf(text, decision).noReason } }
  return { kind: 'good', reference, reason }
}

function wordsOf({ commands }: Catalogue, decision: WithReason) {
  return decision === 'denied' ? commands.deny : commands.breakGlass
}
