/**
 * The ways in which a machine can put any bytes into lines of plain letters, by the tool that it has, and back.
 * `shell` needs none: bash reads byte by byte, another sh line by line.
 */
export const ENCODERS = ['base64', 'hexdump', 'xxd', 'od', 'shell'] as const
export type Encoder = (typeof ENCODERS)[number]

interface Encoding {
  /** Characters of each line but the last. */
  readonly width: number
  readonly bytesPerLine: number
  /** The body of the shell function `_E`: standard input to lines. */
  readonly script: string
}

/** Its last line is filled up with blanks. */
const HEXDUMP = `hexdump -v -e '32/1 "%02x" "\\n"'|while read -r l;do echo "$l";done`
const OD = 'od -An -v -tx1|while IFS=" " read -r l;do IFS=" ";set -- $l;IFS=;[ $# = 0 ]||printf "%s\\n" "$*";done'

/** Byte by byte, since bash's read stops at a NUL and says so by an empty variable. */
const BASH =
  'i=0;while IFS= read -r -d "" -n 1 a;do if [ "$a" ];then printf %02x "\'$a";else printf 00;fi;i=$((i+1));[ $((i%32)) != 0 ]||echo;done;[ $((i%32)) = 0 ]||echo'

/** Line by line: another sh cannot read a NUL, and leaves it out. */
const SH = [
  'i=0;q=;while [ ! "$q" ];do IFS= read -r l||q=1',
  `while [ "$l" ];do t=\${l#?};printf %02x "'\${l%"$t"}";l=$t;_i;done;[ "$q" ]||{ printf 0a;_i;};done;[ $i = 0 ]||echo`,
].join(';')

const ENCODINGS: Readonly<Record<Encoder, Encoding>> = {
  base64: { width: 76, bytesPerLine: 57, script: 'base64' },
  hexdump: { width: 64, bytesPerLine: 32, script: HEXDUMP },
  xxd: { width: 60, bytesPerLine: 30, script: 'xxd -p' },
  od: { width: 32, bytesPerLine: 16, script: OD },
  shell: { width: 64, bytesPerLine: 32, script: SH },
}

export function encodingOf({ encoder, isBash }: Readonly<{ encoder: Encoder; isBash: boolean }>): Encoding {
  return encoder === 'shell' && isBash ? { ...ENCODINGS.shell, script: BASH } : ENCODINGS[encoder]
}

/** What `text`, lines of an encoder, means. */
export function decodeLines(encoder: Encoder, text: string): Uint8Array {
  return Buffer.from(text.replaceAll('\n', ''), encoder === 'base64' ? 'base64' : 'hex')
}
