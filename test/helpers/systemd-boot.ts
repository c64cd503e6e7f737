/**
 * A small systemd-boot 252 on the other end of a line, as src/boot/efi/boot.c and edk2's terminal draw it: titles in the
 * middle of the screen, a countdown, one line that is edited, with a cursor that blinks. Keys come as edk2's terminal
 * puts bytes together. It can lose keys.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import { SimulatedLine } from './simulated-line.ts'

export interface SystemdBootEntry {
  readonly title: string
  readonly options: string
  /** The entry is signed with its arguments, or is none: `e` does nothing. */
  readonly noEditor?: boolean
  /** As its file names it, e.g. `\\vmlinuz-6.1.0`. */
  readonly kernel?: string
}

export interface SystemdBootOptions {
  readonly entries: readonly SystemdBootEntry[]
  /** Ticks until it boots by itself; undefined waits for ever. */
  readonly timeout?: number
  readonly tickMs?: number
  /** `editor no` in loader.conf. */
  readonly noEditor?: boolean
  /** The columns that systemd-boot believes in. */
  readonly columns?: number
  /** Those of the firmware's terminal: it does not put the cursor behind them. */
  readonly terminalColumns?: number
  /** Whether the key with that number, from 0, gets lost on the way; an arrow is one key. */
  readonly loses?: (key: number, typed: string) => boolean
}

const ROWS = 25
const DARK = '\u001b[0m\u001b[37m\u001b[40m'
const LIGHT = '\u001b[0m\u001b[30m\u001b[47m'
const BLINK_MS = 750
/** How long the firmware waits for the rest of an arrow. (edk2 TerminalDxe: TwoSecondTimeOut) */
const REST_MS = 2000
/** What it may be in the middle of. */
const BEGUN = ['\u001b', '\u001b[']
const STARTS = '\u001b[2J\u001b[01;01H\u001b[=3h\u001b[2J\u001b[01;01H'
const BOOTS = 'EFI stub: Loaded initrd from LINUX_EFI_INITRD_MEDIA_GUID device path\r\n'

