/**
 * Words for bash, so that it reads exactly them and the line carries printable
 * ASCII only: a control character would act as a key on the way.
 */
export function quote(word: string): string {
  if (/^[\w./:=@%+,-]+$/.test(word)) return word
  if (/^[ -~]+$/.test(word)) return `'${word.replaceAll("'", String.raw`'\''`)}'`
  const escaped = Array.from(Buffer.from(word, 'utf8'), escapeByte).join('')
  return `$'${escaped}'`
}

function escapeByte(byte: number): string {
  const character = String.fromCharCode(byte)
  if (character === "'" || character === '\\') return `\\${character}`
  // Three digits always: `\1` followed by the character 2 would be read as `\12`.
  return byte >= 0x20 && byte <= 0x7e ? character : `\\${byte.toString(8).padStart(3, '0')}`
}
