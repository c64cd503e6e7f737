/** The form for taking back what a rescue has changed: it is named by its number, and names the instance itself. */
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Origin } from '../../core/record/events.ts'
import { readRescueId } from '../rescue-id.ts'
import { context } from '../slack/blocks.ts'
import { UNDO_FORM } from '../slack/names.ts'
import { Text, textInput, WhyInput, whyIn, whyInput } from './inputs.ts'
import { readMetadata, type Start, startModal } from './start-fields.ts'

/** `R-XXXXXX`, and blanks that somebody has copied with it. */
const LONGEST_RESCUE = 20

export function undoForm(text: Catalogue, start: Start): ModalView {
  const words = text.commands.start
  return startModal(text, UNDO_FORM, start, [
    context(words.intros.undo),
    textInput('of', words.rescue, words.rescueHint, LONGEST_RESCUE, start.said.of ?? ''),
    whyInput(text, start.why),
  ])
}

const Submitted = z.object({
  id: z.string(),
  private_metadata: z.string(),
  state: z.object({ values: z.object({ of: z.object({ of: Text }), why: WhyInput }) }),
})

export type FilledUndo =
  | {
      readonly kind: 'good'
      readonly rescue: string
      readonly submission: string
      readonly why: string
      readonly from: Omit<Origin, 'team'>
    }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

export function readUndoForm({ commands }: Catalogue, view: unknown): FilledUndo {
  const { id: submission, private_metadata, state } = Submitted.parse(view)
  const { channels, from } = readMetadata({ private_metadata })
  const { of, why } = state.values
  const rescue = readRescueId(of.of.value ?? '')
  return rescue === undefined
    ? { kind: 'bad', errors: { of: commands.start.badRescue } }
    : { kind: 'good', rescue, submission, why: whyIn(why), from: { channel: channels[0] ?? '', ...from } }
}
