/** The form for a console of one's own: the key, and for how long. Its look, and reading what was filled in. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Connect } from '../../core/record/playbooks.ts'
import { readPastedKey } from '../../core/record/public-key.ts'
import { context, plainText } from '../slack/blocks.ts'
import { CONNECT_FORM } from '../slack/names.ts'
import { instanceInput, keyError, keyInput, Text, targetError, WhyInput, whyIn, whyInput } from './inputs.ts'

/** An hour is for a repair, a day is the most that OCI gives (its sessions end after 24 hours). */
const MINUTES = [15, 60, 240, 1440] as const
const USUAL_MINUTES = 60

const Metadata = z.object({ channel: z.string() })

export function connectForm(
  text: Catalogue,
  { instance, channel, why }: { instance: string; channel: string; why: string },
): ModalView {
  const words = text.commands.connectForm
  return {
    type: 'modal',
    callback_id: CONNECT_FORM,
    private_metadata: JSON.stringify({ channel } satisfies z.infer<typeof Metadata>),
    title: plainText(words.title, 24),
    submit: plainText(words.submit, 24),
    close: plainText(text.commands.modal.close, 24),
    blocks: [
      context(words.intro),
      instanceInput(text, instance),
      keyInput({ label: words.key, hint: words.keyHint, placeholder: words.keyPlaceholder }),
      minutesInput(words),
      whyInput(text, why),
    ],
  }
}

function minutesInput(words: Catalogue['commands']['connectForm']): InputBlock {
  const option = (minutes: (typeof MINUTES)[number]) => ({
    text: plainText(words.minutesChoice[minutes], 75),
    value: String(minutes),
  })
  return {
    type: 'input',
    block_id: 'minutes',
    label: plainText(words.minutes, 2000),
    element: {
      type: 'static_select',
      action_id: 'minutes',
      options: MINUTES.map(option),
      initial_option: option(USUAL_MINUTES),
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
      key: z.object({ key: Text }),
      why: WhyInput,
      minutes: z.object({ minutes: z.object({ selected_option: z.object({ value: z.string() }).nullish() }) }),
    }),
  }),
})

export type FilledConnect =
  | {
      readonly kind: 'good'
      readonly playbook: Connect
      readonly target: string
      readonly channel: string
      readonly why: string
      readonly submission: string
    }
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

export function readConnectForm(text: Catalogue, view: unknown): FilledConnect {
  const { id, private_metadata, state } = Submitted.parse(view)
  const { channel } = Metadata.parse(JSON.parse(private_metadata))
  const target = (state.values.instance.instance.value ?? '').trim()
  const key = readPastedKey(state.values.key.key.value ?? '')
  const chosen = Number(state.values.minutes.minutes.selected_option?.value)
  const minutes = MINUTES.find((one) => one === chosen) ?? USUAL_MINUTES
  const errors = { ...targetError(text, target), ...connectKeyError(text, key) }
  if (key.kind === 'refused' || Object.keys(errors).length > 0) return { kind: 'bad', errors }
  const playbook: Connect = { name: 'connect', publicKey: key.line, minutes }
  return { kind: 'good', playbook, target, channel, why: whyIn(state.values.why), submission: id }
}

/** OCI refuses all but RSA here, and only when the connection is made: better said in the form. */
function connectKeyError(text: Catalogue, key: ReturnType<typeof readPastedKey>): { key?: string } {
  if (key.kind === 'refused') return { key: keyError(text, key.why) }
  return key.facts.type === 'ssh-rsa' ? {} : { key: text.commands.connectForm.onlyRsa }
}
