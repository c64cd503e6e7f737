/**
 * A small GRUB legacy 0.97 on the other end of a line, as stage2/stage2.c draws it: menu with countdown or hidden, the
 * commands of an entry, the line editor, a password. It can lose keys.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import { LegacyLineScreen } from './grub-legacy-line.ts'
import { SimulatedLine } from './simulated-line.ts'

export interface LegacyEntry {
  readonly title: string
  readonly commands: readonly string[]
}

export interface LegacyOptions {
  readonly entries: readonly LegacyEntry[]
  readonly style?: 'menu' | 'hidden'
  /** Ticks until it boots by itself; undefined waits for ever. */
  readonly timeout?: number
  readonly tickMs?: number
  /** Waits for a key on one of its terminals first. */
  readonly asksForKey?: boolean
  readonly password?: string
  /** Whether the key with that number, from 0, gets lost on the way. */
  readonly loses?: (key: number, character: string) => boolean
}

type Mode = 'off' | 'any-key' | 'hidden' | 'menu' | 'list' | 'line' | 'password' | 'failed' | 'booted'

const ROWS = 12
const HEADS: Readonly<Record<'locked' | 'menu' | 'list', readonly string[]>> = {
  locked: ["Press enter to boot the selected OS or 'p' to enter a", 'password to unlock the next set of features.'],
  menu: ["Press enter to boot the selected OS, 'e' to edit the", "commands before booting, or 'c' for a command-line."],
  list: [
    "Press 'b' to boot, 'e' to edit the selected command in the",
    "boot sequence, 'c' for a command-line, 'o' to open a new line",
    "after ('O' for before) the selected line, 'd' to remove the",
    'selected line, or escape to go back to the main menu.',
  ],
}
const LINE_HELP = [
  '       [ Minimal BASH-like line editing is supported.   For',
  '         the   first   word,  TAB  lists  possible  command',
  '         completions.  Anywhere else TAB lists the possible',
  '         completions of a device/filename.  ESC at any time',
  '         exits. ]',
]

export class LegacyGrub implements AsyncDisposable {
  /** What the console is plugged into. */
  readonly line = new SimulatedLine((bytes) => this.#type(bytes))
  /** The commands that were booted. */
  booted: readonly string[] | undefined
  /** All keys that arrived. */
  keys = ''
  readonly #options: LegacyOptions
  readonly #off = new AbortController()
  #mode: Mode = 'off'
  #locked: boolean
  #countdown: number | undefined
  /** Of the menu, and of the list while that is open: first row shown, highlighted row. */
  #menu = { first: 0, row: 0 }
  #list: { first: number; row: number; commands: string[] } | undefined
  #editor: LegacyLineScreen | undefined
  #sent = 0

  constructor(options: LegacyOptions) {
    this.#options = options
    this.#locked = options.password !== undefined
  }

  powerOn(): void {
    this.#countdown = this.#options.timeout
    this.#mode = this.#options.asksForKey ? 'any-key' : 'hidden'
    if (this.#mode === 'any-key') this.#say('\rPress any key to continue.\r\n')
    else this.#begin()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#off.abort(new RescueError('us', 'switched-off', 'switched off'))
    this.line.drop()
  }

  #begin(): void {
    this.#mode = 'hidden'
    if (this.#options.style !== 'hidden') this.#showMenu()
    if (this.#countdown !== undefined) void this.#tick().catch(() => this.line.drop())
  }

  #type(bytes: Uint8Array): void {
    for (const key of Buffer.from(bytes).toString('latin1')) {
      const lost = this.#options.loses?.(this.#sent, key) ?? false
      this.#sent += 1
      if (lost) continue
      this.keys += key
      this.#press(key)
    }
  }

  #press(key: string): void {
    if (this.#mode === 'any-key') this.#begin()
    else if (this.#mode === 'hidden' && key === '\u001b') {
      this.#countdown = undefined
      this.#showMenu()
    } else if (this.#mode === 'menu' || this.#mode === 'list') this.#pressInBox(key)
    else if (this.#mode === 'line') this.#pressInLine(key)
    else if (this.#mode === 'password') this.#pressInPassword(key)
    else if (this.#mode === 'failed') this.#showMenu()
  }

  #pressInBox(key: string): void {
    this.#stopCountdown()
    if (key === '\u0010' || key === '^') this.#move(-1)
    else if (key === '\u000e' || key === 'v') this.#move(1)
    else if (this.#list !== undefined) this.#pressInList(key)
    else if (key === '\r') this.#boot(this.#entry()?.commands ?? [])
    else if (this.#locked) {
      if (key === 'p') this.#ask()
    } else if (key === 'e') {
      this.#list = { first: 0, row: 0, commands: [...(this.#entry()?.commands ?? [])] }
      this.#showList()
    }
  }

  #pressInList(key: string): void {
    const { commands, first, row } = this.#list ?? { commands: [], first: 0, row: 0 }
    if (key === '\u001b') {
      this.#list = undefined
      this.#showMenu()
    } else if (key === 'b') this.#boot(commands)
    else if (key === 'd') {
      commands.splice(first + row, 1)
      this.#showList()
    } else if (key === 'e') {
      this.#mode = 'line'
      this.#say(`\u001b[H\u001b[J${LINE_HELP.join('\r\n')}\r\n`)
      const options = { prompt: 'grub edit> ', text: commands[first + row] ?? '', row: LINE_HELP.length + 1 }
      this.#editor = new LegacyLineScreen(options, (text) => this.#say(text))
    }
  }

  #pressInLine(key: string): void {
    if (key === '\r' && this.#list !== undefined)
      this.#list.commands[this.#list.first + this.#list.row] = (this.#editor?.text ?? '').trimStart()
    if (key === '\r' || key === '\u001b') this.#showList()
    else this.#editor?.press(key)
  }

  #ask(): void {
    this.#mode = 'password'
    this.#say('\u001b[22;2H')
    this.#editor = new LegacyLineScreen({ prompt: ' Password: ', text: '', row: 22, echo: '*' }, (text) =>
      this.#say(text),
    )
  }

  #pressInPassword(key: string): void {
    if (key === '\r') this.#judge(this.#editor?.text ?? '')
    else this.#editor?.press(key)
  }

  #judge(password: string): void {
    this.#locked = password !== this.#options.password
    this.#mode = 'failed'
    if (this.#locked) this.#say('\r\nFailed!\r\n      Press any key to continue...')
    else this.#showMenu()
  }

  #entry(): LegacyEntry | undefined {
    return this.#options.entries[this.#menu.first + this.#menu.row]
  }

  #rows(): readonly string[] {
    return this.#list?.commands ?? this.#options.entries.map(({ title }) => title)
  }

