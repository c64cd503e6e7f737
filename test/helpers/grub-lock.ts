/**
 * `set superusers=…` in front of a simulated GRUB: `e` and `c` open nothing before somebody has said who they are. Asks as
 * GRUB 2.06 does: an empty screen, each question with a line end, the name echoed, the password not, and after a wrong one
 * the menu again.
 */
import type { Grub } from './grub.ts'
import { type GrubTerminalKind, grubTerminal } from './grub-terminal.ts'

export interface Superuser {
  readonly username: string
  readonly password: string
}

const BACKSPACE = '\b'
const ESCAPE = '\u001b'

export class GrubLock {
  readonly #user: Superuser | undefined
  readonly #grub: Grub
  /** How the screen is emptied. */
  readonly #clear: string
  #asks: 'nothing' | 'username' | 'password' = 'nothing'
  #isOpen: boolean
  #wanted = ''
  #username = ''
  #password = ''

  /** Without a user it is no lock. */
  constructor(grub: Grub, user: Superuser | undefined, terminal: GrubTerminalKind = 'grub-serial') {
    this.#grub = grub
    this.#clear = grubTerminal(terminal).clear
    this.#user = user
    this.#isOpen = user === undefined
  }

  get asksPassword(): boolean {
    return this.#asks === 'password'
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#isOpen) return await this.#grub.write(bytes)
    for (const key of Buffer.from(bytes).toString('latin1')) await this.#press(key)
  }

  async #press(key: string): Promise<void> {
    if (this.#asks === 'username') await this.#typeName(key)
    else if (this.#asks === 'password') await this.#typePassword(key)
    else if (this.#isOpen || (key !== 'e' && key !== 'c')) await this.#grub.write(Buffer.from(key))
    else this.#ask(key)
  }

  #ask(key: string): void {
    this.#wanted = key
    this.#asks = 'username'
    this.#username = ''
    this.#password = ''
    this.#grub.say(`\u001b[?25h${this.#clear}Enter username: \r\n`)
  }

  async #typeName(key: string): Promise<void> {
    if (key === ESCAPE) {
      this.#asks = 'nothing'
      // The editor and Escape in one breath draw the menu anew.
      await this.#grub.write(Buffer.from(`e${ESCAPE}`))
    } else if (key === '\r') {
      this.#asks = 'password'
      this.#grub.say('\r\nEnter password: \r\n')
    } else if (key === BACKSPACE) {
      if (this.#username !== '') this.#grub.say('\b \b')
      this.#username = this.#username.slice(0, -1)
    } else if (key >= ' ') {
      this.#username += key
      this.#grub.say(key)
    }
  }

  async #typePassword(key: string): Promise<void> {
    if (key !== '\r' && key !== ESCAPE) {
      this.#password += key
      return
    }
    this.#asks = 'nothing'
    const isRight = this.#username === this.#user?.username && this.#password === this.#user.password
    this.#isOpen = isRight && key !== ESCAPE
    await this.#grub.write(Buffer.from(this.#isOpen ? this.#wanted : `e${ESCAPE}`))
  }
}
