/**
 * Words for a shell, so that it reads exactly them and the line carries printable
 * ASCII only: a control character would act as a key on the way.
 */

/** For bash. */
export function quote(word: string): string {
  if (isPlain(word)) return word
  if (isPrintable(word)) return quotePosix(word)
  const escaped = Array.from(Buffer.from(word, 'utf8'), escapeByte).join('')
  return `$'${escaped}'`
}

/** For any sh; of a word that is not printable ASCII only `posixCommand` can make one. */
export function quotePosix(word: string): string {
  return isPlain(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * A line for any POSIX sh. Words with other characters are first put into variables, with a dot behind them that
 * keeps a newline at the end.
 */
export function posixCommand(words: readonly string[]): string {
  const assigned: string[] = []
  const typed = words.map((word) => {
    if (isPrintable(word)) return quotePosix(word)
    assigned.push(`w${assigned.length}=$(printf %b ${quotePosix(`${escapeForPrintf(Buffer.from(word))}.`)});`)
    return `"\${w${assigned.length - 1}%.}"`
  })
  return `${assigned.join('')}${typed.join(' ')}`
}

/** As printf's `%b` reads it. */
export function escapeForPrintf(bytes: Uint8Array): string {
  const octal = (byte: number) => `\\0${byte.toString(8).padStart(3, '0')}`
  return Array.from(bytes, (byte) =>
    isPrintableByte(byte) && byte !== 0x5c ? String.fromCharCode(byte) : octal(byte),
  ).join('')
}

function isPlain(word: string): boolean {
  return /^[\w./:=@%+,-]+$/.test(word)
}

/** A serial line carries it as it is. */
export function isPrintable(word: string): boolean {
  return /^[ -~]*$/.test(word)
}

/** A serial line carries it as it is. */
export function isPrintableByte(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (character === "'" || character === '\\') return `\\${character}`
  // Three digits always: `\1` followed by the character 2 would be read as `\12`.
  return isPrintableByte(byte) ? character : `\\${byte.toString(8).padStart(3, '0')}`
}
