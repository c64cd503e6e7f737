/**
 * Which of the four ways there are to see GRUB on a serial line this is, and how
 * large its screen is: read off the bytes since the machine started anew. GRUB's
 * own serial driver, UEFI's console and a BIOS that copies its text screen clear
 * and move the cursor each in a way of their own.
 */
import { StreamTokens } from './stream-tokens.ts'
import { FIRMWARE_SIZE, grownSize, isFirmwareWidth, PLAIN_SIZE, type TerminalSize } from './terminal-size.ts'

/**
 * `plain`: Linux, or nothing known. `grub-serial`: GRUB's serial driver (class A). `uefi-console`: UEFI's TerminalDxe
 * (B). `bios-console`: SeaBIOS or a board that copies the text screen (C). `both`: the first together with one of the
 * others, each drawing its own screen over the other's (D): what stands there is no screen at all.
 */
export type TerminalKind = 'plain' | 'grub-serial' | 'uefi-console' | 'bios-console' | 'both'

export interface TerminalClass extends TerminalSize {
  readonly kind: TerminalKind
  /** Which firmware has spoken on this line since the machine started anew; it may also read from it. */
  readonly firmware: Firmware | undefined
  /** Bytes of the stream so far. */
  readonly read: number
  /** Bytes of the stream up to the end of the last sequence that cleared the whole screen. */
  readonly cleared: number
  /** The sequences that set the attributes it was cleared with: a firmware's forms stand on a ground of their own. */
  readonly ground: string
}

/** Whether this terminal hides its cursor while it draws, so that the cursor's return says that all is drawn. */
export function showsDrawingEnd(kind: TerminalKind): boolean {
  return kind === 'plain' || kind === 'grub-serial'
}

export type Firmware = 'uefi-console' | 'bios-console'

