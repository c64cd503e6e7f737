/** The form that asks for the public key: its look, and reading what was filled in. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { type ReplaceKey, UserName } from '../../core/record/playbooks.ts'
import { readPastedKey } from '../../core/record/public-key.ts'
import type { Directory } from '../instances/directory.ts'
import { context, plainText, section } from '../slack/blocks.ts'
import { REPLACE_KEY_FORM } from '../slack/names.ts'
import { keyError, keyInput, LONGEST_USER, Text, textInput, whyInput } from './inputs.ts'
import { type FilledStart, readStart, type Start, startFields, startModal } from './start-fields.ts'

const KEEP = 'keep'

export function replaceKeyForm(text: Catalogue, start: Start, user: string): ModalView {
  const words = text.commands.modal
  return startModal(
    text,
    REPLACE_KEY_FORM,
    start,
    [
      context(words.intro),
      ...startFields(text, start),
      textInput('user', words.user, words.userHint, LONGEST_USER, user),
      keyInput({ label: words.key, hint: words.keyHint, placeholder: words.keyPlaceholder }),
      keepInput(words),
      whyInput(text, start.why),
    ],
    { title: words.title },
  )
}

/** In place of the form, when there is nothing to be mended in it. */
export function noticeView(text: Catalogue, title: string, mrkdwn: string): ModalView {
  const words = text.commands.modal
  return {
    type: 'modal',
    title: plainText(title, 24),
    close: plainText(words.done, 24),
    blocks: [section(mrkdwn)],
  }
}

function keepInput(words: Catalogue['commands']['modal']): InputBlock {
  return {
    type: 'input',
    block_id: KEEP,
    optional: true,
    label: plainText(words.options, 2000),
    hint: plainText(words.keepExistingHint, 2000),
    element: {
      type: 'checkboxes',
      action_id: KEEP,
      options: [{ text: plainText(words.keepExisting, 75), value: KEEP }],
    },
  }
}

/** Only the fields that we use; Slack sends more. */
const Submitted = z.object({
  state: z.object({
    values: z.object({
      user: z.object({ user: Text }),
      key: z.object({ key: Text }),
      keep: z.object({ keep: z.object({ selected_options: z.array(z.object({ value: z.string() })).nullish() }) }),
    }),
  }),
})

export function readReplaceKeyForm(
  text: Catalogue,
  view: unknown,
  directory: Directory | undefined,
): FilledStart<ReplaceKey> {
  const { errors: startErrors, ...place } = readStart(text, view, directory)
  const { values } = Submitted.parse(view).state
  const user = UserName.safeParse((values.user.user.value ?? '').trim())
  const key = readPastedKey(values.key.key.value ?? '')
  const keepExisting = (values.keep.keep.selected_options ?? []).some(({ value }) => value === KEEP)
  const errors = {
    ...startErrors,
    ...(user.success ? {} : { user: text.commands.modal.badUser }),
    ...(key.kind === 'refused' ? { key: keyError(text, key.why) } : {}),
  }
  if (!user.success || key.kind === 'refused' || Object.keys(errors).length > 0) return { kind: 'bad', errors }
  const playbook: ReplaceKey = { name: 'replace-key', user: user.data, publicKey: key.line, keepExisting }
  return { kind: 'good', playbook, ...place }
}
