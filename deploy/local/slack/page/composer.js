/** Where people write: text to everyone, or a slash command to the app. Enter sends, Shift+Enter makes a new line. */
import { el } from './dom.js'

export class Composer {
  /**
   * @param {HTMLElement} place
   * @param {(text: string) => Promise<unknown>} send
   * @param {() => readonly any[]} commands the app's slash commands, for hints
   * @param {Node} [before] what stands left of the text
   */
  constructor(place, send, commands, before) {
    this.send = send
    this.commands = commands
    this.hints = el('div', { class: 'hints', hidden: true, data: { testid: 'command-hints' } })
    this.field = el('textarea', {
      class: 'composer-field',
      rows: '1',
      spellcheck: 'false',
      data: { testid: 'composer' },
    })
    this.button = el(
      'button',
      { type: 'button', class: 'send', disabled: true, 'aria-label': 'Send', on: { click: () => this.submit() } },
      '➤',
    )
    place.append(this.hints, el('div', { class: 'composer-box' }, before, this.field, this.button))
    this.field.addEventListener('input', () => this.changed())
    this.field.addEventListener('keydown', (event) => this.key(event))
  }

  /** @param {string} name @param {string} [hint] stands in the empty field */
  describe(name, hint = name) {
    this.field.placeholder = hint
    this.field.setAttribute('aria-label', name)
  }

  changed() {
    this.button.disabled = this.field.value.trim() === ''
    this.field.style.height = 'auto'
    this.field.style.height = `${Math.min(this.field.scrollHeight, 200)}px`
    const first = this.field.value.split(/\s/, 1)[0]
    const fitting = first.startsWith('/') ? this.commands().filter((one) => one.command.startsWith(first)) : []
    this.hints.replaceChildren(...fitting.map((one) => this.hint(one)))
    this.hints.hidden = fitting.length === 0
  }

  hint(command) {
    const take = () => {
      this.field.value = `${command.command} `
      this.changed()
      this.field.focus()
    }
    return el(
      'button',
      { type: 'button', class: 'hint', on: { click: take } },
      el('strong', {}, command.command),
      ` ${command.usage_hint ?? ''}`,
      el('span', { class: 'hint-words' }, command.description),
    )
  }

  key(event) {
    if (event.key === 'Escape') this.hints.hidden = true
    if (event.key === 'Tab' && !event.shiftKey && !this.hints.hidden && !/\s/.test(this.field.value)) {
      event.preventDefault()
      this.hints.querySelector('button').click()
    }
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    void this.submit()
  }

  /** The text stays when it could not be sent. */
  async submit() {
    const text = this.field.value.trim()
    if (text === '') return
    this.field.value = ''
    this.changed()
    try {
      await this.send(text)
    } catch {
      this.field.value = text
      this.changed()
    }
  }
}
