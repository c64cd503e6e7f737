/** Files for a modal: handed to the workspace as soon as they are chosen, sent with the modal by their ids. */
import { el } from './dom.js'

/** The files of each field, by the field. */
const given = new WeakMap()
/** Names of what was handed over, for a modal that is drawn anew. */
const names = new Map()

/** The ids of the files. @param {HTMLElement} field */
export function givenFiles(field) {
  return given.get(field) ?? []
}

/** @param {any} element @param {any} parts */
export function fileInput(element, { id, data, entered, give }) {
  const list = el('ul', { class: 'given-files' })
  const status = el('span', { class: 'hint', role: 'status' })
  const accept = element.filetypes?.map((type) => `.${type}`).join(',')
  const multiple = (element.max_files ?? 10) > 1
  const field = el('input', { id, type: 'file', class: 'file-field', data, accept, multiple })
  const put = (ids) => {
    given.set(field, ids)
    list.replaceChildren(...ids.map((one) => row(one, () => put(ids.filter((other) => other !== one)))))
  }
  field.addEventListener('change', async () => {
    status.textContent = 'Uploading…'
    try {
      const files = await Promise.all([...field.files].map(give))
      for (const file of files) names.set(file.id, file.name)
      put([...givenFiles(field), ...files.map((file) => file.id)].slice(-(element.max_files ?? 10)))
      status.textContent = ''
    } catch {
      status.textContent = 'The file could not be uploaded.'
    }
    field.value = ''
  })
  put([entered ?? []].flat())
  return el('div', { class: 'file-input' }, field, list, status)
}

function row(id, remove) {
  const name = names.get(id) ?? id
  const on = { click: remove }
  return el(
    'li',
    {},
    name,
    el('button', { type: 'button', class: 'icon-button', 'aria-label': `Remove ${name}`, on }, '✕'),
  )
}
