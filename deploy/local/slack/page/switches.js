/** The switches that break Slack and OCI, in a dialog of their own; the button says when something is broken. */
import { el } from './dom.js'

const ADDRESS = '/page-api/switches'

/** @param {HTMLElement} place where the button goes */
export function showSwitches(place) {
  const button = el('button', { type: 'button', class: 'weather', data: { testid: 'switches' } }, 'Break things')
  const say = (switches) => {
    const broken = switches.filter((one) => one.current !== one.states[0].id)
    place.classList.toggle('is-broken', broken.length > 0)
    button.textContent =
      broken.length === 0
        ? 'Break things'
        : broken.map((one) => `${one.name}: ${one.states.find(({ id }) => id === one.current).words}`).join(' · ')
  }
  button.addEventListener('click', async () => openDialog(await ask(), say))
  place.append(button)
  ask().then(say, () => undefined)
}

/** @param {{ id: string, state: string }} [choice] */
async function ask(choice) {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(choice) }
  const response = await fetch(ADDRESS, choice === undefined ? {} : post)
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return (await response.json()).switches
}

function openDialog(switches, say) {
  const dialog = el('dialog', {
    class: 'dialog dialog-confirm',
    'aria-labelledby': 'switches-title',
    data: { testid: 'switches-dialog' },
  })
  const choose = async (id, state) => say(await ask({ id, state }))
  dialog.append(
    el('h2', { class: 'dialog-title', id: 'switches-title' }, 'Break things'),
    el('div', { class: 'dialog-body switches' }, ...switches.map((one) => group(one, choose))),
    el(
      'div',
      { class: 'dialog-foot' },
      el('button', { type: 'button', class: 'button button-primary', on: { click: () => dialog.close() } }, 'Close'),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

function group(one, choose) {
  return el(
    'fieldset',
    { class: 'switch-group' },
    el('legend', { class: 'label' }, one.name),
    ...one.states.map(({ id, words }) => {
      const box = el('input', { type: 'radio', name: `switch-${one.id}`, value: id })
      box.checked = id === one.current
      box.addEventListener('change', () => choose(one.id, id))
      return el('label', { class: 'choice' }, box, el('span', { class: 'choice-text' }, words))
    }),
  )
}
