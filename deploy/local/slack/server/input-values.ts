/** From what a person entered (by action id) to Slack's `state.values`, and what a modal refuses before it asks the app. */
import { type Block, interactiveElements } from './blocks.ts'
import { type InputElement, type InteractiveElement, Option } from './elements.ts'
import type { FileObject } from './files.ts'

export type StateValue =
  | { type: 'plain_text_input'; value: string | null }
  | { type: 'static_select' | 'external_select' | 'radio_buttons'; selected_option: Option | null }
  | { type: 'checkboxes'; selected_options: readonly Option[] }
  | { type: 'file_input'; files: readonly FileObject[] }

export type StateValues = Readonly<Record<string, Readonly<Record<string, StateValue>>>>

/**
 * What was entered: text, an option's value, or a list of options' values; of an external select, whose options only the
 * app knows, the whole option; of a file input the ids of files. What is not mentioned stays as it was at first.
 */
export type Entered = Readonly<Record<string, unknown>>

/** The file somebody gave, by its id. */
type FileOf = (id: string) => FileObject | undefined

/** The state of all inputs; `entered` is keyed by action id, or by `block_id/action_id` where the first is not enough. */
export function stateValues(blocks: readonly Block[], entered: Entered, fileOf: FileOf = () => undefined): StateValues {
  const values: Record<string, Record<string, StateValue>> = {}
  for (const block of blocks) {
    for (const element of interactiveElements(block)) {
      if (element.type === 'button') continue
      const blockId = block.block_id ?? ''
      const actionId = element.action_id ?? ''
      const given = entered[`${blockId}/${actionId}`] ?? entered[actionId]
      values[blockId] = { ...values[blockId], [actionId]: stateValue(element, given, fileOf) }
    }
  }
  return values
}

function stateValue(
  element: Exclude<InteractiveElement, { type: 'button' }>,
  given: unknown,
  fileOf: FileOf,
): StateValue {
  switch (element.type) {
    case 'plain_text_input': {
      const text = typeof given === 'string' ? given : given === undefined ? (element.initial_value ?? '') : ''
      return { type: element.type, value: text === '' ? null : text }
    }
    case 'static_select':
    case 'radio_buttons':
      return {
        type: element.type,
        selected_option:
          given === undefined ? (element.initial_option ?? null) : (optionsOf(element.options, [given])[0] ?? null),
      }
    case 'external_select':
      return {
        type: element.type,
        selected_option:
          given === undefined ? (element.initial_option ?? null) : (Option.safeParse(given).data ?? null),
      }
    case 'file_input':
      return {
        type: element.type,
        files: asList(given ?? []).flatMap((id) => fileOf(String(id)) ?? []),
      }
    case 'checkboxes':
      return {
        type: element.type,
        selected_options:
          given === undefined ? (element.initial_options ?? []) : optionsOf(element.options, asList(given)),
      }
    default:
      return element satisfies never
  }
}

function optionsOf(options: readonly Option[], values: readonly unknown[]): Option[] {
  return options.filter((option) => values.includes(option.value))
}

function asList(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [given]
}

/** What Slack's client itself says before it sends a modal: by block id, in its words. Empty when all is well. */
export function clientErrors(blocks: readonly Block[], values: StateValues): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const block of blocks) {
    if (block.type !== 'input') continue
    const value = values[block.block_id ?? '']?.[block.element.action_id ?? '']
    const problem = value && problemWith(block.element, value, block.optional === true)
    if (problem !== undefined) errors[block.block_id ?? ''] = problem
  }
  return errors
}

function problemWith(element: InputElement, value: StateValue, isOptional: boolean): string | undefined {
  if (isEmpty(value)) return isOptional ? undefined : 'Please complete this required field.'
  if (element.type !== 'plain_text_input' || value.type !== 'plain_text_input') return undefined
  const length = value.value?.length ?? 0
  const most = element.max_length ?? 3000
  if (length > most) return `This field has a maximum of ${most} characters.`
  if (length < (element.min_length ?? 0)) return `This field has a minimum of ${element.min_length} characters.`
  return undefined
}

function isEmpty(value: StateValue): boolean {
  switch (value.type) {
    case 'plain_text_input':
      return value.value === null
    case 'checkboxes':
      return value.selected_options.length === 0
    case 'file_input':
      return value.files.length === 0
    default:
      return value.selected_option === null
  }
}
