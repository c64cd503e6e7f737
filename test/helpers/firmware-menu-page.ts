/**
 * GRUB's menu and editor as a firmware's console sends them, of any size: moves
 * padded with zeros, the box in CP437 (UEFI) or UTF-8 (SeaBIOS), black on white
 * for the highlight. Compared with the recordings `efi-console-100` and `bios-sercon`.
 */
export interface FirmwarePage {
  readonly firmware: 'uefi' | 'bios'
  readonly columns: number
  readonly rows: number
  readonly help: readonly string[]
  /** The rows of the box; an editor's, where none of them is selected. */
  readonly content: readonly string[]
  readonly selected?: number
}

const BEGINS = {
  uefi: '\u001b[2J\u001b[01;01H\u001b[=3h\u001b[2J\u001b[01;01H',
  bios: '\u001bc\u001b[?7l\u001b[2J\u001b[0m',
} as const

export function firmwarePage(page: FirmwarePage): Uint8Array {
  const { columns, content, selected } = page
  const bottom = page.rows - 7
  const rule = '─'.repeat(columns - 4)
  const text = [
    BEGINS[page.firmware],
    `${to(2, 10)}GNU GRUB  version 2.06`,
    `${to(4, 2)}┌${rule}┐`,
    ...Array.from({ length: bottom - 5 }, (_, row) => `${to(row + 5, 2)}│${to(row + 5, columns - 1)}│`),
    `${to(bottom, 2)}└${rule}┘${to(bottom + 2, 2)}`,
    page.help.map((line) => `   ${line}`).join('\r\n'),
    ...content.map((line, row) => drawn(line, row, columns, row === selected)),
    to(5 + (selected ?? 0), selected === undefined ? 3 : columns - 2),
  ].join('')
  return page.firmware === 'bios' ? Buffer.from(text) : Buffer.from(inCp437(text), 'latin1')
}

function drawn(line: string, row: number, columns: number, highlighted: boolean): string {
  const [on, off] = highlighted ? ['\u001b[0m\u001b[30m\u001b[47m', '\u001b[0m\u001b[37m\u001b[40m'] : ['', '']
  return `${to(row + 5, 3)}${on}${line.padEnd(columns - 4)}${off}`
}

/** As edk2 writes it: two characters each, so that column 100 is `:0`. */
function to(row: number, column: number): string {
  const two = (value: number) => String.fromCharCode(0x30 + Math.floor(value / 10), 0x30 + (value % 10))
  return `\u001b[${two(row)};${two(column)}H`
}

function inCp437(text: string): string {
  const bytes: Readonly<Record<string, string>> = {
    '┌': '\u00da',
    '┐': '\u00bf',
    '└': '\u00c0',
    '┘': '\u00d9',
    '─': '\u00c4',
    '│': '\u00b3',
  }
  return text.replace(/[┌┐└┘─│]/g, (character) => bytes[character] ?? character)
}
