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

/** What is UTF-8 in a text of bytes, without the control characters U+0080 to U+009F: nobody sends those on purpose. */
const UTF8 =
  /\u00c2[\u00a0-\u00bf]|[\u00c3-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2}|[\u0080-\u00ff]/g
/** A character whose end has not come yet. */
const OPEN = /(?:[\u00c2-\u00df]|[\u00e0-\u00ef][\u0080-\u00bf]?|[\u00f0-\u00f4][\u0080-\u00bf]{0,2})$/
/** Marks that stand on the character before: noise could pile up any number of them in one place of the screen. */
const WIDTHLESS = /^[\p{Mark}\p{Format}]$/u

/** Decodes a stream; a character cut by the end of one piece is finished by the next. */
export class Decoder {
  readonly #encoding: Encoding
  /** The beginning of a character, as a text of bytes. */
  #open = ''

  constructor(encoding: Encoding = 'utf-8-else-cp437') {
    this.#encoding = encoding
  }

  decode(bytes: Uint8Array): string {
    const text = this.#open + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
    if (this.#encoding === 'cp437') return decodeCp437(text)
    const cut = OPEN.exec(text)?.index ?? text.length
    this.#open = text.slice(cut)
    return text.slice(0, cut).replace(UTF8, decodeCharacter)
  }
}

function decodeCp437(text: string): string {
  return text
    .replace(/[\u0080-\u00ff]/g, cp437)
    .replace(/[\u0010\u0011\u0018-\u001a]/g, (character) => CP437_ARROWS[character] ?? character)
}

function decodeCharacter(bytes: string): string {
  if (bytes.length === 1) return cp437(bytes)
  const [lead = 0, ...rest] = Buffer.from(bytes, 'latin1')
  const point = rest.reduce((value, byte) => value * 0x40 + (byte & 0x3f), lead & (0x7f >> bytes.length))
  const character = String.fromCodePoint(point)
  return WIDTHLESS.test(character) ? '' : character
}

function cp437(byte: string): string {
  return CP437.charAt(byte.charCodeAt(0) - 0x80)
}
