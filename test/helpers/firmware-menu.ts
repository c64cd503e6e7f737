/**
 * The menus of a small UEFI firmware on the other end of a line, drawn as edk2's form browser and its terminal do: dark
 * text on a light ground, the highlight the other way round.
 */
import { SimulatedLine } from './simulated-line.ts'

export interface FirmwareOptions {
  /** What the boot manager lists. */
  readonly bootOptions: readonly string[]
  /** What the front page is called besides, e.g. in another language. */
  readonly frontItems?: readonly string[]
  /** Somebody has changed something on the page `other`: Escape asks what becomes of it. */
  readonly unsaved?: boolean
  /** Whether the key with that number, from 0, gets lost on the way; an arrow is one key. */
  readonly loses?: (key: number) => boolean
  /** Whether the highlight that is drawn as the nth, from 0, loses its colour and all but a letter on the way. */
  readonly tears?: (highlight: number) => boolean
}

type Page = 'starting' | 'front' | 'boot-manager' | 'other' | 'question' | 'shell' | 'gone'

const FORM = '\u001b[0m\u001b[30m\u001b[47m'
const DARK = '\u001b[0m\u001b[37m\u001b[40m'
const HELP = '\u001b[0m\u001b[34m\u001b[47m'
/** Black on light grey would be the form's; the question's ground is blue. */
const QUESTION_COLOUR = '\u001b[0m\u001b[37m\u001b[44m'
const CLEAR = '\u001b[2J\u001b[01;01H'
const FRONT = ['Device Manager', 'Boot Manager', 'Boot Maintenance Manager', '', 'Continue', 'Reset']
/** Items that lead out of the menus. */
const OUT = ['Continue', 'Exit', 'Reset']
const QUESTION = "Press 'Y' to save and exit, 'N' to discard and exit, 'ESC' to cancel."
const FIRST_ROW = 7
const LAST_ROW = 19
/** An arrow, or one character. */
const KEY = /\u001b\[[A-D]|./gs

export class Firmware {
  /** What the console is plugged into. */
  readonly line = new SimulatedLine((bytes) => this.#type(bytes))
  /** What was started from the menus: a boot option, or `Continue`. */
  started: string | undefined
  /** What became of what was changed. */
  changes: 'saved' | 'discarded' | undefined
  /** All keys that arrived. */
  keys = ''
  readonly #options: FirmwareOptions
  #page: Page = 'gone'
  #selected = 0
  #typed = ''
  #sent = 0
  #highlights = 0

  constructor(options: FirmwareOptions) {
    this.#options = options
  }

  /** Starts; an Escape opens the front page. */
  powerOn(): void {
    this.#page = 'starting'
    this.#say(`${CLEAR}\u001b[=3h${CLEAR}`)
  }

  /** Shows a page, as if somebody had gone there. */
  show(page: 'front' | 'boot-manager' | 'other' | 'shell'): void {
    this.#say(`${CLEAR}\u001b[=3h${CLEAR}`)
    this.#open(page)
  }

  #type(bytes: Uint8Array): void {
    for (const [key] of Buffer.from(bytes).toString('latin1').matchAll(KEY)) {
      const lost = this.#options.loses?.(this.#sent) ?? false
      this.#sent += 1
      if (lost) continue
      this.keys += key
      if (this.#page === 'shell') this.#pressInShell(key)
      else if (this.#page === 'question') this.#answer(key)
      else if (this.#page === 'starting' && key === '\u001b') this.#open('front')
      else if (this.#page !== 'gone' && this.#page !== 'starting') this.#press(key)
    }
  }

  #press(key: string): void {
    const items = this.#items()
    if (key === '\u001b[B') this.#select((this.#selected + 1) % items.length)
    else if (key === '\u001b[A') this.#select((this.#selected + items.length - 1) % items.length)
    else if (key === '\u001b' && this.#page === 'other' && this.#options.unsaved) this.#ask()
    else if (key === '\u001b' && this.#page !== 'front') this.#open('front')
    else if (key === '\r') this.#enter(items[this.#selected] ?? '')
  }

  #enter(item: string): void {
    if (this.#page === 'boot-manager' || OUT.includes(item)) {
      this.started = item
      this.#open(item.includes('Shell') ? 'shell' : 'gone')
    } else if (item === 'Boot Manager') this.#open('boot-manager')
    else this.#open('other')
  }

  /** Over the page, in its middle. */
  #ask(): void {
    this.#page = 'question'
    const lines = ['', 'Changes have not saved. Save Changes and exit?', QUESTION, '']
    for (const [index, line] of lines.entries()) {
      const text = line.padStart(Math.floor((QUESTION.length + line.length) / 2)).padEnd(QUESTION.length)
      this.#print(10 + index, 4, QUESTION_COLOUR, `\u00b3${text}\u00b3`)
    }
  }

  #answer(key: string): void {
    if (/^[yn]$/i.test(key)) this.changes = key.toLowerCase() === 'y' ? 'saved' : 'discarded'
    if (/^[yn]$/i.test(key)) this.#open('front')
    else if (key === '\u001b') this.#open('other')
  }

  #pressInShell(key: string): void {
    if (key !== '\r') {
      this.#typed += key
      this.#say(key)
    } else if (this.#typed === 'exit') this.#open('boot-manager')
    else this.#say('\r\nShell> ')
    if (key === '\r') this.#typed = ''
  }

  #open(page: Page): void {
    this.#page = page
    this.#selected = 0
    this.#say(`${DARK}${CLEAR}`)
    if (page === 'shell') this.#say('UEFI Interactive Shell v2.2\r\nShell> ')
    else if (page === 'gone') this.#say('BdsDxe: starting Boot0002 "UEFI Oracle" from PciRoot(0x0)/Pci(0x1,0x0)\r\n')
    else this.#drawPage()
  }

  /** What the highlight goes over. */
  #items(): string[] {
    return this.#all().filter((item) => item !== '')
  }

  #all(): readonly string[] {
    if (this.#page === 'front') return this.#options.frontItems ?? FRONT
    return this.#page === 'boot-manager' ? this.#options.bootOptions : ['Disk Devices', 'Network']
  }

  #drawPage(): void {
    for (let row = 3; row <= LAST_ROW; row += 1) this.#print(row, 0, FORM, ' '.repeat(80))
    if (this.#page === 'front') this.#print(1, 1, FORM, 'Standard PC (Q35 + ICH9, 2009)'.padEnd(79))
    else this.#drawTitle(this.#page === 'boot-manager' ? 'Boot Manager' : 'Device Manager')
    this.#print(22, 2, DARK, '^v=Move Highlight       <Enter>=Select Entry')
    for (const item of this.#items().keys()) this.#drawItem(item)
  }

  /** Of single bytes, as CP437 has them. */
  #drawTitle(title: string): void {
    this.#print(0, 0, DARK, `\u00da${'\u00c4'.repeat(78)}\u00bf`)
    this.#print(1, 0, DARK, `\u00b3${title.padStart(Math.floor((78 + title.length) / 2) - 1).padEnd(78)}\u00b3`)
    this.#print(2, 0, DARK, `\u00c0${'\u00c4'.repeat(78)}\u00d9`)
  }

  #select(index: number): void {
    const old = this.#selected
    this.#selected = index
    this.#drawItem(old)
    this.#drawItem(index)
    this.#print(FIRST_ROW, 57, HELP, `About ${this.#items()[index] ?? ''}`.slice(0, 22).padEnd(23))
  }

  #drawItem(index: number): void {
    const item = this.#items()[index] ?? ''
    const row = FIRST_ROW + this.#all().indexOf(item)
    const leads = this.#page === 'front' && item.includes('Manager')
    this.#print(row, 0, FORM, leads ? ' > ' : '   ')
    if (index === this.#selected && this.#isTorn()) {
      this.#say(item.slice(0, 1))
      return
    }
    this.#print(row, 3, index === this.#selected ? DARK : FORM, item)
    this.#print(row, 3 + item.length, FORM, ' '.repeat(54 - item.length))
  }

  #isTorn(): boolean {
    this.#highlights += 1
    return this.#options.tears?.(this.#highlights - 1) ?? false
  }

  #print(row: number, column: number, colour: string, text: string): void {
    const place = `\u001b[${String(row + 1).padStart(2, '0')};${String(column + 1).padStart(2, '0')}H`
    this.#say(`${colour}${place}${text}`)
  }

  #say(text: string): void {
    this.line.say(Buffer.from(text, 'latin1'))
  }
}
