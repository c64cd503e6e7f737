/**
 * A small GRUB 2 that draws on two terminals at once, its own serial one and UEFI's console, which are one line (class
 * D): its menu, its questions for name and password, its prompt. The command that leaves it one terminal makes it the
 * simulated GRUB of that one. What it sends was seen on a rig.
 */
import type { Channel } from '../../core/console/channel.ts'
import { Incoming } from '../../core/console/incoming.ts'
import { Grub, type GrubEntry } from './grub.ts'
import type { Superuser } from './grub-lock.ts'
import { GrubMenuScreen } from './grub-menu.ts'
import { grubTerminal, UEFI_FIRMWARE } from './grub-terminal.ts'

const SERIAL = grubTerminal('grub-serial')
const CONSOLE = grubTerminal('uefi-console')
const PROMPT_ROW = 8
const PROMPT = 'grub> '
const ESCAPE = '\u001b'

export class OverlaidGrub implements Channel {
  /** GRUB with one terminal, once it was told to have one. */
  readonly alone: Grub
  readonly #user: Superuser
  /** Whether the key with that number, counted from the first of a name, gets lost on the way. */
  readonly #loses: (key: number) => boolean
  readonly #entries: readonly GrubEntry[]
  readonly #incoming = new Incoming()
  #mode: 'menu' | 'username' | 'password' | 'prompt' | 'told' | 'alone' = 'menu'
  #typed = ''
  #username = ''
  #isOpen = false
  #keys = 0

  constructor(entries: readonly GrubEntry[], user: Superuser, loses: (key: number) => boolean = () => false) {
    this.#entries = entries
    this.#user = user
    this.#loses = loses
    this.alone = new Grub({ entries })
  }

  powerOn(): void {
    this.#incoming.say(CONSOLE.encode(UEFI_FIRMWARE))
    this.#showMenu()
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return await this.#incoming.read(signal)
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (const key of Buffer.from(bytes).toString('latin1')) {
      if (this.#mode === 'alone') await this.alone.write(Buffer.from(key))
      else if (!this.#isLost()) this.#press(key)
    }
  }

  async close(): Promise<void> {
    this.#incoming.end()
    await this.alone.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #isLost(): boolean {
    if (this.#mode !== 'username') return false
    this.#keys += 1
    return this.#loses(this.#keys - 1)
  }

  #press(key: string): void {
    if (this.#mode === 'menu' && key === 'c') this.#isOpen ? this.#showPrompt() : this.#ask()
    else if (this.#mode === 'username') this.#typeName(key)
    else if (this.#mode === 'password') this.#typePassword(key)
    else if (this.#mode === 'prompt') this.#typeCommand(key)
    else if (this.#mode === 'told' && key === ESCAPE) this.#goAlone()
  }

  #ask(): void {
    this.#mode = 'username'
    this.#typed = ''
    this.#say(`${CONSOLE.clear}${SERIAL.clear}Enter username: Enter username: \n\r\n\r`)
  }

  #typeName(key: string): void {
    if (key === ESCAPE) this.#refuse()
    else if (key === '\r') {
      this.#mode = 'password'
      this.#username = this.#typed
      this.#typed = ''
      this.#say('\n\r\n\rEnter password: Enter password: \n\r\n\r')
    } else {
      this.#typed += key
      this.#say(key + key)
    }
  }

  #typePassword(key: string): void {
    this.#isOpen = this.#username === this.#user.username && this.#typed === this.#user.password
    if (key !== '\r') this.#typed += key
    else if (this.#isOpen) this.#showPrompt()
    else this.#refuse()
  }

  #refuse(): void {
    this.#say('\n\r\n\rerror: access denied.\n\rerror: access denied.\n\r')
    this.#showMenu()
  }

  #showMenu(): void {
    this.#mode = 'menu'
    const titles = this.#entries.map(({ title }) => title)
    for (const terminal of [SERIAL, CONSOLE])
      new GrubMenuScreen(titles, false, terminal, (text) => this.#incoming.say(terminal.encode(text))).show()
    // Where a countdown was.
    this.#say(`${SERIAL.to(21, 0)}${' '.repeat(79)}${CONSOLE.to(4, 97)}${SERIAL.to(4, 77)}`)
  }

  #showPrompt(): void {
    this.#mode = 'prompt'
    this.#typed = ''
    const title = 'GNU GRUB  version 2.06-13+deb12u2'
    const rows = '\n\r'.repeat(PROMPT_ROW - 1)
    this.#say(`${SERIAL.clear}${SERIAL.to(1, 23)}${title}${rows}`)
    this.#say(`${CONSOLE.clear}${CONSOLE.to(1, 33)}${title}${rows}grub>grub>  `)
  }

  #typeCommand(key: string): void {
    if (key === '\r') {
      this.#mode = 'told'
      this.#say(`\n\r\n\r${PROMPT}`)
      return
    }
    this.#say(`${this.#place()}${key}${key}`)
    this.#typed += key
    this.#say(this.#place())
  }

  #place(): string {
    const column = PROMPT.length + this.#typed.length
    return `${CONSOLE.to(PROMPT_ROW, column)}${SERIAL.to(PROMPT_ROW, column)}`
  }

  #goAlone(): void {
    this.#mode = 'alone'
    this.alone.powerOn()
    void this.#passOn()
  }

  async #passOn(): Promise<void> {
    const never = new AbortController().signal
    for (let bytes = await this.alone.read(never); bytes !== undefined; bytes = await this.alone.read(never))
      this.#incoming.say(bytes)
  }

  #say(text: string): void {
    this.#incoming.say(Buffer.from(text))
  }
}
