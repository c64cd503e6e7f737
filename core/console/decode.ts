/**
 * Bytes to text without losing any: UTF-8 where it is UTF-8, CP437 where it is
 * not. A strict UTF-8 decoder would drop the stray bytes of a firmware's box
 * drawing or of line noise, and with them the columns of everything after.
 * UEFI's console writes CP437 only, and some pairs of its box are valid UTF-8.
 */

export type Encoding = 'utf-8-else-cp437' | 'cp437'

/** CP437 0x80 to 0xff, what PC firmware means by these bytes. */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

/** What the low bytes show that UEFI's PC-ANSI terminal draws arrows with: elsewhere they are control characters. */
const CP437_ARROWS: Readonly<Record<string, string>> = {
  '\u0010': '►',
  '\u0011': '◄',
  '\u0018': '↑',
  '\u0019': '↓',
  '\u001a': '→',
}

/** Decodes a stream; a character cut by the end of one piece is finished by the next. */
export class Decoder {
  readonly #encoding: Encoding
  #waiting: number[] = []

  constructor(encoding: Encoding = 'utf-8-else-cp437') {
    this.#encoding = encoding
  }

  decode(bytes: Uint8Array): string {
    return this.#encoding === 'cp437' ? decodeCp437(bytes) : this.#decodeMixed(bytes)
  }

  #decodeMixed(bytes: Uint8Array): string {
    const all = this.#waiting.length === 0 ? bytes : Uint8Array.from([...this.#waiting, ...bytes])
    this.#waiting = []
    if (all.every((byte) => byte < 0x80)) return Buffer.from(all).toString('latin1')
    let text = ''
    for (let at = 0; at < all.length; ) {
      const length = sequenceLength(all[at] ?? 0)
      const rest = all.subarray(at, at + length)
      if (length > 1 && rest.length < length && rest.subarray(1).every(isContinuation)) {
        this.#waiting = [...rest]
        break
      }
      const character = decodeCharacter(rest, length)
      text += character.text
      at += character.used
    }
    return text
  }
}

function decodeCp437(bytes: Uint8Array): string {
  const latin1 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
  return latin1
    .replace(/[\u0080-\u00ff]/g, (character) => CP437.charAt(character.charCodeAt(0) - 0x80))
    .replace(/[\u0010\u0011\u0018-\u001a]/g, (character) => CP437_ARROWS[character] ?? character)
}

/** How many bytes the UTF-8 character has that begins with `lead`; 1 also where none begins so. */
function sequenceLength(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  if (lead >= 0xf0 && lead <= 0xf4) return 4
  return 1
}

function isContinuation(byte: number): boolean {
  return byte >= 0x80 && byte <= 0xbf
}

function decodeCharacter(bytes: Uint8Array, length: number): { text: string; used: number } {
  const first = bytes[0] ?? 0
  if (first < 0x80) return { text: String.fromCharCode(first), used: 1 }
  const text = length > 1 ? utf8(bytes) : undefined
  // U+0080 to U+009F are control characters to a terminal; nobody sends them on purpose, and one starts an endless OSC.
  if (text !== undefined && !/[\u0080-\u009f]/.test(text)) return { text, used: length }
  return { text: CP437.charAt(first - 0x80), used: 1 }
}

function utf8(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes)
  return text.includes('\ufffd') ? undefined : text
}
