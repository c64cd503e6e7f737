/**
 * A small GRUB 2 on the other end of a line: menu with countdown or hidden, submenus, entry editor, command line, boot.
 * It is typed to and read like a serial port, and can lose keys.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { Incoming } from '../../core/console/incoming.ts'
import { GrubCommands, type GrubDisk } from './grub-commands.ts'
import { GrubEditorScreen } from './grub-editor.ts'
import { GrubMenuScreen, grubFrame } from './grub-menu.ts'
import { GrubPrompt } from './grub-prompt.ts'
import { type GrubTerminal, type GrubTerminalKind, grubTerminal, UEFI_FIRMWARE } from './grub-terminal.ts'

export interface GrubEntry {
  readonly title: string
  /** The body of its source. */
  readonly lines: readonly string[]
  /** Those of a submenu. */
  readonly entries?: readonly GrubEntry[]
}

export interface GrubOptions {
  readonly entries: readonly GrubEntry[]
  /** `prompt`: it found no configuration by itself. */
  readonly style?: 'menu' | 'hidden' | 'countdown' | 'prompt'
  /** Ticks until it boots by itself; undefined waits for ever. */
  readonly timeout?: number
  readonly tickMs?: number
  /** A menu that a configuration has loaded: Escape leaves it for a bare command line. */
  readonly nested?: boolean
  readonly terminal?: GrubTerminalKind
  /** What its command line finds. */
  readonly disks?: readonly GrubDisk[]
  readonly cpu?: string
  readonly smallLs?: boolean
  /** What `linux` says instead of loading a kernel. */
  readonly refuses?: string
  /** It has no serial driver of its own. */
  readonly noSerial?: boolean
  /** The entries that a configuration has, by its path. */
  readonly configs?: Readonly<Record<string, readonly GrubEntry[]>>
  /** On GRUB's own serial terminal: whether UEFI was heard before it. */
  readonly afterUefi?: boolean
  /** Bytes a read returns at most. */
  readonly atOnce?: number
  /** Whether the key with that number, from 0, gets lost on the way. */
  readonly loses?: (key: number, character: string) => boolean
  /** Whether the firmware takes it from GRUB's serial driver: only until GRUB reads from the firmware. */
  readonly steals?: (key: number) => boolean
  /** What it says when it is to boot; the menu or the editor is back after a key if it `fails`. */
  readonly error?: { readonly message: string; readonly fails: boolean }
  /** What the machine says once a kernel runs. */
  readonly kernel?: string
}

interface Level {
  readonly entries: readonly GrubEntry[]
  readonly screen: GrubMenuScreen
}

type Mode = 'off' | 'hidden' | 'menu' | 'editor' | 'prompt' | 'error' | 'booted'

const EDITOR_HELP = [
  'Minimum Emacs-like screen editing is supported. TAB lists',
  'completions. Press Ctrl-x or F10 to boot, Ctrl-c or F2 for',
  'a command-line or ESC to discard edits and return to the GRUB menu.',
]

export class Grub implements Channel {
  /** The lines that were booted. */
  booted: readonly string[] | undefined
  /** The commands that were given. */
  readonly commands: string[] = []
  /** All keys that arrived. */
  keys = ''
  readonly #options: GrubOptions
  readonly #off = new AbortController()
  readonly #incoming = new Incoming()
  #terminal: GrubTerminal
  #mode: Mode = 'off'
  #levels: Level[] = []
  #countdown: number | undefined
  #editor: GrubEditorScreen | undefined
  #prompt: GrubPrompt | undefined
  readonly #commands: GrubCommands
  #readsFromFirmware = false
  #sent = 0

  constructor(options: GrubOptions) {
    this.#options = options
    this.#terminal = grubTerminal(options.terminal ?? 'grub-serial')
    this.#commands = new GrubCommands({ disks: [], ...options }, () => this.#prompt)
  }

