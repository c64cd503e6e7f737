/** The modal on top of the user's stack of views: filled in, submitted, complained about, closed. */
import { blockElement } from './blocks.js'
import { el } from './dom.js'
import { enteredValues } from './inputs.js'
import { plain } from './mrkdwn.js'

const TROUBLE = 'We had some trouble connecting. Try again?'

export class Modal {
  /**
   * @param {(what: any) => Promise<any>} act does a deed as the current user
   * @param {(element: any) => Promise<boolean>} confirms asks the element's confirm dialog, if it has one
   * @param {(file: File) => Promise<any>} give hands a file to the workspace
   */
  constructor(act, confirms, give) {
    this.act = act
    this.confirms = confirms
    this.give = give
    this.view = undefined
    this.dialog = undefined
  }

  /** @param {any} view the view on top, undefined when none is open @param {any} context names and pictures */
  show(view, context) {
    if (view?.hash === this.view?.hash && view?.id === this.view?.id) return
    const isSame = this.dialog !== undefined && view?.id === this.view?.id
    const entered = isSame ? enteredValues(this.dialog) : {}
    const place = isSame ? placeIn(this.dialog) : undefined
    this.dialog?.remove()
    this.dialog = undefined
    this.view = view
    if (view === undefined) return
    this.dialog = this.make(view, { ...context, ...this.surface(view, entered) })
    document.body.append(this.dialog)
    this.dialog.showModal()
    goTo(this.dialog, place)
  }

  /** @param {any} view @param {Record<string, unknown>} entered */
  surface(view, entered) {
    return {
      act: async (element, block, value) => {
        if (!(await this.confirms(element))) return
        const values = enteredValues(this.dialog)
        const acted = { action_id: element.action_id, block_id: block.block_id, value }
        const outcome = await this.act({ deed: 'act-in-view', view_id: view.id, values, ...acted })
        if (outcome.kind !== 'done') this.complain(TROUBLE)
      },
      isWaiting: () => false,
      suggest: (element, block, typed) => {
        const where = { view_id: view.id, action_id: element.action_id, block_id: block.block_id }
        return this.act({ deed: 'suggest', ...where, typed })
      },
      give: this.give,
      entered: (element, block) => entered[`${block.block_id}/${element.action_id}`],
    }
  }

  /** @param {any} view @param {import('./blocks.js').Surface} surface */
  make(view, surface) {
    const form = el(
      'form',
      { method: 'dialog', novalidate: true },
      el(
        'header',
        { class: 'dialog-head' },
        el('h2', { class: 'dialog-title', id: 'modal-title' }, plain(view.title)),
        el(
          'button',
          { type: 'button', class: 'icon-button', 'aria-label': 'Close', on: { click: () => this.close() } },
          '✕',
        ),
      ),
      el('div', { class: 'dialog-body' }, ...view.blocks.map((block) => blockElement(block, surface))),
      el('p', { class: 'trouble', role: 'alert', hidden: true, data: { testid: 'modal-trouble' } }),
      el(
        'footer',
        { class: 'dialog-foot' },
        el(
          'button',
          { type: 'button', class: 'button', data: { testid: 'modal-close' }, on: { click: () => this.close() } },
          view.close ? plain(view.close) : 'Cancel',
        ),
        view.submit &&
          el(
            'button',
            { type: 'submit', class: 'button button-primary', data: { testid: 'modal-submit' } },
            plain(view.submit),
          ),
      ),
    )
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.submit()
    })
    const data = { viewId: view.id, callbackId: view.callback_id, testid: 'modal' }
    const dialog = el('dialog', { class: 'dialog dialog-modal', 'aria-labelledby': 'modal-title', data }, form)
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault()
      this.close()
    })
    return dialog
  }

  async submit() {
    const { dialog, view } = this
    const button = dialog.querySelector('[data-testid="modal-submit"]')
    if (button === null || button.disabled) return
    setBusy(button, true)
    showErrors(dialog, {})
    try {
      const result = await this.act({ deed: 'submit', view_id: view.id, values: enteredValues(dialog) })
      if (result.kind === 'errors') showErrors(dialog, result.errors)
      else if (result.kind === 'failed' || result.kind === 'refused') this.complain(TROUBLE)
    } catch {
      this.complain(TROUBLE)
    }
    setBusy(button, false)
  }

  close() {
    return this.act({ deed: 'close-view', view_id: this.view.id })
  }

  complain(text) {
    const trouble = this.dialog?.querySelector('.trouble')
    if (!trouble) return
    trouble.textContent = text
    trouble.hidden = false
  }
}

/** Where somebody is in a form: what has the focus, and how far it is scrolled. @param {HTMLElement} dialog */
function placeIn(dialog) {
  const active = document.activeElement
  const field = active?.closest('[data-input]')?.dataset.input
  return { field, value: active?.type === 'radio' ? active.value : undefined, top: bodyOf(dialog).scrollTop }
}

/**
 * In a form that was only changed, to where somebody was; in a new one to its first field, unless it names another.
 * @param {HTMLElement} dialog @param {ReturnType<typeof placeIn> | undefined} place
 */
function goTo(dialog, place) {
  const body = bodyOf(dialog)
  if (place === undefined) {
    if (dialog.querySelector('[autofocus]') === null) body.querySelector('input, select, textarea')?.focus()
    return
  }
  body.scrollTop = place.top
  const fields = [...body.querySelectorAll('[data-input]')]
  const field = fields.find((one) => one.dataset.input === place.field)
  const choice = [...(field?.querySelectorAll('input') ?? [])].find((one) => one.value === place.value)
  const target = choice ?? field
  target?.focus({ preventScroll: true })
}

function bodyOf(dialog) {
  return dialog.querySelector('.dialog-body')
}

function setBusy(button, isBusy) {
  button.disabled = isBusy
  button.classList.toggle('is-waiting', isBusy)
}

/** Each message stands under its own input, which says so to screen readers; the first one gets the focus. */
function showErrors(dialog, errors) {
  dialog.querySelector('.trouble').hidden = true
  for (const place of dialog.querySelectorAll('[data-error-for]')) {
    const message = errors[place.dataset.errorFor]
    const field = place.closest('.block').querySelector('[data-input]')
    place.textContent = message ?? ''
    place.hidden = message === undefined
    if (message === undefined) field.removeAttribute('aria-invalid')
    else field.setAttribute('aria-invalid', 'true')
  }
  const first = dialog.querySelector('[aria-invalid="true"]')
  first?.closest('.block').scrollIntoView({ block: 'nearest' })
  first?.focus({ preventScroll: true })
}
