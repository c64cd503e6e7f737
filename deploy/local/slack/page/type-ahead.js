/** A select whose options the app gives while somebody types: a combobox with a list below it. */
import { el } from './dom.js'
import { plain } from './mrkdwn.js'

/** So long nobody types before the app is asked. */
const PAUSE_MS = 150
/** Slack's default for `min_query_length`. */
const FEWEST_CHARACTERS = 3

/** What stands in each field, by the field. */
const chosen = new WeakMap()

/** The whole option, or null. @param {HTMLElement} field */
export function chosenOption(field) {
  return chosen.get(field) ?? null
}

/** @param {any} element @param {any} parts */
export function typeAhead(element, { id, data, entered, tell, suggest }) {
  const first = (entered === undefined ? element.initial_option : entered) ?? null
  const list = el('div', { class: 'suggestions', role: 'listbox', id: `${id}-list`, hidden: true })
  const status = el('span', { class: 'unseen', role: 'status' })
  const field = el('input', {
    id,
    class: 'text-input type-ahead-field',
    data,
    type: 'text',
    role: 'combobox',
    value: first === null ? '' : plain(first.text),
    'aria-expanded': 'false',
    'aria-autocomplete': 'list',
    'aria-controls': list.id,
    'aria-describedby': `${id}-error ${id}-hint`,
    placeholder: element.placeholder ? plain(element.placeholder) : 'Search…',
    spellcheck: 'false',
    autocomplete: 'off',
    autofocus: element.focus_on_load,
  })
  chosen.set(field, first)
  const show = (children, words) => {
    list.replaceChildren(...children)
    status.textContent = words
    setOpen(field, list, true)
    // A modal is no longer than what stands in it, and cuts off the rest.
    list.scrollIntoView({ block: 'nearest' })
  }
  const take = (option) => {
    chosen.set(field, option)
    field.value = plain(option.text)
    setOpen(field, list, false)
    tell(option)
  }
  const ask = async () => {
    const typed = field.value
    if (typed.length < (element.min_query_length ?? FEWEST_CHARACTERS)) return setOpen(field, list, false)
    const answer = await suggest(typed).catch(() => ({ kind: 'failed' }))
    if (field.value !== typed || document.activeElement !== field) return
    if (answer.kind !== 'options') return show([note('The app did not answer.')], 'The app did not answer.')
    if (answer.options.length === 0) return show([note('No results')], 'No results')
    show(
      answer.options.map((option, index) => suggestion(option, `${id}-option-${index}`, () => take(option))),
      `${answer.options.length} results`,
    )
  }
  let timer = 0
  field.addEventListener('input', () => {
    chosen.set(field, null)
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE_MS)
  })
  field.addEventListener('focus', () => chosenOption(field) === null && void ask())
  field.addEventListener('blur', () => leave(field, list))
  field.addEventListener('keydown', (event) => key(event, field, list))
  return el('div', { class: 'type-ahead' }, field, list, status)
}

/** What was typed and not chosen is no choice. */
function leave(field, list) {
  setOpen(field, list, false)
  if (chosenOption(field) === null) field.value = ''
}

function note(words) {
  return el('div', { class: 'suggestion-note' }, words)
}

/** Taken at mouse down, before the field loses the focus. */
function suggestion(option, id, take) {
  const pick = (event) => {
    event.preventDefault()
    take()
  }
  const description = option.description && el('span', { class: 'choice-description' }, plain(option.description))
  const on = { mousedown: pick, take }
  return el(
    'div',
    { class: 'suggestion', role: 'option', id, 'aria-selected': 'false', on },
    plain(option.text),
    description,
  )
}

function key(event, field, list) {
  if (list.hidden) return
  const options = [...list.querySelectorAll('.suggestion')]
  const at = options.findIndex((one) => one.getAttribute('aria-selected') === 'true')
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step !== undefined && options.length > 0) select(field, options, (at + step + options.length) % options.length)
  else if (event.key === 'Enter' && at >= 0) options[at].dispatchEvent(new CustomEvent('take'))
  else if (event.key === 'Escape') setOpen(field, list, false)
  else return
  event.preventDefault()
  event.stopPropagation()
}

function select(field, options, at) {
  for (const [index, one] of options.entries()) one.setAttribute('aria-selected', String(index === at))
  field.setAttribute('aria-activedescendant', options[at].id)
  options[at].scrollIntoView({ block: 'nearest' })
}

function setOpen(field, list, isOpen) {
  list.hidden = !isOpen
  field.setAttribute('aria-expanded', String(isOpen))
  field.removeAttribute('aria-activedescendant')
}
