/** The form for GRUB's user name and password: its look, and reading what was filled in. Nothing of it is prefilled. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { EventOf } from '../../core/record/events.ts'
import { type GrubCredentials, GrubPassword, GrubUserName } from '../../core/record/grub-credentials.ts'
import { context, plainText } from '../slack/blocks.ts'
import { GRUB_PASSWORD_FORM } from '../slack/names.ts'
import { type AskFormReference, askMetadata, readAskMetadata } from '../slack/reference.ts'

/** As `core/record/grub-credentials.ts` has them: Slack's own client says it first. */
const LONGEST_USER_NAME = 64
const LONGEST_PASSWORD = 256

type What = Exclude<EventOf<'asked'>['what'], 'file-text'>

export function grubPasswordForm(text: Catalogue, reference: AskFormReference, what: What): ModalView {
  const words = text.commands.grubPassword
  return {
    type: 'modal',
    callback_id: GRUB_PASSWORD_FORM,
    private_metadata: askMetadata(reference),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(words.close, 24),
    blocks: [
      context(words.visible, words.whereItGoes),
      ...(what === 'grub-password' ? [input('username', words.username, words.usernameHint, LONGEST_USER_NAME)] : []),
      input('password', words.password, words.passwordHint, LONGEST_PASSWORD),
    ],
  }
}

function input(id: string, label: string, hint: string, most: number): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plainText(label, 2000),
    hint: plainText(hint, 2000),
    element: { type: 'plain_text_input', action_id: id, max_length: most },
  }
}

const Text = z.object({ value: z.string().nullish() })
/** Only the fields that we use; Slack sends more. */
const Submitted = z.object({
  private_metadata: z.string(),
  state: z.object({
    values: z.object({ username: z.object({ username: Text }).optional(), password: z.object({ password: Text }) }),
  }),
})

export type FilledGrubPassword =
  | { readonly kind: 'good'; readonly reference: AskFormReference; readonly credentials: GrubCredentials }
  /** Sentences by the input they belong to. None of them quotes what was filled in. */
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

export function readGrubPasswordForm(text: Catalogue, view: unknown): FilledGrubPassword {
  const { private_metadata, state } = Submitted.parse(view)
  const reference = readAskMetadata(private_metadata)
  const username = readUserName(state.values.username)
  // Blanks at its ends may be part of it.
  const password = GrubPassword.safeParse(state.values.password.password.value ?? '')
  const words = text.commands.grubPassword
  if (username.success && password.success)
    return { kind: 'good', reference, credentials: { username: username.data, password: password.data } }
  const errors = {
    ...(username.success ? {} : { username: words.badUsername }),
    ...(password.success ? {} : { password: words.badPassword }),
  }
  return { kind: 'bad', errors }
}

/** A form that did not ask for one has none. */
function readUserName(block: { readonly username: z.infer<typeof Text> } | undefined) {
  if (block === undefined) return { success: true, data: '' } as const
  return GrubUserName.safeParse((block.username.value ?? '').trim())
}