  powerOn(): void {
    if (this.#options.afterUefi) this.#incoming.say(grubTerminal('uefi-console').encode(UEFI_FIRMWARE))
    this.#say(this.#terminal.firmware + this.#terminal.begin)
    this.#countdown = this.#options.timeout
    this.#levels = [this.#level(this.#options.entries, this.#options.nested ?? false)]
    if ((this.#options.style ?? 'menu') === 'menu') this.#showMenu()
    else if (this.#options.style === 'prompt') this.#leaveMenus()
    else this.#mode = 'hidden'
    if (this.#countdown !== undefined) void this.#tick().catch(() => this.#incoming.end())
  }

  /** Puts text on the line as the machine's next words. */
  say(text: string): void {
    this.#incoming.say(Buffer.from(text))
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return await this.#incoming.read(signal, this.#options.atOnce)
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#off.signal.aborted) throw new RescueError('machine', 'line-dropped', 'switched off')
    for (const key of Buffer.from(bytes).toString('latin1')) {
      if (this.#isLost(key)) continue
      this.keys += key
      this.#press(key)
    }
  }

  async close(): Promise<void> {
    this.#off.abort(new RescueError('us', 'switched-off', 'switched off'))
    this.#incoming.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #isLost(key: string): boolean {
    const number = this.#sent
    this.#sent += 1
    const stolen = !this.#readsFromFirmware && (this.#options.steals?.(number) ?? false)
    return stolen || (this.#options.loses?.(number, key) ?? false)
  }

  #say(text: string): void {
    this.#incoming.say(this.#terminal.encode(text))
  }

  #level(entries: readonly GrubEntry[], nested: boolean): Level {
    const titles = entries.map(({ title }) => title)
    return { entries, screen: new GrubMenuScreen(titles, nested, this.#terminal, (text) => this.#say(text)) }
  }

  get #menu(): Level {
    return this.#levels.at(-1) ?? this.#level([], false)
  }

  get #chosen(): GrubEntry | undefined {
    return this.#menu.entries[this.#menu.screen.selected]
  }

  #press(key: string): void {
    if (this.#mode === 'editor') this.#pressInEditor(key)
    else if (this.#mode === 'menu') this.#pressInMenu(key)
    else if (this.#mode === 'prompt') this.#pressAtPrompt(key)
    else if (this.#mode === 'error') this.#goOn()
    else if (this.#mode === 'hidden' && key === '\u001b') {
      this.#countdown = undefined
      this.#showMenu()
    }
  }

  #pressInMenu(key: string): void {
    if (this.#countdown !== undefined) {
      this.#countdown = undefined
      this.#menu.screen.stopCountdown()
    }
    if (key === 'e') this.#edit(this.#chosen)
    else if (key === 'c') this.#openPrompt()
    else if (key === '\r') this.#enter(this.#chosen)
    else if (key === '\u001b') this.#leave()
    else if (key === '\u000e' || key === 'v') this.#menu.screen.move(1)
    else if (key === '\u0010' || key === '^') this.#menu.screen.move(-1)
  }

  #enter(entry: GrubEntry | undefined): void {
    if (entry?.entries === undefined) this.#boot(entry?.lines ?? [])
    else {
      this.#levels.push(this.#level(entry.entries, true))
      this.#showMenu()
    }
  }

  #leave(): void {
    if (this.#levels.length > 1) {
      this.#levels.pop()
      this.#showMenu()
    } else if (this.#options.nested) this.#leaveMenus()
  }

  #leaveMenus(): void {
    this.#levels = []
    this.#openPrompt()
  }

  #pressInEditor(key: string): void {
    if (key === '\u0018') this.#boot(this.#editor?.lines ?? [])
    else if (key === '\u001b') this.#showMenu()
    else this.#editor?.press(key)
  }

  #openPrompt(): void {
    this.#mode = 'prompt'
    this.#prompt = new GrubPrompt(
      () => this.#terminal,
      (text) => this.#say(text),
    )
    this.#prompt.open(this.#levels.length > 0)
  }

  #pressAtPrompt(key: string): void {
    if (key === '\u001b') {
      if (this.#levels.length > 0) this.#showMenu()
      return
    }
    const command = this.#prompt?.press(key)
    if (command !== undefined) this.#run(command)
  }

  #run(line: string): void {
    this.commands.push(line)
    for (const command of line.split('; ')) {
      if (!this.#runOne(command)) this.#prompt?.print(`error: can't find command \`${command.split(' ')[0]}'.`)
      if (this.#mode !== 'prompt') return
    }
    this.#prompt?.ask()
  }

  /** Whether it is a command that this GRUB has. */
  #runOne(command: string): boolean {
    const [name = '', argument = ''] = command.split(' ')
    if (name === 'normal') this.#open(this.#options.entries)
    else if (name === 'configfile') this.#open(this.#options.configs?.[argument] ?? this.#options.entries)
    else if (name === 'boot') this.#boot(this.#commands.loaded)
    else if (command === 'terminal_input console') this.#readsFromFirmware = true
    else if (command === 'terminal_output serial') this.#drawByItself()
    else if (name !== '' && name !== 'serial') return this.#commands.run(command)
    return true
  }

  /** A configuration without entries leads back to the prompt. */
  #open(entries: readonly GrubEntry[]): void {
    if (entries.length === 0) return
    this.#levels = [this.#level(entries, true)]
    this.#showMenu()
  }

  #drawByItself(): void {
    if (this.#options.noSerial) {
      this.#prompt?.print("error: terminal `serial' isn't found.")
      return
    }
    this.#terminal = grubTerminal('grub-serial')
    this.#levels = this.#levels.map(({ entries }, index) => this.#level(entries, index > 0))
    this.#prompt?.clear()
  }

