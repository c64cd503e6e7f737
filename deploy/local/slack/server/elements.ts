/** Block Kit's text, confirm dialogs, options and interactive elements, with Slack's sizes (docs.slack.dev/reference/block-kit). */
import { z } from 'zod'

/** Texts are strictly typed by where they stand: `most` is the number of characters allowed there. */
export function plainText(most: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(most),
    emoji: z.boolean().optional(),
  })
}

export function anyText(most: number) {
  const mrkdwn = z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(most),
    verbatim: z.boolean().optional(),
  })
  return z.discriminatedUnion('type', [plainText(most), mrkdwn])
}

export const BlockId = z.string().min(1).max(255).optional()
const ActionId = z.string().min(1).max(255).optional()

export const Confirm = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
})
export type Confirm = z.infer<typeof Confirm>

export const Option = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: anyText(75).optional(),
  url: z.string().max(3000).optional(),
})
export type Option = z.infer<typeof Option>

const Button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: ActionId,
  url: z.string().max(3000).optional(),
  value: z.string().max(2000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: Confirm.optional(),
  accessibility_label: z.string().max(75).optional(),
})

const PlainTextInput = z
  .strictObject({
    type: z.literal('plain_text_input'),
    action_id: ActionId,
    initial_value: z.string().optional(),
    multiline: z.boolean().optional(),
    min_length: z.number().int().min(0).max(3000).optional(),
    max_length: z.number().int().min(1).max(3000).optional(),
    placeholder: plainText(150).optional(),
    focus_on_load: z.boolean().optional(),
    dispatch_action_config: z
      .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])) })
      .optional(),
  })
  .refine((input) => (input.min_length ?? 0) <= (input.max_length ?? 3000), 'min_length must not exceed max_length')

const StaticSelect = z
  .strictObject({
    type: z.literal('static_select'),
    action_id: ActionId,
    options: z.array(Option).min(1).max(100),
    initial_option: Option.optional(),
    placeholder: plainText(150).optional(),
    confirm: Confirm.optional(),
    focus_on_load: z.boolean().optional(),
  })
  .refine((select) => areAmong(select.options, [select.initial_option]), {
    path: ['initial_option'],
    message: 'failed to match schema',
  })

const RadioButtons = z
  .strictObject({
    type: z.literal('radio_buttons'),
    action_id: ActionId,
    options: z.array(Option).min(1).max(10),
    initial_option: Option.optional(),
    confirm: Confirm.optional(),
    focus_on_load: z.boolean().optional(),
  })
  .refine((radios) => areAmong(radios.options, [radios.initial_option]), {
    path: ['initial_option'],
    message: 'failed to match schema',
  })

const Checkboxes = z
  .strictObject({
    type: z.literal('checkboxes'),
    action_id: ActionId,
    options: z.array(Option).min(1).max(10),
    initial_options: z.array(Option).min(1).optional(),
    confirm: Confirm.optional(),
    focus_on_load: z.boolean().optional(),
  })
  .refine((boxes) => areAmong(boxes.options, boxes.initial_options ?? []), {
    path: ['initial_options'],
    message: 'failed to match schema',
  })

const ExternalSelect = z.strictObject({
  type: z.literal('external_select'),
  action_id: ActionId,
  initial_option: Option.optional(),
  /** How much must be typed before the app is asked; Slack's default is three characters. */
  min_query_length: z.number().int().min(0).optional(),
  placeholder: plainText(150).optional(),
  confirm: Confirm.optional(),
  focus_on_load: z.boolean().optional(),
})
export type ExternalSelect = z.infer<typeof ExternalSelect>

const FileInput = z.strictObject({
  type: z.literal('file_input'),
  action_id: ActionId,
  filetypes: z.array(z.string().min(1)).min(1).optional(),
  max_files: z.number().int().min(1).max(10).optional(),
})

export const ActionElement = z.discriminatedUnion('type', [
  Button,
  StaticSelect,
  ExternalSelect,
  RadioButtons,
  Checkboxes,
])
export const InputElement = z.discriminatedUnion('type', [
  PlainTextInput,
  StaticSelect,
  ExternalSelect,
  RadioButtons,
  Checkboxes,
  FileInput,
])
export type InputElement = z.infer<typeof InputElement>
export type InteractiveElement = z.infer<typeof ActionElement> | InputElement

/** What is selected at first must be exactly one of the options, description and all. */
function areAmong(options: readonly Option[], chosen: readonly (Option | undefined)[]): boolean {
  const known = new Set(options.map((option) => JSON.stringify(option)))
  return chosen.every((option) => option === undefined || known.has(JSON.stringify(option)))
}
