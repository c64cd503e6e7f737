/** The clock in the top bar: what time it is here, and how to let time pass. */
import { now, timeOf } from './dates.js'
import { el } from './dom.js'

const LEAPS = [
  { minutes: 1, words: '+1 min' },
  { minutes: 10, words: '+10 min' },
  { minutes: 60, words: '+1 h' },
]
const WHAT_MOVES =
  'It runs fast for Slack, OCI, the bot and the worker, and never back. Reminders come and approvals expire when they are due.'
const WHAT_DOES_NOT = 'Machines keep their own time, so it stops while a rescue is at work on one.'

export class Clock {
  #face = el('span', { class: 'clock-face' })
  #ahead = el('span', { class: 'clock-ahead', data: { testid: 'clock-ahead' } })
  #said = el('p', { class: 'clock-said', role: 'status', data: { testid: 'clock-said' } })
  #leaps = LEAPS.map(({ minutes, words }) =>
    el('button', { type: 'button', class: 'button', on: { click: () => void this.#leap(minutes) } }, words),
  )
  #panel = el(
    'div',
    {
      class: 'clock-panel',
      role: 'dialog',
      'aria-label': 'The clock',
      tabindex: '-1',
      data: { testid: 'clock-panel' },
    },
    el('h2', { class: 'clock-title' }, 'Let time pass'),
    el('div', { class: 'clock-leaps' }, ...this.#leaps),
    this.#said,
    el('p', { class: 'clock-words' }, WHAT_MOVES),
    el('p', { class: 'clock-words' }, WHAT_DOES_NOT),
  )
  #button = el(
    'button',
    { type: 'button', class: 'clock', 'aria-expanded': 'false', data: { testid: 'clock' } },
    this.#face,
    this.#ahead,
  )

  /** @param {HTMLElement} place where it goes */
  constructor(place) {
    this.place = place
    place.hidden = true
    this.#panel.hidden = true
    place.append(this.#button, this.#panel)
    this.#button.addEventListener('click', () => this.#open(this.#panel.hidden))
    place.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || this.#panel.hidden) return
      event.stopPropagation()
      this.#open(false)
      this.#button.focus()
    })
    place.addEventListener('focusout', (event) => {
      if (!place.contains(event.relatedTarget)) this.#open(false)
    })
    setInterval(() => this.#tell(), 1000)
  }

  /** @param {number | null} ahead milliseconds by which it was moved; null where it can not be */
  show(ahead) {
    this.place.hidden = ahead === null
    this.place.classList.toggle('is-moved', ahead > 0)
    this.#ahead.textContent = ahead > 0 ? aheadWords(ahead) : ''
    this.#tell()
  }

  #tell() {
    const time = timeOf(now() / 1000)
    if (this.#face.textContent === time) return
    this.#face.textContent = time
    this.#button.setAttribute('aria-label', `The clock: ${time}`)
  }

  #open(isOpen) {
    this.#panel.hidden = !isOpen
    this.#button.setAttribute('aria-expanded', String(isOpen))
    if (this.#panel.ariaBusy !== 'true') this.#say('', false)
    if (isOpen) this.#panel.focus()
  }

  async #leap(minutes) {
    if (this.#panel.ariaBusy === 'true') return
    this.#wait(true)
    this.#say('It runs…', false)
    const hindrance = await move(minutes).catch((error) => error.message)
    this.#say(hindrance ?? '', true)
    this.#wait(false)
  }

  #say(words, isTrouble) {
    this.#said.textContent = words
    this.#said.classList.toggle('is-trouble', isTrouble)
  }

  /** They keep the focus, which an element that is disabled would lose. */
  #wait(isWaiting) {
    this.#panel.ariaBusy = String(isWaiting)
    for (const leap of this.#leaps) leap.setAttribute('aria-disabled', String(isWaiting))
  }
}

/** Resolves with why it was stopped, if it was. @param {number} minutes */
async function move(minutes) {
  const response = await fetch('/page-api/clock', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ minutes }),
  })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return (await response.json()).hindrance
}

function aheadWords(ahead) {
  const minutes = Math.round(ahead / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  return `+${[hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ')}`
}