  #move(by: number): void {
    const box = this.#list ?? this.#menu
    const index = box.first + box.row + by
    if (index < 0 || index >= this.#rows().length) return
    const row = box.row + by
    if (row >= 0 && row < ROWS) {
      this.#drawRow(box.row, false)
      box.row = row
      this.#drawRow(box.row, true)
      return
    }
    box.first += by
    this.#drawRows()
  }

  #showMenu(): void {
    this.#mode = 'menu'
    this.#showBox(this.#locked ? HEADS.locked : HEADS.menu)
    if (this.#countdown !== undefined) this.#drawCountdown()
  }

  #showList(): void {
    this.#mode = 'list'
    this.#showBox(HEADS.list)
  }

  #showBox(help: readonly string[]): void {
    const rule = `+${'-'.repeat(73)}+`
    const borders = Array.from({ length: ROWS }, (_, row) => `${to(4 + row, 1)}|${to(4 + row, 75)}|`).join('')
    this.#say('\u001b[H\u001b[J\r\n    GNU GRUB  version 0.97  (639K lower / 260992K upper memory)\r\n\r\n')
    this.#say(`\u001b[m${to(3, 1)}${rule}${borders}${to(16, 1)}${rule}\u001b[m`)
    this.#say('\r\n    Use the ^ and v keys to select which entry is highlighted.\r\n')
    this.#say(help.map((line) => `    ${line}`).join('\r\n'))
    this.#drawRows()
  }

  #drawRows(): void {
    const { first } = this.#list ?? this.#menu
    this.#say(`${to(4, 77)}${first > 0 ? '^' : ' '}`)
    const { row } = this.#list ?? this.#menu
    for (let index = 0; index < ROWS; index += 1) this.#drawRow(index, index === row)
    this.#say(`${to(15, 77)}${this.#rows().length > first + ROWS ? 'v' : ' '}${this.#park()}`)
  }

  #drawRow(row: number, highlighted: boolean): void {
    const { first } = this.#list ?? this.#menu
    const text = this.#rows()[first + row] ?? ''
    const shown = text.length >= 70 ? `${text.slice(0, 69)}>` : text
    const attribute = highlighted ? '\u001b[m\u001b[7m' : '\u001b[m'
    this.#say(`${attribute}${to(4 + row, 2)} ${shown.padEnd(72)}${to(4 + row, 74)}\u001b[m`)
  }

  #park(): string {
    return to(4 + (this.#list ?? this.#menu).row, 74)
  }

  #drawCountdown(): void {
    const words = ` The highlighted entry will be booted automatically in ${this.#countdown} seconds.   `
    this.#say(`${to(22, 3)}${words}${this.#park()}`)
  }

  #stopCountdown(): void {
    if (this.#countdown === undefined) return
    this.#countdown = undefined
    this.#say(`${to(22, 3)}${' '.repeat(68)}${this.#park()}`)
  }

  async #tick(): Promise<void> {
    while (this.#countdown !== undefined) {
      if (this.#mode === 'hidden') this.#say(`\rPress \`ESC' to enter the menu... ${this.#countdown}   `)
      await sleep(this.#options.tickMs ?? 1000, this.#off.signal)
      if (this.#countdown === undefined) return
      this.#countdown -= 1
      if (this.#countdown <= 0) return this.#boot(this.#options.entries[0]?.commands ?? [])
      if (this.#mode === 'menu') this.#drawCountdown()
    }
  }

  #boot(commands: readonly string[]): void {
    this.#mode = 'booted'
    this.#countdown = undefined
    this.booted = commands
    const words = this.#list === undefined ? `Booting '${this.#entry()?.title ?? ''}'` : 'Booting command-list'
    this.#say(`\u001b[H\u001b[J  ${words}\r\n\r\n${commands.join('\r\n')}\r\n   [Linux-bzImage, setup=0x4e00]\r\n`)
  }

  #say(text: string): void {
    this.line.say(Buffer.from(text))
  }
}

function to(row: number, column: number): string {
  return `\u001b[${row + 1};${column + 1}H`
}
