/**
 * The terminal a person would sit at: fed with the line's bytes, it shows what
 * stands on the screen now. It becomes the terminal that the machine believes to
 * draw on, GRUB's, a firmware's, Linux's, and draws what came since the last
 * clear again on that. It never answers the machine, for an answer that comes
 * late is typed into whatever reads next.
 */
import xterm, { type IBufferNamespace } from '@xterm/headless'
import { Decoder, type Encoding } from './decode.ts'
import { GoneLines } from './gone-lines.ts'
import { pictureOf, type ScreenPicture } from './picture.ts'
import { MOST_BYTES, ReplayBytes } from './replay-bytes.ts'
import { readRow } from './row.ts'
import { type RawRow, type ScreenView, viewOf } from './screen-view.ts'
import { Taming } from './taming.ts'
import { type TerminalClass, TerminalClassifier, type TerminalKind } from './terminal-class.ts'
import { TerminalModes } from './terminal-modes.ts'
import { PLAIN_SIZE } from './terminal-size.ts'
import { WideMoves } from './wide-moves.ts'

/** A row that scrolls away is read at once; whoever wants all that was said records the bytes. */
const SCROLLBACK = 1
const TAIL = 256
/** Under Linux a redraw is wanted only when we came in the middle of something: its last pages. */
const MOST_PLAIN_BYTES = 16 * 1024
/** Attributes off, cursor home, erase all: what GRUB sends, too. */
const CLEAR = '\u001b[0m\u001b[H\u001b[2J'
/** Ends what a cut sequence may have begun, and all modes, margins and attributes: another terminal begins. */
const NEW_TERMINAL = '\u0018\u001b[!p\u001b[0m'
const ERASE = '\u001b[H\u001b[2J'
const START: TerminalClass = { kind: 'plain', firmware: undefined, ...PLAIN_SIZE, read: 0, cleared: 0, ground: '' }

export class Screen implements Disposable {
  readonly #terminal: xterm.Terminal
  /** Kept, because the terminal checks at each time whether we may ask for it. */
  readonly #buffers: IBufferNamespace
  readonly #modes: TerminalModes
  readonly #gone = new GoneLines()
  #moves = new WideMoves()
  #classifier = new TerminalClassifier()
  #class = START
  #replay = new ReplayBytes()
  #decoder = new Decoder()
  #taming = new Taming('any sequence')
  /** How many rows scrolled away since the last full clear. */
  #scrolled = 0
  /** How many rows that scroll away next were seen to do that before. */
  #scrolledBefore = 0
  #tail = ''
  #revision = 0

