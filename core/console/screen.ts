/**
 * The terminal a person would sit at: fed with the line's bytes, it shows what
 * stands on the screen now. It never answers the machine, for an answer that
 * comes late is typed into whatever reads next.
 */
import xterm, { type IBufferLine } from '@xterm/headless'
import { Decoder } from './decode.ts'
import { GoneLines } from './gone-lines.ts'
import { pictureOf, type ScreenPicture } from './picture.ts'
import { type RawRow, type ScreenView, viewOf } from './screen-view.ts'
import { Taming } from './taming.ts'

/** Enough for the last pages of a boot; whoever wants all of it records the bytes. */
const SCROLLBACK = 1000
const TAIL = 256
const AUTOWRAP = 7
const CURSOR = 25
/** Attributes off, cursor home, erase all: what GRUB sends, too. */
const CLEAR = Buffer.from('\u001b[0m\u001b[H\u001b[2J')
const ALTERNATE_SCREENS = [47, 1047, 1049]

export class Screen implements Disposable {
  readonly #terminal: xterm.Terminal
  readonly #decoder = new Decoder()
  readonly #taming = new Taming()
  readonly #gone = new GoneLines()
  #cursorVisible = true
  #tail = ''
  #revision = 0

  /** 80 by 24 is what GRUB's serial terminal, Linux and bash assume when nobody tells them more. */
  constructor(columns = 80, rows = 24) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true })
    this.#watchModes()
    this.#watchLeaving()
  }

  /** Resolves when `bytes` stand on the screen. */
  async feed(bytes: Uint8Array): Promise<void> {
    const text = this.#taming.tame(this.#decoder.decode(bytes))
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#terminal.write(text, resolve)
    await promise
    this.#tail = (this.#tail + text).slice(-TAIL)
    this.#revision += 1
  }

  view(): ScreenView {
    const { cols: columns, rows: height } = this.#terminal
    const buffer = this.#terminal.buffer.active
    const rows = Array.from({ length: height }, (_, row) => this.#row(buffer.baseY + row))
    const cursor = { row: buffer.cursorY, column: buffer.cursorX, visible: this.#cursorVisible }
    return viewOf(rows, { columns, cursor, tail: this.#tail, revision: this.#revision })
  }

  /** The last `count` rows down to the cursor, rows that scrolled away included, without trailing blanks. */
  recent(count: number): readonly string[] {
    const buffer = this.#terminal.buffer.active
    const end = buffer.baseY + buffer.cursorY + 1
    const start = Math.max(0, end - count)
    return Array.from({ length: end - start }, (_, row) => this.#row(start + row).text.trimEnd())
  }

  /** The lines that left the screen since the last call, scrolled away or cleared, oldest first. */
  takeGone(): readonly string[] {
    return this.#gone.take()
  }

  /** Blanks the screen, as a machine does that starts anew: what stands there says nothing about what comes. */
  async forget(): Promise<void> {
    await this.feed(CLEAR)
    this.#tail = ''
  }

  picture(): ScreenPicture {
    const { cols, rows, buffer } = this.#terminal
    return pictureOf(buffer.active, cols, rows, this.#cursorVisible)
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose()
  }

  #watchLeaving(): void {
    const { parser } = this.#terminal
    // The row that just scrolled away is the one above the screen, also when the scrollback is full.
    this.#terminal.onScroll(() => this.#gone.add([this.#row(this.#terminal.buffer.active.baseY - 1)]))
    parser.registerCsiHandler({ final: 'J' }, ([what]) => {
      const { baseY, cursorX, cursorY } = this.#terminal.buffer.active
      const all = what === 2 || ((what === undefined || what === 0) && cursorX === 0 && cursorY === 0)
      if (all) this.#gone.add(Array.from({ length: this.#terminal.rows }, (_, row) => this.#row(baseY + row)))
      return false
    })
  }

  #row(index: number): RawRow {
    const line = this.#terminal.buffer.active.getLine(index)
    const { cols } = this.#terminal
    if (line === undefined) return { text: ' '.repeat(cols), wrapped: false, inverse: false }
    return { text: line.translateToString(false, 0, cols), wrapped: line.isWrapped, inverse: hasInverse(line) }
  }

  /**
   * Whether the cursor is hidden is not in the terminal's public interface, and
   * three modes are refused: SeaBIOS turns auto-wrap off and nobody turns it on
   * again, which would cut every later line at column 80; an alternate screen or
   * character set that line noise turned on would hide the machine.
   */
  #watchModes(): void {
    const { parser } = this.#terminal
    const refused = (modes: number[]) => modes.length === 1 && ALTERNATE_SCREENS.includes(modes[0] ?? 0)
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (parameters) => {
      const modes = parameters.flat()
      if (modes.includes(CURSOR)) this.#cursorVisible = true
      return refused(modes)
    })
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (parameters) => {
      const modes = parameters.flat()
      if (modes.includes(CURSOR)) this.#cursorVisible = false
      return modes.includes(AUTOWRAP) || refused(modes)
    })
    parser.registerEscHandler({ final: 'c' }, () => {
      this.#cursorVisible = true
      return false
    })
    for (const set of ['(', ')']) parser.registerEscHandler({ intermediates: set, final: '0' }, () => true)
  }
}

function hasInverse(line: IBufferLine): boolean {
  for (let column = 0; column < line.length; column += 1) if (line.getCell(column)?.isInverse()) return true
  return false
}
