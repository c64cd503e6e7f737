/**
 * A small GRUB 2 on the other end of a line: menu with countdown or hidden, entry
 * editor, boot. It is typed to and read like a serial port, and can lose keys.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Channel } from '../../core/console/channel.ts'
import { GrubEditorScreen, to } from './grub-editor.ts'

export interface GrubEntry {
  readonly title: string
  readonly lines: readonly string[]
}

export interface GrubOptions {
  readonly entries: readonly GrubEntry[]
  readonly style?: 'menu' | 'hidden' | 'countdown'
  /** Ticks until it boots by itself; undefined waits for ever. */
  readonly timeout?: number
  readonly tickMs?: number
  /** A submenu: Escape leaves it. */
  readonly nested?: boolean
  /** Bytes a read returns at most. */
  readonly atOnce?: number
  /** Whether the key with that number, from 0, gets lost on the way. */
  readonly loses?: (key: number, character: string) => boolean
  /** What the machine says once a kernel runs. */
  readonly kernel?: string
}

const TOOK_THE_PORT = '\u001b[H\u001b[J\u001b[1;1H'

export class Grub implements Channel {
  /** The lines that were booted. */
  booted: readonly string[] | undefined
  /** All keys that arrived. */
  keys = ''
  readonly #options: GrubOptions
  readonly #off = new AbortController()
  #mode: 'off' | 'hidden' | 'menu' | 'editor' | 'booted' | 'left' = 'off'
  #selected = 0
  #countdown: number | undefined
  #editor: GrubEditorScreen | undefined
  #sent = 0
  #said: Buffer = Buffer.alloc(0)
  #wake = () => {}

  constructor(options: GrubOptions) {
    this.#options = options
  }

  powerOn(): void {
    this.#countdown = this.#options.timeout
    this.#say(TOOK_THE_PORT)
    if ((this.#options.style ?? 'menu') === 'menu') this.#showMenu()
    else this.#mode = 'hidden'
    if (this.#countdown !== undefined) void this.#tick().catch(() => this.#wake())
  }

  /** Puts text on the line as the machine's next words. */
  say(text: string): void {
    this.#say(text)
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#said.length === 0) {
      signal.throwIfAborted()
      if (this.#off.signal.aborted) return undefined
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      this.#wake = resolve
      const stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      await promise.finally(() => signal.removeEventListener('abort', stop))
    }
    const bytes = this.#said.subarray(0, this.#options.atOnce ?? this.#said.length)
    this.#said = this.#said.subarray(bytes.length)
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#off.signal.aborted) throw new RescueError('machine', 'line-dropped', 'switched off')
    for (const key of Buffer.from(bytes).toString('latin1')) {
      const lost = this.#options.loses?.(this.#sent, key) ?? false
      this.#sent += 1
      if (lost) continue
      this.keys += key
      this.#press(key)
    }
  }

  async close(): Promise<void> {
    this.#off.abort(new RescueError('us', 'switched-off', 'switched off'))
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #say(text: string): void {
    this.#said = Buffer.concat([this.#said, Buffer.from(text)])
    this.#wake()
  }

  #press(key: string): void {
    if (this.#mode === 'editor') this.#pressInEditor(key)
    else if (this.#mode === 'menu') this.#pressInMenu(key)
    else if (this.#mode === 'hidden' && key === '\u001b') {
      this.#countdown = undefined
      this.#showMenu()
    }
  }

  #pressInMenu(key: string): void {
    if (this.#countdown !== undefined) {
      this.#countdown = undefined
      this.#say(`${to(21, 0)}${' '.repeat(79)}${to(22, 0)}${' '.repeat(79)}${this.#park()}`)
    }
    const entry = this.#options.entries[this.#selected]
    if (key === 'e' && entry !== undefined) this.#edit(entry)
    else if (key === '\r') this.#boot(entry?.lines ?? [])
    else if (key === '\u001b' && this.#options.nested) {
      this.#mode = 'left'
      this.#say(`\u001b[?25h${TOOK_THE_PORT}${to(8, 0)}grub> `)
    } else if (key === '\u000e' && this.#selected + 1 < this.#options.entries.length) this.#select(this.#selected + 1)
  }

  #pressInEditor(key: string): void {
    if (key === '\u0018') this.#boot(this.#editor?.lines ?? [])
    else if (key === '\u001b') this.#showMenu()
    else this.#editor?.press(key)
  }

  #showMenu(): void {
    this.#mode = 'menu'
    this.#say(`\u001b[?25l${this.#frame(MENU_HELP)}${to(4, 79)} `)
    const rows = this.#options.nested ? 11 : 12
    for (let index = 0; index < rows; index += 1) this.#drawEntry(index)
    this.#say(`${to(3 + rows, 79)} ${this.#park()}`)
    if (this.#countdown !== undefined) this.#drawCountdown()
  }

  #select(index: number): void {
    const old = this.#selected
    this.#selected = index
    this.#drawEntry(old)
    this.#drawEntry(index)
  }

  #drawEntry(index: number): void {
    const selected = index === this.#selected
    const title = this.#options.entries[index]?.title ?? ''
    const text = `${selected ? '*' : ' '}${title.slice(0, 74)}`.padEnd(75)
    const mark = title.length > 74 ? '>' : ' '
    this.#say(`\u001b[${selected ? '7' : ''}m${to(4 + index, 2)}${text}${mark}\u001b[m${to(4 + index, 77)}\u001b[m`)
  }

  #park(): string {
    return to(4 + this.#selected, 77)
  }

  #drawCountdown(): void {
    const text = `   The highlighted entry will be executed automatically in ${this.#countdown}s.`
    this.#say(`${to(21, 0)}${text.padEnd(79)}${this.#park()}`)
  }

