/**
 * The terminals that GRUB 2 is seen on over a serial line, as their recordings show them: its own serial driver, UEFI's
 * console, and a BIOS whose text screen the firmware copies. Also UEFI's where it leaves out moves beyond column 80.
 */
export type GrubTerminalKind = 'grub-serial' | 'uefi-console' | 'uefi-cut-off' | 'bios-console'

export interface GrubTerminal {
  readonly kind: GrubTerminalKind
  readonly columns: number
  readonly rows: number
  /** What the firmware says before GRUB begins. */
  readonly firmware: string
  /** GRUB takes the terminal. */
  readonly begin: string
  readonly clear: string
  readonly highlight: string
  readonly normal: string
  readonly hideCursor: string
  readonly showCursor: string
  readonly frame: Frame
  readonly up: string
  readonly down: string
  /** Moves the cursor; row and column from 0. */
  to(row: number, column: number): string
  encode(text: string): Buffer
}

interface Frame {
  readonly top: readonly [string, string]
  readonly bottom: readonly [string, string]
  readonly rule: string
  readonly border: string
}

const ASCII_FRAME: Frame = { top: ['+', '+'], bottom: ['+', '+'], rule: '-', border: '|' }
const LINE_FRAME: Frame = { top: ['┌', '┐'], bottom: ['└', '┘'], rule: '─', border: '│' }
/** What the lines of `LINE_FRAME` are in CP437. */
const CP437: Readonly<Record<string, number>> = { '┌': 0xda, '┐': 0xbf, '└': 0xc0, '┘': 0xd9, '─': 0xc4, '│': 0xb3 }

const UEFI_CLEAR = '\u001b[0m\u001b[30m\u001b[40m\u001b[2J\u001b[01;01H\u001b[0m\u001b[37m\u001b[40m'
export const UEFI_FIRMWARE =
  '\u001b[2J\u001b[01;01H\u001b[=3h\u001b[2J\u001b[01;01HBdsDxe: loading Boot0001 "UEFI Misc Device"\r\nBdsDxe: starting Boot0001 "UEFI Misc Device"\r\n'

const GRUB_SERIAL: GrubTerminal = {
  kind: 'grub-serial',
  columns: 80,
  rows: 24,
  firmware: '',
  begin: '\u001b[H\u001b[J\u001b[1;1H',
  clear: '\u001b[H\u001b[J\u001b[1;1H',
  highlight: '\u001b[7m',
  normal: '\u001b[m',
  hideCursor: '\u001b[?25l',
  showCursor: '\u001b[?25h',
  frame: ASCII_FRAME,
  up: '^',
  down: 'v',
  to: (row, column) => `\u001b[${row + 1};${column + 1}H`,
  // Its terminal is ASCII: what is not is shown as a question mark.
  encode: (text) => Buffer.from([...text].map((character) => (character > '~' ? '?' : character)).join('')),
}

const UEFI_CONSOLE: GrubTerminal = {
  kind: 'uefi-console',
  columns: 100,
  rows: 31,
  firmware: UEFI_FIRMWARE,
  begin: '\u001b[0m\u001b[30m\u001b[47mWelcome to GRUB!\n\r\n\r\u001b[0m\u001b[37m\u001b[40m',
  clear: UEFI_CLEAR,
  highlight: '\u001b[0m\u001b[30m\u001b[47m',
  normal: '\u001b[0m\u001b[37m\u001b[40m',
  hideCursor: '',
  showCursor: '',
  frame: LINE_FRAME,
  up: '^',
  down: 'v',
  to: (row, column) => `\u001b[${twoDigits(row + 1)};${twoDigits(column + 1)}H`,
  encode: (text) => Buffer.from([...text].map((character) => CP437[character] ?? asciiOf(character))),
}

const BIOS_CONSOLE: GrubTerminal = {
  ...UEFI_CONSOLE,
  kind: 'bios-console',
  columns: 80,
  rows: 25,
  firmware:
    '\u001bc\u001b[?7l\u001b[2J\u001b[0mSeaBIOS (version 1.16.2-debian-1.16.2-1)\r\nBooting from Hard Disk...\r\n',
  begin: '\u001b[0;30;47mWelcome to GRUB!\r\n\n\u001b[0m',
  clear: '\u001b[01;01H\u001b[0m\u001b[2J',
  highlight: '\u001b[0;30;47m',
  normal: '\u001b[0m',
  up: '↑',
  down: '↓',
  encode: (text) => Buffer.from(text),
}

const TERMINALS: Readonly<Record<GrubTerminalKind, GrubTerminal>> = {
  'grub-serial': GRUB_SERIAL,
  'uefi-console': UEFI_CONSOLE,
  'uefi-cut-off': {
    ...UEFI_CONSOLE,
    kind: 'uefi-cut-off',
    to: (row, column) => (column < 80 ? UEFI_CONSOLE.to(row, column) : ''),
  },
  'bios-console': BIOS_CONSOLE,
}

export function grubTerminal(kind: GrubTerminalKind): GrubTerminal {
  return TERMINALS[kind]
}

/** The tens are one character, as in older edk2: after `9` comes `:`. */
function twoDigits(number: number): string {
  return `${String.fromCharCode(0x30 + Math.floor(number / 10))}${number % 10}`
}

function asciiOf(character: string): number {
  return character > '~' ? 0x3f : character.charCodeAt(0)
}