/** GRUB's serial terminal clears so, and nobody else. (grub-core/term/terminfo.c: grub_terminfo_cls) */
const GRUB_CLEARS = '\u001b[H\u001b[J\u001b[1;1H'
/** UEFI sets a text mode. (edk2 TerminalConOut.c: mSetModeString) */
const UEFI_SETS_MODE = '\u001b[=3h'
/** SeaBIOS resets the terminal and turns wrapping off. (src/sercon.c: sercon_setup) */
const BIOS_RESETS = '\u001bc\u001b[?7l'
const UEFI_TELLS_SIZE = /^\u001b\[8;0?(?<rows>\d{2,3});(?<columns>\d{2,3})t$/
/** SeaBIOS sets all attributes at once; edk2 one by one. */
const BIOS_COLOURS = /^\u001b\[0;\d+;\d+m$/
const MOVE = /^\u001b\[(?<row>\d+);(?<column>\d+)H$/
const GRUB_TITLE = /^(?:GNU )?GRUB +version \S+\s*$/
/** What only a kernel or what runs under it writes at the start of a line. */
const LINUX =
  /^(?:\[ *\d+\.\d{6}\] |Linux version \d|EFI stub: |Decompressing Linux|Loading, please wait|Begin: |bash: |sh: |\/bin\/sh: |\[ *(?:OK|FAILED|DEPEND|\*+) *\] |Starting (?:systemd|version)|Welcome to (?!GRUB).+!|BusyBox v|ALERT!|Gave up waiting for |dracut|\S+ login: |(?:bash|sh)-\d)/
/** Bracketed paste, a question for the cursor's place or a title: no firmware and no GRUB sends these. */
const LINUX_SEQUENCE = /^\u001b\[(?:\?2004[hl]|6n|!p)$/
/** More than the widest screen has. */
const LONGEST_LINE = 250
const ATTRIBUTES = /^\u001b\[[\d;]*m$/
/** Attributes that begin with none of those before. */
const RESETS = /^\u001b\[0*(?:;[\d;]*)?m$/
/** Firmware sets one attribute at a time: bright or not, a colour, a ground. */
const MOST_ATTRIBUTES = 5

export class TerminalClassifier {
  readonly #tokens = new StreamTokens()
  #kind: TerminalKind = 'plain'
  #size = PLAIN_SIZE
  /** Where the last full clear ended. */
  #cleared = 0
  #ground = ''
  /** The sequences that set the attributes that are in force. */
  #attributes: readonly string[] = []
  /** Whose zero-padded moves these are, as far as something showed it. */
  #firmware: Firmware | undefined
  /** GRUB's serial terminal has cleared its screen since the firmware began. */
  #grubBegan = false
  /** The last move of the cursor was one of GRUB's serial terminal. */
  #grubMovedLast = false
  /** The sequences that came with no text between them. */
  #sequences = ''
  /** The line as far as it is written without moving the cursor. */
  #line = ''
  /** The column it begins in, from 1, if a move of the cursor says that. */
  #lineColumn: number | undefined

  /** Takes the next bytes of the stream and says what the terminal is after them. */
  read(bytes: Uint8Array): TerminalClass {
    // A kernel's log has no sequences: nothing in it can change what the terminal is.
    if (this.#kind === 'plain' && !this.#tokens.isOpen && !bytes.includes(0x1b)) this.#tokens.skip(bytes.length)
    else {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      for (const token of this.#tokens.read(text)) {
        if (token.type === 'text') this.#readText(token.text)
        else this.#readSequence(token.text, token.end)
      }
    }
    return {
      kind: this.#kind,
      firmware: this.#firmware,
      ...this.#size,
      read: this.#tokens.count,
      cleared: this.#cleared,
      ground: this.#ground,
    }
  }

  /** Taken for UEFI's, because somebody moves the cursor as only a firmware does. */
  get #isUnproven(): boolean {
    return this.#kind === 'uefi-console' && this.#firmware === undefined
  }

  #readText(text: string): void {
    this.#sequences = ''
    const lines = text.split('\n')
    for (const [index, part] of lines.entries()) {
      if (index > 0) this.#noteTitle()
      this.#line =
        index === 0 ? (this.#line + part).slice(0, LONGEST_LINE) : part.replace(/^\r+/, '').slice(0, LONGEST_LINE)
      if (index > 0) this.#lineColumn = undefined
      if (this.#kind === 'plain') continue
      if (LINUX.test(this.#line)) this.#beginLinux()
      // The firmware's boot manager starts the next try: whoever drew before has gone.
      if (/^BdsDxe: /.test(this.#line)) this.#grubBegan = false
      // SeaBIOS writes UTF-8, of which box drawing begins with these two bytes; edk2 writes CP437.
      if (this.#isUnproven && this.#line.includes('\u00e2\u0094')) this.#beginFirmware('bios-console')
    }
  }

  #readSequence(sequence: string, end: number): void {
    this.#sequences = (this.#sequences + sequence).slice(-GRUB_CLEARS.length)
    if (ATTRIBUTES.test(sequence)) this.#noteAttributes(sequence)
    else this.#noteWidth()
    this.#noteClear(sequence, end)
    if (this.#sequences.endsWith(GRUB_CLEARS)) this.#grubClears()
    else if (sequence === UEFI_SETS_MODE) this.#beginFirmware('uefi-console')
    else if (this.#sequences.endsWith(BIOS_RESETS)) this.#beginFirmware('bios-console')
    else if (LINUX_SEQUENCE.test(sequence)) this.#beginLinux()
    else this.#readMove(sequence)
  }

  #noteClear(sequence: string, end: number): void {
    const atHome = this.#sequences.endsWith('\u001b[H\u001b[J')
    // UEFI's console never resets the terminal: that is an Escape whose rest was lost, and a letter.
    const isReset = sequence === '\u001bc' && this.#kind !== 'uefi-console'
    if (isReset) this.#attributes = []
    if (sequence === '\u001b[2J' || isReset || atHome) {
      this.#cleared = end
      this.#ground = this.#attributes.join('')
    }
    if (!ATTRIBUTES.test(sequence)) this.#line = ''
  }

  #noteAttributes(sequence: string): void {
    const kept = RESETS.test(sequence) ? [] : this.#attributes.slice(-MOST_ATTRIBUTES)
    this.#attributes = [...kept, sequence]
  }

  /**
   * systemd-boot writes rows that leave only the last column free, each after a move. The firmware's own rows are full,
   * and its messages end in a new line.
   */
  #noteWidth(): void {
    const columns = (this.#lineColumn ?? 0) + this.#line.length
    this.#lineColumn = undefined
    const isFirmware = this.#kind === 'uefi-console' && isFirmwareWidth(columns)
    if (isFirmware) this.#size = grownSize(this.#kind, this.#size, 1, columns)
  }

  /** GRUB writes its title in the middle: at its prompt nothing else says how wide the screen is. */
  #noteTitle(): void {
    if (this.#kind !== 'uefi-console' || this.#lineColumn === undefined || !GRUB_TITLE.test(this.#line)) return
    const columns = centredIn(this.#lineColumn, this.#line.trimEnd().length)
    if (isFirmwareWidth(columns)) this.#size = grownSize(this.#kind, this.#size, 1, columns)
  }

  /** Both at once end when GRUB's serial terminal clears, and nothing but itself moved the cursor before that. */
  #grubClears(): void {
    this.#grubBegan = true
    if (this.#kind === 'grub-serial' || (this.#kind === 'both' && !this.#grubMovedLast)) return
    this.#kind = 'grub-serial'
    this.#size = PLAIN_SIZE
  }

  #beginFirmware(firmware: Firmware): void {
    this.#kind = firmware
    this.#firmware = firmware
    this.#size = FIRMWARE_SIZE
    this.#grubBegan = false
    this.#grubMovedLast = false
  }

  #beginLinux(): void {
    this.#kind = 'plain'
    this.#size = PLAIN_SIZE
    this.#firmware = undefined
    this.#grubBegan = false
    this.#grubMovedLast = false
  }

  #readMove(sequence: string): void {
    const told = sequence.endsWith('t') ? UEFI_TELLS_SIZE.exec(sequence)?.groups : undefined
    if (told !== undefined) {
      this.#beginFirmware('uefi-console')
      this.#size = { columns: Number(told.columns), rows: Number(told.rows) }
    }
    if (this.#isUnproven && BIOS_COLOURS.test(sequence)) this.#beginFirmware('bios-console')
    const { row, column } = (sequence.endsWith('H') ? MOVE.exec(sequence)?.groups : undefined) ?? {}
    if (row === undefined || column === undefined) return
    this.#lineColumn = Number(column)
    if (row.startsWith('0') || column.startsWith('0')) this.#firmwareMoves()
    else if (row.length === 1 || column.length === 1) this.#grubMoves()
    if (this.#kind !== 'plain') this.#size = grownSize(this.#kind, this.#size, Number(row), Number(column))
  }

  #firmwareMoves(): void {
    this.#grubMovedLast = false
    if (this.#kind !== 'plain' && this.#kind !== 'grub-serial') return
    this.#kind = this.#firmware ?? 'uefi-console'
    this.#size = FIRMWARE_SIZE
  }

  #grubMoves(): void {
    this.#grubMovedLast = true
    if (this.#grubBegan && (this.#kind === 'uefi-console' || this.#kind === 'bios-console')) this.#kind = 'both'
  }
}

/** The columns of a screen in whose middle a text of that length begins at `column`, from 1: half of an odd rest is cut. */
function centredIn(column: number, length: number): number {
  const left = 2 * (column - 1) + length
  return isFirmwareWidth(left) ? left : left + 1
}
