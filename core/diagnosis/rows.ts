/** The rows of a log: what stands between two line ends, or between two jumps of the cursor, with its line number. */
import { piecesOf } from './plain.ts'

export interface Row {
  /** From 1, in the log as it was given. */
  readonly number: number
  readonly text: string
}

/** No line of a system is longer; what is, is noise, and looked at in parts. */
const LONGEST = 2048
/** systemd draws it again and again while it waits. */
const SPINNER = /^\[[ *]{6}\] (?:\(\d+ of \d+\) )?(?:A (?:start|stop) job is running for |Job )/

export function rowsOf(text: string): Row[] {
  const rows: Row[] = []
  // A capture may have nothing but carriage returns.
  const end = text.includes('\n') ? '\n' : '\r'
  let number = 0
  for (let from = 0; from <= text.length; ) {
    const found = text.indexOf(end, from)
    const to = found === -1 ? text.length : found
    number += 1
    for (let at = from; at < to || at === from; at += LONGEST)
      addRows(rows, number, text.slice(at, Math.min(to, at + LONGEST)))
    from = to + 1
  }
  return rows
}

function addRows(rows: Row[], number: number, stretch: string): void {
  for (const text of piecesOf(stretch)) {
    const last = rows.at(-1)
    // Of a spinner only how it looked last.
    if (last !== undefined && SPINNER.test(text) && SPINNER.test(last.text)) rows.pop()
    rows.push({ number, text })
  }
}
