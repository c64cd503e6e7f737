/** The form that asks for the public key: its look, and reading what was filled in. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { type ReplaceKey, UserName } from '../../core/record/playbooks.ts'
import { readPastedKey } from '../../core/record/public-key.ts'
import { context, plainText, section } from '../slack/blocks.ts'
import { REPLACE_KEY_FORM } from '../slack/names.ts'
import { instanceInput, keyError, keyInput, Text, targetError, textInput, WhyInput, whyIn, whyInput } from './inputs.ts'

const LONGEST_USER = 32
const KEEP = 'keep'

export interface Prefilled {
  readonly instance: string
  readonly user: string
  /** Where the command was typed; the rescue's thread goes there. */
  readonly channel: string
  /** What for, as far as that was typed. */
  readonly why: string
}

/** What travels with the form and comes back. */
const Metadata = z.object({ channel: z.string() })

export function replaceKeyForm(text: Catalogue, { instance, user, channel, why }: Prefilled): ModalView {
  const words = text.commands.modal
  return {
    type: 'modal',
    callback_id: REPLACE_KEY_FORM,
    private_metadata: JSON.stringify({ channel } satisfies z.infer<typeof Metadata>),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      context(words.intro),
      instanceInput(text, instance),
      textInput('user', words.user, words.userHint, LONGEST_USER, user),
      keyInput({ label: words.key, hint: words.keyHint, placeholder: words.keyPlaceholder }),
      keepInput(words),
      whyInput(text, why),
    ],
  }
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
  id: z.string(),
  private_metadata: z.string(),
  state: z.object({
    values: z.object({
      instance: z.object({ instance: Text }),
      user: z.object({ user: Text }),
      key: z.object({ key: Text }),
      why: WhyInput,
      keep: z.object({ keep: z.object({ selected_options: z.array(z.object({ value: z.string() })).nullish() }) }),
    }),
  }),
})

export type Filled =
  | {
      readonly kind: 'good'
      readonly playbook: ReplaceKey
      readonly target: string
      readonly channel: string
      readonly why: string
      /** Names this form, however often it is delivered. */
      readonly submission: string
    }
  /** Sentences by the input they belong to. None of them quotes what was filled in. */
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

export function readReplaceKeyForm(text: Catalogue, view: unknown): Filled {
  const { id, private_metadata, state } = Submitted.parse(view)
  const { channel } = Metadata.parse(JSON.parse(private_metadata))
  const target = (state.values.instance.instance.value ?? '').trim()
  const user = UserName.safeParse((state.values.user.user.value ?? '').trim())
  const key = readPastedKey(state.values.key.key.value ?? '')
  const keepExisting = (state.values.keep.keep.selected_options ?? []).some(({ value }) => value === KEEP)
  const errors = {
    ...targetError(text, target),
    ...(user.success ? {} : { user: text.commands.modal.badUser }),
    ...(key.kind === 'refused' ? { key: keyError(text, key.why) } : {}),
  }
  if (!user.success || key.kind === 'refused' || Object.keys(errors).length > 0) return { kind: 'bad', errors }
  const playbook: ReplaceKey = { name: 'replace-key', user: user.data, publicKey: key.line, keepExisting }
  return { kind: 'good', playbook, target, channel, why: whyIn(state.values.why), submission: id }
}
