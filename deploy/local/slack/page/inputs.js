/** The elements people fill in, and reading back what they filled in. */
import { el } from './dom.js'
import { fileInput, givenFiles } from './file-input.js'
import { plain, textObject } from './mrkdwn.js'
import { chosenOption, typeAhead } from './type-ahead.js'

/**
 * @param {any} element
 * @param {any} block
 * @param {import('./blocks.js').Surface} surface
 * @param {boolean} dispatches whether each change is told to the app
 * @param {string} [id]
 */
export function inputElement(element, block, surface, dispatches, id = `input-${block.block_id}-${element.action_id}`) {
  const tell = (value) => dispatches && surface.act(element, block, value)
  const entered = surface.entered(element, block)
  const data = { actionId: element.action_id, input: `${block.block_id}/${element.action_id}`, kind: element.type }
  switch (element.type) {
    case 'plain_text_input':
      return textInput(element, { id, data, entered })
    case 'static_select':
      return select(element, { id, data, entered, tell })
    case 'external_select':
      return typeAhead(element, { id, data, entered, tell, suggest: (typed) => surface.suggest(element, block, typed) })
    case 'file_input':
      return fileInput(element, { id, data, entered, give: surface.give })
    default:
      return choices(element, { id, data, entered, tell, names: surface.names })
  }
}

/** @param {any} element @param {any} parts */
function textInput(element, { id, data, entered }) {
  const field = el(element.multiline ? 'textarea' : 'input', {
    id,
    class: 'text-input',
    data,
    type: element.multiline ? undefined : 'text',
    rows: element.multiline ? '5' : undefined,
    placeholder: element.placeholder && plain(element.placeholder),
    spellcheck: 'false',
    autocomplete: 'off',
    autofocus: element.focus_on_load,
    'aria-describedby': `${id}-error ${id}-hint`,
  })
  field.value = entered ?? element.initial_value ?? ''
  return field
}

/** @param {any} element @param {any} parts */
function select(element, { id, data, entered, tell }) {
  const chosen = entered ?? element.initial_option?.value ?? ''
  const options = element.options.map((option) =>
    el('option', { value: option.value, selected: option.value === chosen }, plain(option.text)),
  )
  const placeholder = el('option', { value: '' }, element.placeholder ? plain(element.placeholder) : 'Choose an option')
  const field = el('select', { id, class: 'select', data, 'aria-describedby': `${id}-error` }, placeholder, ...options)
  field.addEventListener('change', () => tell(field.value))
  return field
}

/** @param {any} element @param {any} parts */
function choices(element, { id, data, entered, tell, names }) {
  const type = element.type === 'checkboxes' ? 'checkbox' : 'radio'
  const atFirst =
    type === 'checkbox' ? (element.initial_options ?? []).map((one) => one.value) : [element.initial_option?.value]
  const chosen = entered === undefined ? atFirst : [entered].flat()
  const group = el('div', { class: 'choices', id, data, role: type === 'radio' ? 'radiogroup' : 'group' })
  group.append(
    ...element.options.map((option) => {
      const box = el('input', { type, name: `${id}-choice`, value: option.value })
      box.checked = chosen.includes(option.value)
      const words = el('span', { class: 'choice-text' }, ...textObject(option.text, names))
      if (option.description)
        words.append(el('span', { class: 'choice-description' }, ...textObject(option.description, names)))
      return el('label', { class: 'choice' }, box, words)
    }),
  )
  group.addEventListener('change', () => tell(readField(group)))
  return group
}

/** Everything filled in below `root`, keyed as the server wants it. @param {HTMLElement} root */
export function enteredValues(root) {
  return Object.fromEntries(
    [...root.querySelectorAll('[data-input]')].map((field) => [field.dataset.input, readField(field)]),
  )
}

/** @param {any} field */
function readField(field) {
  if (field.dataset.kind === 'external_select') return chosenOption(field)
  if (field.dataset.kind === 'file_input') return givenFiles(field)
  if (field.dataset.kind !== 'checkboxes' && field.dataset.kind !== 'radio_buttons') return field.value
  const checked = [...field.querySelectorAll('input:checked')].map((box) => box.value)
  return field.dataset.kind === 'checkboxes' ? checked : (checked[0] ?? '')
}
