/** A button that opens a short menu, moved through with the arrow keys. */
import { el } from './dom.js'

/**
 * @param {{ label: string, face: string, className: string, testid: string }} look
 * @param {() => readonly { name: string, words: string, run: () => void }[]} items asked for when it is opened
 */
export function menuButton({ label, face, className, testid }, items) {
  const list = el('div', { class: 'menu', role: 'menu', 'aria-label': label, hidden: true })
  const button = el(
    'button',
    {
      type: 'button',
      class: className,
      'aria-label': label,
      title: label,
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      data: { testid },
    },
    face,
  )
  const place = el('span', { class: 'menu-place' }, button, list)
  const setOpen = (isOpen) => {
    list.hidden = !isOpen
    place.classList.toggle('is-open', isOpen)
    button.setAttribute('aria-expanded', String(isOpen))
  }
  const take = (run) => {
    setOpen(false)
    button.focus()
    run()
  }
  button.addEventListener('click', () => {
    const isOpen = list.hidden
    list.replaceChildren(...items().map((item) => menuItem(item, take)))
    setOpen(isOpen)
    if (!isOpen) return
    list.querySelector('button')?.focus()
    list.scrollIntoView({ block: 'nearest' })
  })
  place.addEventListener('keydown', (event) => {
    if (list.hidden) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') take(() => undefined)
    else if (step !== undefined) moveBy(list, step)
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  place.addEventListener('focusout', (event) => {
    if (!place.contains(event.relatedTarget)) setOpen(false)
  })
  return place
}

function menuItem({ name, words, run }, take) {
  return el(
    'button',
    { type: 'button', class: 'hint', role: 'menuitem', tabindex: '-1', on: { click: () => take(run) } },
    el('strong', {}, name),
    el('span', { class: 'hint-words' }, words),
  )
}

function moveBy(list, step) {
  const items = [...list.querySelectorAll('button')]
  const at = items.indexOf(document.activeElement)
  items[(at + step + items.length) % items.length]?.focus()
}