  #showMenu(): void {
    this.#mode = 'menu'
    this.#menu.screen.show()
    if (this.#countdown !== undefined) this.#menu.screen.countDown(this.#countdown)
  }

  #edit(entry: GrubEntry | undefined): void {
    if (entry === undefined) return
    this.#mode = 'editor'
    const { showCursor, clear, rows } = this.#terminal
    this.#say(`${showCursor}${clear}${grubFrame(this.#terminal, rows - 12, EDITOR_HELP)}`)
    const inner = entry.entries?.flatMap(({ title, lines }) => [`menuentry '${title}' {`, ...lines, '}'])
    const lines = [`setparams '${entry.title.replaceAll("'", "'\\''")}'`, '', ...(inner ?? entry.lines)]
    this.#editor = new GrubEditorScreen(lines, (text) => this.#say(text), this.#terminal)
    this.#editor.open()
  }

  async #tick(): Promise<void> {
    while (this.#countdown !== undefined) {
      const hidden = this.#mode === 'hidden'
      if (this.#options.style === 'countdown' && hidden) this.#say(`${this.#terminal.to(0, 0)}${this.#countdown}    `)
      await sleep(this.#options.tickMs ?? 1000, this.#off.signal)
      if (this.#countdown === undefined) return
      this.#countdown -= 1
      if (this.#countdown <= 0) return this.#boot(this.#options.entries[0]?.lines ?? [])
      if (this.#mode === 'menu') this.#menu.screen.countDown(this.#countdown)
    }
  }

  #boot(lines: readonly string[]): void {
    const { showCursor, clear } = this.#terminal
    this.#countdown = undefined
    this.#say(`${showCursor}${clear}  Booting a command list\n\r\n\r`)
    this.booted = lines
    const { error } = this.#options
    if (error === undefined) this.#load()
    else {
      this.#mode = 'error'
      this.#say(`error: ${error.message}\n\r\n\rPress any key to continue...`)
    }
  }

  #goOn(): void {
    if (this.#options.error?.fails) {
      this.booted = undefined
      this.#showMenu()
    } else this.#load()
  }

  #load(): void {
    this.#mode = 'booted'
    this.#say(`Loading Linux ...\n\r${this.#options.kernel ?? ''}`)
  }
}
