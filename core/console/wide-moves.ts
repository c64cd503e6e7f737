/**
 * Repairs the cursor moves of UEFI firmware on wide screens. Older edk2 writes a
 * column in two characters, the tens as one: column 100 becomes `ESC[23;:0H`,
 * because `:` follows `9`. A terminal takes that for column 1.
 * (edk2 MdeModulePkg/Universal/Console/TerminalDxe/TerminalConOut.c: TerminalConOutSetCursorPosition)
 */
/** 240 columns are the most that any firmware's mode has: the tens go up to `H`, and that only before a 0. */
const WIDE = /\u001b\[(?<row>\d\d);(?<tens>[:-G](?=\d)|H(?=0))(?<units>\d)H/g
const OPEN = /\u001b(?:\[\d{0,2}|\[\d\d;(?:[:-G]\d?|H0?)?)?$/
const ZERO = 0x30

export class WideMoves {
  #open = ''

  /** The bytes with such moves as every terminal understands them; the beginning of a cut one waits for its end. */
  repair(bytes: Uint8Array): Uint8Array {
    if (this.#open === '' && !bytes.includes(0x1b)) return bytes
    const text = this.#open + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    const cut = OPEN.exec(text)?.index ?? text.length
    this.#open = text.slice(cut)
    return Buffer.from(text.slice(0, cut).replace(WIDE, inDigits), 'latin1')
  }
}

function inDigits(_: string, row: string, tens: string, units: string): string {
  return `\u001b[${row};${(tens.charCodeAt(0) - ZERO) * 10 + Number(units)}H`
}