export class SystemdBoot implements AsyncDisposable {
  /** What the console is plugged into. */
  readonly line = new SimulatedLine((bytes) => this.#type(bytes))
  /** The entry that was booted, with the options it was given. */
  booted: { readonly title: string; readonly options: string } | undefined
  /** All keys that arrived. */
  keys = ''
  /** The keys whose effect outlives this boot: another default, another timeout, a restart into the firmware. */
  kept = ''
  readonly #options: SystemdBootOptions
  readonly #off = new AbortController()
  readonly #columns: number
  #mode: 'off' | 'menu' | 'editor' | 'status' | 'booted' | 'firmware' = 'off'
  #asksForFirmware = false
  #page = 0
  #selected = 0
  #countdown: number | undefined
  #text = ''
  #first = 0
  #cursor = 0
  #colour = DARK
  #sent = 0
  #begun = ''
  #rest: NodeJS.Timeout | undefined
  #blink: NodeJS.Timeout | undefined

  constructor(options: SystemdBootOptions) {
    this.#options = options
    this.#columns = options.columns ?? 80
  }

  powerOn(): void {
    this.#mode = 'menu'
    this.#countdown = this.#options.timeout
    this.#say(`${STARTS}BdsDxe: starting Boot0002 "UEFI Oracle" from PciRoot(0x0)/Pci(0x1,0x0)\r\n `)
    this.#drawMenu()
    if (this.#countdown !== undefined) void this.#tick().catch(() => this.line.drop())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#blink)
    clearTimeout(this.#rest)
    this.#off.abort(new RescueError('us', 'switched-off', 'switched off'))
    this.line.drop()
  }

  #type(bytes: Uint8Array): void {
    for (const byte of Buffer.from(bytes).toString('latin1')) {
      clearTimeout(this.#rest)
      const sequence = this.#begun + byte
      this.#begun = ''
      if (BEGUN.includes(sequence)) this.#begin(sequence)
      else if (/^\u001b\[[A-D]$/.test(sequence) || sequence.length === 1) this.#press(sequence)
      else {
        for (const key of sequence.slice(0, -1)) this.#press(key)
        this.#type(Buffer.from(byte, 'latin1'))
      }
    }
  }

  #begin(sequence: string): void {
    this.#begun = sequence
    this.#rest = setTimeout(() => {
      this.#begun = ''
      for (const key of sequence) this.#press(key)
    }, REST_MS)
  }

  #press(key: string): void {
    const lost = this.#options.loses?.(this.#sent, key) ?? false
    this.#sent += 1
    if (lost) return
    this.keys += key
    if (this.#mode === 'menu') this.#pressInMenu(key)
    else if (this.#mode === 'editor') this.#pressInEditor(key)
    else if (this.#mode === 'status') this.#pressInStatus(key)
  }

  #pressInMenu(key: string): void {
    this.#countdown = undefined
    this.#clearStatus()
    const entry = this.#options.entries[this.#selected]
    if (this.#asksForFirmware) {
      this.#asksForFirmware = false
      if (key === '\r') this.#restartIntoFirmware()
    } else if (/^[dDtT+-]$/.test(key)) this.kept += key
    else if (key === '\u001b[A' || key === 'k') this.#select(this.#selected - 1)
    else if (key === '\u001b[B' || key === 'j') this.#select(this.#selected + 1)
    else if (key === '\r' || key === '\u001b[C') this.#boot(entry?.options ?? '')
    else if (key === 'p') this.#showPage(0)
    else if (key === '\u001b' || key === 'f') {
      this.#asksForFirmware = true
      this.#status('Press Enter to reboot into firmware interface.')
    } else if (key === 'e' && entry !== undefined && !entry.noEditor && !this.#options.noEditor)
      this.#edit(entry.options)
  }

  #pressInStatus(key: string): void {
    if (key === 'q' || key === '\u001b' || this.#page > this.#options.entries.length) this.#drawMenu()
    else this.#showPage(this.#page + 1)
  }

  /** About itself, about its settings, and then one for each entry. */
  #showPage(page: number): void {
    this.#mode = 'status'
    this.#page = page
    if (page === 0) this.#say(`${DARK}\u001b[2J\u001b[01;01H`)
    this.#colour = DARK
    const { entries } = this.#options
    const entry = entries[page - 2]
    const fields = [
      `  config entry: ${page - 1}/${entries.length}`,
      `         title: ${entry?.title}`,
      ...(entry?.kernel === undefined ? [] : [`        loader: ${entry.kernel}`]),
      `       options: ${entry?.options}`,
    ]
    const about = ['  systemd-boot version: 252.39-1~deb12u2', '      timeout (config): 5 s'][page]
    const line = '\u00c4\u00c4\u00c4'
    const lines = [
      ...(about === undefined ? fields : [about]),
      '',
      `${line} Press any key to continue, ESC or q to quit. ${line}`,
      '',
      '',
    ]
    this.#say(lines.join('\r\n'))
  }

  #drawMenu(): void {
    this.#mode = 'menu'
    this.#say('\u001b[2J\u001b[01;01H')
    for (const index of this.#options.entries.keys()) this.#drawEntry(index)
  }

  #select(index: number): void {
    if (index < 0 || index >= this.#options.entries.length) return
    const old = this.#selected
    this.#selected = index
    this.#drawEntry(old)
    this.#drawEntry(index)
  }

  #drawEntry(index: number): void {
    const { entries } = this.#options
    const width = Math.max(...entries.map(({ title }) => title.length)) + 6
    const title = entries[index]?.title ?? ''
    const padding = Math.floor((width - title.length) / 2)
    const colour = index === this.#selected ? LIGHT : DARK
    const top = Math.floor((ROWS - 2 - entries.length) / 2) + 1
    const left = Math.floor((this.#columns - width) / 2)
    this.#print(top + index, left, colour, title.padStart(title.length + padding).padEnd(width))
  }

  #statusRow(): number {
    const { length } = this.#options.entries
    return Math.floor((ROWS - 2 - length) / 2) + 1 + length + 1
  }

  #clearStatus(): void {
    this.#print(this.#statusRow(), 0, DARK, ' '.repeat(this.#columns - 1))
  }

  #status(text: string): void {
    const left = Math.floor((this.#columns - text.length) / 2)
    this.#print(this.#statusRow(), 0, DARK, `${' '.repeat(left)}${text}`.padEnd(this.#columns - 1))
  }

  #edit(options: string): void {
    this.#mode = 'editor'
    this.#text = options
    this.#first = 0
    this.#cursor = 0
    this.#print(this.#statusRow(), 1, LIGHT, ' '.repeat(this.#columns - 2))
    this.#draw()
    this.#blink = setInterval(() => this.#drawCursor(), BLINK_MS)
  }

  #pressInEditor(key: string): void {
    const at = this.#first + this.#cursor
    if (key === '\u001b[C') this.#right()
    else if (key === '\u001b[D') this.#left()
    else if (key === '\r') this.#boot(this.#text)
    else if (key === '\u001b') this.#leaveEditor()
    else if (key === '\b' && at > 0) {
      this.#text = this.#text.slice(0, at - 1) + this.#text.slice(at)
      this.#left()
    } else if (/^[ -~]$/.test(key)) {
      this.#text = this.#text.slice(0, at) + key + this.#text.slice(at)
      this.#right()
    }
    if (this.#mode === 'editor') this.#draw()
  }

  #right(): void {
    if (this.#first + this.#cursor === this.#text.length) return
    if (this.#cursor + 1 < this.#columns - 2) this.#cursor += 1
    else this.#first += 1
  }

  #left(): void {
    if (this.#cursor > 0) this.#cursor -= 1
    else if (this.#first > 0) this.#first -= 1
  }

  #draw(): void {
    const shown = this.#text.slice(this.#first, this.#first + this.#columns - 2)
    this.#print(this.#statusRow(), 1, LIGHT, shown)
    this.#drawCursor()
  }

  #drawCursor(): void {
    const under = this.#text[this.#first + this.#cursor] ?? ' '
    this.#print(this.#statusRow(), this.#cursor + 1, DARK, under)
    this.#print(this.#statusRow(), this.#cursor + 1, LIGHT, under)
  }

  #leaveEditor(): void {
    clearInterval(this.#blink)
    this.#mode = 'menu'
    this.#print(this.#statusRow(), 1, DARK, ' '.repeat(this.#columns - 2))
  }

  async #tick(): Promise<void> {
    while (this.#countdown !== undefined) {
      this.#status(`Boot in ${this.#countdown} s.`)
      await sleep(this.#options.tickMs ?? 1000, this.#off.signal)
      if (this.#countdown === undefined) return
      this.#countdown -= 1
      if (this.#countdown <= 0) return this.#boot(this.#options.entries[this.#selected]?.options ?? '')
    }
  }

  #boot(options: string): void {
    clearInterval(this.#blink)
    this.#mode = 'booted'
    this.#countdown = undefined
    this.booted = { title: this.#options.entries[this.#selected]?.title ?? '', options }
    this.#say(`\u001b[0m\u001b[37m\u001b[40m\u001b[2J\u001b[01;01H${BOOTS}`)
  }

  #restartIntoFirmware(): void {
    this.#mode = 'firmware'
    this.kept += '\r'
    this.#say(STARTS)
  }

  /** A place behind the terminal's last column is refused, and what follows is written where the cursor is. */
  #print(row: number, column: number, colour: string, text: string): void {
    const place = `\u001b[${String(row + 1).padStart(2, '0')};${String(column + 1).padStart(2, '0')}H`
    this.#say(`${column < (this.#options.terminalColumns ?? this.#columns) ? place : ''}`)
    if (colour !== this.#colour) this.#say(colour)
    this.#colour = colour
    this.#say(text)
  }

  #say(text: string): void {
    this.line.say(Buffer.from(text, 'latin1'))
  }
}