  /** As large as `columns` by `rows` until the bytes show another size. */
  constructor(columns = PLAIN_SIZE.columns, rows = PLAIN_SIZE.rows) {
    this.#terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: SCROLLBACK,
      allowProposedApi: true,
      logLevel: 'off',
    })
    this.#buffers = this.#terminal.buffer
    this.#modes = new TerminalModes(this.#terminal.parser)
    this.#watchLeaving()
  }

  /** Shows `bytes`, at once. */
  feed(bytes: Uint8Array): void {
    const came = this.#moves.repair(bytes)
    const before = this.#class
    this.#class = this.#classifier.read(came)
    this.#replay.add(came, this.#class.kind === 'plain' ? MOST_PLAIN_BYTES : MOST_BYTES)
    if (sameTerminal(before, this.#class)) this.#show(came)
    else this.#changeTerminal(came)
    this.#replay.dropBefore(this.#class.cleared)
    this.#tail = (this.#tail + Buffer.from(came).toString('latin1')).slice(-TAIL)
    this.#revision += 1
  }

  view(): ScreenView {
    const { cols: columns, rows: height } = this.#terminal
    const buffer = this.#buffers.active
    const rows = this.#rows(buffer.baseY, height)
    const cursor = { row: buffer.cursorY, column: buffer.cursorX, visible: this.#modes.cursorVisible }
    const { kind: terminal, firmware } = this.#class
    return viewOf(rows, { terminal, firmware, columns, cursor, tail: this.#tail, revision: this.#revision })
  }

  /** The lines that left the screen since the last call, scrolled away or cleared, oldest first. */
  takeGone(): readonly string[] {
    return this.#gone.take()
  }

  /** Blanks the screen, as a machine does that starts anew: what stands there says nothing about what comes. */
  forget(): void {
    this.#write(CLEAR)
    this.#moves = new WideMoves()
    this.#classifier = new TerminalClassifier()
    this.#class = START
    this.#replay = new ReplayBytes()
    this.#beginTerminal()
    this.#modes.cursorVisible = true
    this.#tail = ''
    this.#revision += 1
  }

  picture(): ScreenPicture {
    const { cols, rows } = this.#terminal
    return pictureOf(this.#buffers.active, cols, rows, this.#modes.cursorVisible)
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose()
  }

  /** Draws on the terminal that the machine now believes to have; what came before the last clear, on the old one. */
  #changeTerminal(came: Uint8Array): void {
    const sinceClear = this.#class.read - this.#class.cleared
    if (sinceClear < came.length) {
      this.#show(came.subarray(0, came.length - sinceClear))
      this.#replay.dropBefore(this.#class.cleared)
    }
    const seenBefore = this.#scrolled
    this.#beginTerminal()
    this.#scrolledBefore = seenBefore
    this.#show(this.#replay.bytes)
    this.#scrolledBefore = 0
  }

  #beginTerminal(): void {
    const { kind, columns, rows, ground } = this.#class
    this.#decoder = new Decoder(encodingOf(kind))
    this.#taming = new Taming(kind === 'uefi-console' ? 'ESC [ only' : 'any sequence')
    this.#scrolled = 0
    this.#scrolledBefore = Number.POSITIVE_INFINITY
    this.#terminal.resize(columns, rows)
    this.#write(NEW_TERMINAL + ground + ERASE)
    this.#scrolledBefore = 0
  }

  #show(bytes: Uint8Array): void {
    this.#write(this.#taming.tame(this.#decoder.decode(bytes)))
  }

  /** The terminal shows at once what comes after something that a user typed, and later what comes without. */
  #write(text: string): void {
    this.#terminal.input('', true)
    this.#terminal.write(text)
  }

  #watchLeaving(): void {
    const { parser } = this.#terminal
    // The row that just scrolled away is the one above the screen, also when the scrollback is full.
    this.#terminal.onScroll(() => this.#rowsLeave(this.#buffers.active.baseY - 1, 1))
    parser.registerCsiHandler({ final: 'J' }, ([what]) => {
      const { cursorX, cursorY } = this.#buffers.active
      if (what === 2 || ((what === undefined || what === 0) && cursorX === 0 && cursorY === 0)) this.#screenLeaves()
      return false
    })
    this.#terminal.parser.registerEscHandler({ final: 'c' }, () => {
      this.#screenLeaves()
      return false
    })
  }

  #screenLeaves(): void {
    this.#rowsLeave(this.#buffers.active.baseY, this.#terminal.rows)
    this.#scrolled = 0
    this.#modes.cleared()
  }

  #rowsLeave(first: number, count: number): void {
    this.#scrolled += count
    const seen = Math.min(this.#scrolledBefore, count)
    this.#scrolledBefore -= seen
    if (seen < count) this.#gone.add(this.#rows(first + seen, count - seen))
  }

  #rows(first: number, count: number): RawRow[] {
    const rows: RawRow[] = []
    for (let row = first; row < first + count; row += 1) rows.push(this.#row(row))
    return rows
  }

  #row(index: number): RawRow {
    return readRow(this.#buffers.active.getLine(index), this.#terminal.cols, this.#modes.mayBeLight)
  }
}

function sameTerminal(one: TerminalClass, other: TerminalClass): boolean {
  return one.kind === other.kind && one.columns === other.columns && one.rows === other.rows
}

function encodingOf(kind: TerminalKind): Encoding {
  return kind === 'uefi-console' || kind === 'both' ? 'cp437' : 'utf-8-else-cp437'
}
