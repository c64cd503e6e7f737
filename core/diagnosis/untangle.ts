/**
 * The kernel writes into the middle of what others write. Its messages are taken out,
 * and what they stood in is put together again: `[FAI[   12.3] usb: …` and `LED] Failed`.
 */
import { prefixLength, UPTIME } from './prefix.ts'
import type { Row } from './rows.ts'

const INSIDE = /\[ *\d{1,7}\.\d{6}\](?:\[ *[TC]\d+\])? /g
/** After so many messages of the kernel nobody goes on with a line. */
const MOST_BETWEEN = 12
/** How a line begins that is not the rest of another. */
const BEGINNING = /^(?:\[|\s{3}|\s*$|<\d|[\w@./-]+\[\d+\]:)/

export function untangle(rows: readonly Row[]): Row[] {
  const lines: Row[] = []
  /** Where the beginning of a line stands that the kernel cut off. */
  let open: number | undefined
  for (const row of rows) {
    const [first = '', ...messages] = cutAtMessages(row.text)
    if (open !== undefined && lines.length - open > MOST_BETWEEN) open = undefined
    const ofKernel = UPTIME.test(first)
    const head = open === undefined ? undefined : lines[open]
    if (head !== undefined && open !== undefined && !ofKernel && first !== '' && !BEGINNING.test(first)) {
      lines[open] = { number: head.number, text: head.text + first }
      if (messages.length === 0) open = undefined
    } else if (first !== '') {
      lines.push({ number: row.number, text: first })
      if (!ofKernel) open = messages.length > 0 ? lines.length - 1 : undefined
    }
    for (const text of messages) lines.push({ number: row.number, text })
  }
  return lines
}

/** A row before each message of the kernel in it, and the messages. */
function cutAtMessages(text: string): string[] {
  if (!text.includes('[', 1)) return [text]
  const from = prefixLength(text)
  const cuts = [...text.matchAll(INSIDE)].flatMap(({ index }) => (index > from ? [index] : []))
  return [0, ...cuts].map((cut, at) => text.slice(cut, cuts[at]))
}