  #edit(entry: GrubEntry): void {
    this.#mode = 'editor'
    this.#say(`\u001b[?25h${TOOK_THE_PORT}${this.#frame(EDITOR_HELP)}`)
    this.#editor = new GrubEditorScreen([`setparams '${entry.title}'`, '', ...entry.lines], (text) => this.#say(text))
    this.#editor.open()
  }

  #frame(help: readonly string[]): string {
    const rows = help === MENU_HELP && this.#options.nested ? 11 : 12
    const rule = `+${'-'.repeat(76)}+`
    const borders = Array.from({ length: rows }, (_, row) => `${to(4 + row, 1)}|${to(4 + row, 78)}|`).join('')
    const lines = rows === 11 ? [...help, 'ESC to return previous menu.'] : help
    const title = `${to(1, 23)}GNU GRUB  version 2.06-13+deb12u2\n\r\n\r`
    const words = lines.map((line) => `      ${line.padEnd(68)}`).join('\n\r')
    return `\u001b[m${TOOK_THE_PORT}${title}\u001b[m${to(3, 1)}${rule}${borders}${to(4 + rows, 1)}${rule}\u001b[m${to(6 + rows, 0)}${words}`
  }

  async #tick(): Promise<void> {
    while (this.#countdown !== undefined) {
      if (this.#options.style === 'countdown' && this.#mode === 'hidden') this.#say(`${to(0, 0)}${this.#countdown}    `)
      await sleep(this.#options.tickMs ?? 1000, this.#off.signal)
      if (this.#countdown === undefined) return
      this.#countdown -= 1
      if (this.#countdown <= 0) return this.#boot(this.#options.entries[0]?.lines ?? [])
      if (this.#mode === 'menu') this.#drawCountdown()
    }
  }

  #boot(lines: readonly string[]): void {
    this.#mode = 'booted'
    this.#countdown = undefined
    this.booted = lines
    this.#say(
      `\u001b[?25h${TOOK_THE_PORT}  Booting a command list\n\r\n\rLoading Linux ...\n\r${this.#options.kernel ?? ''}`,
    )
  }
}

const MENU_HELP = [
  'Use the ^ and v keys to select which entry is highlighted.',
  "Press enter to boot the selected OS, `e' to edit the commands",
  "before booting or `c' for a command-line.",
]
const EDITOR_HELP = [
  'Minimum Emacs-like screen editing is supported. TAB lists',
  'completions. Press Ctrl-x or F10 to boot, Ctrl-c or F2 for',
  'a command-line or ESC to discard edits and return to the GRUB menu.',
]
