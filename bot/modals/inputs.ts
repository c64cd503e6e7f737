/** The inputs that several forms have, and what is wrong with what was filled in. */
import type { InputBlock } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { MOST_REASON } from '../../core/record/events.ts'
import type { KeyRefusal } from '../../core/record/public-key.ts'
import { plainText } from '../slack/blocks.ts'
import { clean, clip } from '../slack/text.ts'

/** Slack's own limit for a text input. The longest key that OpenSSH makes by default (RSA-16384) has 2,800 characters. */
const LONGEST_KEY = 3000
export const LONGEST_USER = 32

/** What Slack sends of a text input. */
export const Text = z.object({ value: z.string().nullish() })

/** One line. */
export function textInput(id: string, label: string, hint: string, most: number, value: string): InputBlock {
  return {
    type: 'input',
    block_id: id,
    label: plainText(label, 2000),
    hint: plainText(hint, 2000),
    element: {
      type: 'plain_text_input',
      action_id: id,
      max_length: most,
      ...(value === '' ? {} : { initial_value: clip(value, most) }),
    },
  }
}

/** What for: nobody has to say it, and whoever approves wants to know. */
export function whyInput(text: Catalogue, why: string): InputBlock {
  const words = text.commands.modal
  return { ...textInput('why', words.why, words.whyHint, MOST_REASON, clean(why, MOST_REASON)), optional: true }
}

export const WhyInput = z.object({ why: Text }).optional()

export function whyIn(input: z.infer<typeof WhyInput>): string {
  return (input?.why.value ?? '').trim()
}

/** For a pasted public key. */
export function keyInput({ label, hint, placeholder }: Record<'label' | 'hint' | 'placeholder', string>): InputBlock {
  return {
    type: 'input',
    block_id: 'key',
    label: plainText(label, 2000),
    hint: plainText(hint, 2000),
    element: {
      type: 'plain_text_input',
      // The others come filled in by the command.
      focus_on_load: true,
      action_id: 'key',
      multiline: true,
      max_length: LONGEST_KEY,
      placeholder: plainText(placeholder, 150),
    },
  }
}

export function keyError(text: Catalogue, why: KeyRefusal): string {
  const sentences: Readonly<Record<KeyRefusal, string>> = text.commands.keyRefusals
  return sentences[why]
}
