/** Small dialogs: "are you sure?", and a picture in full size. */
import { el } from './dom.js'
import { plain, textObject } from './mrkdwn.js'

/** Asks with an element's own confirm dialog; resolves with yes or no. @param {any} confirm @param {import('./mrkdwn.js').Names} names @returns {Promise<boolean>} */
export function askConfirm(confirm, names) {
  return new Promise((resolve) => {
    const dialog = el('dialog', {
      class: 'dialog dialog-confirm',
      'aria-labelledby': 'confirm-title',
      data: { testid: 'confirm' },
    })
    const answer = (yes) => {
      dialog.close()
      dialog.remove()
      resolve(yes)
    }
    const style = confirm.style === 'danger' ? 'button-danger' : 'button-primary'
    dialog.append(
      el('h2', { class: 'dialog-title', id: 'confirm-title' }, plain(confirm.title)),
      el('div', { class: 'dialog-body' }, ...textObject(confirm.text, names)),
      el(
        'div',
        { class: 'dialog-foot' },
        el(
          'button',
          { type: 'button', class: 'button', data: { testid: 'confirm-no' }, on: { click: () => answer(false) } },
          plain(confirm.deny),
        ),
        el(
          'button',
          {
            type: 'button',
            class: `button ${style}`,
            data: { testid: 'confirm-yes' },
            on: { click: () => answer(true) },
          },
          plain(confirm.confirm),
        ),
      ),
    )
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      answer(false)
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

/** @param {string} source @param {string} alt */
export function enlarge(source, alt) {
  const dialog = el('dialog', { class: 'dialog dialog-picture', 'aria-label': alt, data: { testid: 'enlarged' } })
  const close = () => dialog.close()
  dialog.append(
    el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close picture', on: { click: close } }, '✕'),
    el('img', { src: source, alt, on: { click: close } }),
    el('p', { class: 'picture-words' }, alt),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
