/**
 * Rows that a terminal wrapped, to the lines they were. A capture has no marks for
 * that, so rows are joined only where the whole log shows that it was cut at a column.
 */
import { prefixLength, UPTIME } from './prefix.ts'
import type { Row } from './rows.ts'

/** The width of nearly every terminal: one row of exactly that many characters is enough to believe in it. */
const USUAL_WIDTH = 80
const LEAST_WIDTH = 60
const MOST_WIDTH = 250
/** Of another width it takes so many. */
const ENOUGH_ROWS = 3
/** A line of more rows than this is noise. */
const MOST_ROWS = 24
/** How messages begin. What begins so is not the rest of another. */
const BEGINNING =
  /^(?:\[|<\d|\s*$|\s{3}|\*\*|Linux version|error: |Booting |Loading |Welcome to |[\w.@-]+ login:|[\w@./-]+\[\d+\]:|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d)/

/** GRUB breaks its own messages at words, whatever stands around them; they end with a full stop. */
const GRUB_ERROR_CUT = /^error: (?:.*[^.\s])$/

export function joinRows(rows: readonly Row[]): Row[] {
  const width = foldWidth(rows)
  return joinGrubErrors(width === undefined ? rows : joinAt(width, rows))
}

function joinAt(width: number, rows: readonly Row[]): Row[] {
  const lines: Row[] = []
  let open = 0
  for (const row of rows) {
    const last = lines.at(-1)
    if (last !== undefined && open > 0 && open < MOST_ROWS && !begins(row.text)) {
      lines[lines.length - 1] = { number: last.number, text: last.text + row.text }
      open = row.text.length === width ? open + 1 : 0
    } else {
      lines.push(row)
      open = row.text.length === width ? 1 : 0
    }
  }
  return lines
}

function joinGrubErrors(rows: readonly Row[]): Row[] {
  const lines: Row[] = []
  for (const row of rows) {
    const last = lines.at(-1)
    const [word = ''] = row.text.trimStart().split(' ', 1)
    // A row is cut only where the next word had no place in it.
    const isCut =
      last !== undefined && GRUB_ERROR_CUT.test(last.text) && last.text.length + word.length >= USUAL_WIDTH - 2
    if (!isCut || begins(row.text) || row.text.startsWith('Press ')) lines.push(row)
    else {
      const gap = last.text.length >= USUAL_WIDTH - 1 ? '' : ' '
      lines[lines.length - 1] = { number: last.number, text: last.text + gap + row.text.trimStart() }
    }
  }
  return lines
}

/** The column at which this log was cut; undefined where nothing shows that it was. */
function foldWidth(rows: readonly Row[]): number | undefined {
  const width = rows.reduce((most, { text }) => Math.max(most, text.length), 0)
  if (width < LEAST_WIDTH || width > MOST_WIDTH) return undefined
  const full = rows.flatMap(({ text }, at) => (text.length === width ? [at] : []))
  const goOn = full.filter((at) => {
    const next = rows[at + 1]?.text
    return next !== undefined && !begins(next)
  })
  const enough = width === USUAL_WIDTH ? 1 : ENOUGH_ROWS
  return goOn.length >= enough && goOn.length * 2 > full.length ? width : undefined
}

function begins(text: string): boolean {
  return BEGINNING.test(text) || prefixLength(text) > 0 || UPTIME.test(text)
}
