/** The form for a console of one's own: the key, and for how long. Its look, and reading what was filled in. */
import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Connect } from '../../core/record/playbooks.ts'
import { readPastedKey } from '../../core/record/public-key.ts'
import type { Directory } from '../instances/directory.ts'
import { context, plainText } from '../slack/blocks.ts'
import { CONNECT_FORM } from '../slack/names.ts'
import { keyError, keyInput, Text, whyInput } from './inputs.ts'
import { type FilledStart, readStart, type Start, startFields, startModal } from './start-fields.ts'

/** An hour is for a repair, a day is the most that OCI gives (its sessions end after 24 hours). */
const MINUTES = [15, 60, 240, 1440] as const
const USUAL_MINUTES = 60

export function connectForm(text: Catalogue, start: Start): ModalView {
  const words = text.commands.connectForm
  return startModal(
    text,
    CONNECT_FORM,
    start,
    [
      context(words.intro),
      ...startFields(text, start),
      keyInput({ label: words.key, hint: words.keyHint, placeholder: words.keyPlaceholder }),
      minutesInput(words),
      whyInput(text, start.why),
    ],
    { title: words.title, submit: words.submit },
  )
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
  state: z.object({
    values: z.object({
      key: z.object({ key: Text }),
      minutes: z.object({ minutes: z.object({ selected_option: z.object({ value: z.string() }).nullish() }) }),
    }),
  }),
})

export function readConnectForm(
  text: Catalogue,
  view: unknown,
  directory: Directory | undefined,
): FilledStart<Connect> {
  const { errors: startErrors, ...place } = readStart(text, view, directory)
  const { values } = Submitted.parse(view).state
  const key = readPastedKey(values.key.key.value ?? '')
  const chosen = Number(values.minutes.minutes.selected_option?.value)
  const minutes = MINUTES.find((one) => one === chosen) ?? USUAL_MINUTES
  const errors = { ...startErrors, ...connectKeyError(text, key) }
  if (key.kind === 'refused' || Object.keys(errors).length > 0) return { kind: 'bad', errors }
  const playbook: Connect = { name: 'connect', publicKey: key.line, minutes }
  return { kind: 'good', playbook, ...place }
}

/** OCI refuses all but RSA here, and only when the connection is made: better said in the form. */
function connectKeyError(text: Catalogue, key: ReturnType<typeof readPastedKey>): { key?: string } {
  if (key.kind === 'refused') return { key: keyError(text, key.why) }
  return key.facts.type === 'ssh-rsa' ? {} : { key: text.commands.connectForm.onlyRsa }
}
