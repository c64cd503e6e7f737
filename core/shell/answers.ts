/** Reads the answers of `remote-functions.ts` out of what was heard on the line. Pure. */
import { isChecksumOf } from './checksum.ts'
import { LONGEST_OUTPUT } from './remote-functions.ts'

/** How a question was taken: the command runs, or the words arrived with another length. */
export function readBeginning(heard: string, name: string): 'begun' | 'refused' | undefined {
  if (heard.includes(`@${name}<`) || heard.includes(`@${name}=`)) return 'begun'
  return heard.includes(`@${name}?`) ? 'refused' : undefined
}

/** Whether the command has ended, even when the line garbled how. */
export function hasEnded(heard: string, name: string): true | undefined {
  return header(heard, name) !== undefined || heard.includes(`@${name}>`) ? true : undefined
}

/** The whole answer is here, whatever state it is in. */
export function isComplete(heard: string, name: string): true | undefined {
  return heard.includes(`@${name}>`) ? true : undefined
}

export interface Answer {
  readonly exitCode: number
  readonly output: string
}

/** A plain answer; undefined when its length shows that something came in between, or was lost. */
export function readPlain(heard: string, name: string): Answer | 'too-long' | undefined {
  const head = header(heard, name)
  if (head === undefined) return undefined
  if (head.length > LONGEST_OUTPUT) return 'too-long'
  const output = heard.slice(head.end, heard.lastIndexOf(`\n@${name}>`))
  return Buffer.byteLength(output) === head.length ? { exitCode: head.exitCode, output } : undefined
}

/** An answer in base64; undefined unless its checksum is right. */
export function readEncoded(heard: string, name: string): Answer | undefined {
  const head = header(heard, name)
  if (head === undefined) return undefined
  const bytes = readSummed(heard.slice(head.end, heard.lastIndexOf(`@${name}>`)))
  if (bytes === undefined || bytes.length !== head.length) return undefined
  return { exitCode: head.exitCode, output: Buffer.from(bytes).toString('utf8') }
}

/** Base64 lines and the checksum of what they mean; other lines are not ours. Undefined unless it is right. */
export function readSummed(text: string): Uint8Array | undefined {
  const lines = text.split('\n').map((line) => line.trim())
  const sum = lines.find((line) => /^(?:[0-9a-f]{64}\s+-|\d+ \d+)$/.test(line))
  const encoded = lines.filter((line) => /^[A-Za-z0-9+/]+={0,2}$/.test(line)).join('')
  const bytes = Buffer.from(encoded, 'base64')
  return sum !== undefined && isChecksumOf(sum, bytes) ? bytes : undefined
}

function header(heard: string, name: string): { exitCode: number; length: number; end: number } | undefined {
  const found = new RegExp(`@${name}=(?<code>\\d+) (?<length>\\d+)\\n`).exec(heard)
  const { code, length } = found?.groups ?? {}
  if (found === null || code === undefined) return undefined
  return { exitCode: Number(code), length: Number(length), end: found.index + found[0].length }
}
