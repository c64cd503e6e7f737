/**
 * What a person would see at one moment, as a value: drivers and recognisers
 * look at this and at nothing else.
 */
export interface ScreenView {
  readonly columns: number
  /** The rows of the screen from the top, without trailing blanks. */
  readonly rows: readonly string[]
  /** The rows with those joined that one long line was wrapped over: what the machine wrote as one line. */
  readonly lines: readonly ScreenLine[]
  /** Rows that have inverse (SGR 7) cells: GRUB's highlight. */
  readonly inverse: readonly boolean[]
  /** Zero-based; `column` equals `columns` when the next character would wrap. */
  readonly cursor: { readonly row: number; readonly column: number; readonly visible: boolean }
  /** The whole line the cursor is on. */
  readonly cursorLine: string
  /** The cursor's line up to the cursor, trailing spaces included: where prompts end. */
  readonly beforeCursor: string
  /** All rows down to the last that is not blank. */
  readonly text: string
  /** The last characters that came, control sequences included: how GRUB takes a port is seen nowhere else. */
  readonly tail: string
  /** Grows with every piece that was fed: two views with the same number are the same. */
  readonly revision: number
}

export interface ScreenLine {
  readonly text: string
  /** The rows it stands on. */
  readonly first: number
  readonly last: number
}

/** A row as the terminal holds it. */
export interface RawRow {
  /** As wide as the screen, blanks included. */
  readonly text: string
  /** Whether it goes on a line that began above. */
  readonly wrapped: boolean
  readonly inverse: boolean
}

export function viewOf(
  raw: readonly RawRow[],
  terminal: Pick<ScreenView, 'columns' | 'cursor' | 'tail' | 'revision'>,
): ScreenView {
  const rows = raw.map((row) => row.text.trimEnd())
  const spans = lineSpans(raw)
  const lines = spans.map(({ first, last }) => ({ text: joined(raw, first, last).trimEnd(), first, last }))
  const { cursor } = terminal
  const under = spans.find(({ first, last }) => first <= cursor.row && cursor.row <= last)
  const start = under?.first ?? cursor.row
  const before = joined(raw, start, cursor.row - 1) + (raw[cursor.row]?.text ?? '').slice(0, cursor.column)
  return {
    ...terminal,
    rows,
    lines,
    inverse: raw.map((row) => row.inverse),
    cursorLine: joined(raw, start, under?.last ?? cursor.row).trimEnd(),
    beforeCursor: before,
    text: rows.join('\n').trimEnd(),
  }
}

function lineSpans(raw: readonly RawRow[]): Array<{ first: number; last: number }> {
  const spans: Array<{ first: number; last: number }> = []
  for (const [index, row] of raw.entries()) {
    const open = spans.at(-1)
    if (row.wrapped && open !== undefined) open.last = index
    else spans.push({ first: index, last: index })
  }
  return spans
}

function joined(raw: readonly RawRow[], first: number, last: number): string {
  return raw
    .slice(first, last + 1)
    .map((row) => row.text)
    .join('')
}
