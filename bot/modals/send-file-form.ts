/** The form that takes the new text of a long file, as a file. */
import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { context, plainText, section } from '../slack/blocks.ts'
import { SEND_FILE_FORM } from '../slack/names.ts'
import { type AskFormReference, askMetadata, readAskMetadata } from '../slack/reference.ts'
import { say } from '../slack/text.ts'

export const FILE_INPUT = 'file'

export function sendFileForm(text: Catalogue, reference: AskFormReference, path: string): ModalView {
  const words = text.commands.edit
  return {
    type: 'modal',
    callback_id: SEND_FILE_FORM,
    private_metadata: askMetadata(reference),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      section(say(words.file, { path })),
      context(words.next),
      {
        type: 'input',
        block_id: FILE_INPUT,
        label: plainText(words.newFile, 2000),
        hint: plainText(words.newFileHint, 2000),
        element: { type: 'file_input', action_id: FILE_INPUT, max_files: 1 },
      },
    ],
  }
}

/** The fields we use of Slack's file object; a file from another organisation comes without its address. */
const SentFile = z.object({ size: z.number().optional(), url_private_download: z.string().optional() })
export type SentFile = z.infer<typeof SentFile>

const Submitted = z.object({
  private_metadata: z.string(),
  state: z.object({
    values: z.object({ [FILE_INPUT]: z.object({ [FILE_INPUT]: z.object({ files: z.array(SentFile).nullish() }) }) }),
  }),
})

export interface FilledFile {
  readonly reference: AskFormReference
  readonly file: SentFile | undefined
}

export function readSendFileForm(view: unknown): FilledFile {
  const { private_metadata, state } = Submitted.parse(view)
  return {
    reference: readAskMetadata(private_metadata),
    file: state.values[FILE_INPUT][FILE_INPUT].files?.[0],
  }
}
