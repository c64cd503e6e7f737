/** The form that asks for the public key: its look, and reading what was filled in. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { type ReplaceKey, UserName } from '../../core/record/playbooks.ts'
import { type KeyRefusal, readPastedKey } from '../../core/record/public-key.ts'
import { context, plainText, section } from '../slack/blocks.ts'
import { REPLACE_KEY_FORM } from '../slack/names.ts'
import { clean } from '../slack/text.ts'

/** OCI's limit for display names, and the length of the longest OCIDs. */
const LONGEST_TARGET = 255
const LONGEST_USER = 32
/** Slack's own limit for a text input. The longest key that OpenSSH makes by default (RSA-16384) has 2,800 characters. */
const LONGEST_KEY = 3000
const KEEP = 'keep'

export interface Prefilled {
  readonly instance: string
  readonly user: string
  /** Where the command was typed; the rescue's thread goes there. */
  readonly channel: string
}

/** What travels with the form and comes back. */
const Metadata = z.object({ channel: z.string() })

export function replaceKeyForm(text: Catalogue, { instance, user, channel }: Prefilled): ModalView {
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
      textInput('instance', words.instance, words.instanceHint, LONGEST_TARGET, clean(instance, LONGEST_TARGET)),
      textInput('user', words.user, words.userHint, LONGEST_USER, user),
      keyInput(words),
      keepInput(words),
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

function textInput(id: string, label: string, hint: string, most: number, value: string): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plainText(label, 2000),
    hint: plainText(hint, 2000),
    element: {
      type: 'plain_text_input',
      action_id: id,
      max_length: most,
      ...(value === '' ? {} : { initial_value: value }),
    },
  }
}

function keyInput(words: Catalogue['commands']['modal']): InputBlock {
  return {
    type: 'input',
    block_id: 'key',
    label: plainText(words.key, 2000),
    hint: plainText(words.keyHint, 2000),
    element: {
      type: 'plain_text_input',
      // The other two come filled in by the command.
      focus_on_load: true,
      action_id: 'key',
      multiline: true,
      max_length: LONGEST_KEY,
      placeholder: plainText(words.keyPlaceholder, 150),
    },
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

const Text = z.object({ value: z.string().nullish() })
/** Only the fields that we use; Slack sends more. */
const Submitted = z.object({
  id: z.string(),
  private_metadata: z.string(),
  state: z.object({
    values: z.object({
      instance: z.object({ instance: Text }),
      user: z.object({ user: Text }),
      key: z.object({ key: Text }),
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
  return { kind: 'good', playbook, target, channel, submission: id }
}

function targetError(text: Catalogue, target: string): { instance?: string } {
  const words = text.commands.modal
  if (target === '') return { instance: words.instanceMissing }
  return target.length > LONGEST_TARGET || clean(target, LONGEST_TARGET) !== target
    ? { instance: words.instanceTooOdd }
    : {}
}

function keyError(text: Catalogue, why: KeyRefusal): string {
  const sentences: Readonly<Record<KeyRefusal, string>> = text.commands.keyRefusals
  return sentences[why]
}
