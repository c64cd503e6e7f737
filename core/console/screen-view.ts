/**
 * What a person would see at one moment, as a value: drivers and recognisers
 * look at this and at nothing else.
 */
import { type Firmware, showsDrawingEnd, type TerminalKind } from './terminal-class.ts'

export interface ScreenView {
  /** Who draws, as far as its way to clear and to move the cursor shows that. */
  readonly terminal: TerminalKind
  /** The firmware that has spoken on this line since the machine started anew: it may steal what GRUB's driver reads. */
  readonly firmware: Firmware | undefined
  /** Whether a visible cursor says that an editor is drawn to its end: firmware never hides it, so only silence says it. */
  readonly showsDrawingEnd: boolean
  readonly columns: number
  /** The rows of the screen from the top, without trailing blanks. */
  readonly rows: readonly string[]
  /** The rows with those joined that one long line was wrapped over: what the machine wrote as one line. */
  readonly lines: readonly ScreenLine[]
  /** Rows that have highlighted cells: inverse ones, or black on white, as firmware draws GRUB's highlight. */
  readonly highlighted: readonly boolean[]
  /** For each row, where it stands on a light ground, however that is asked for: GRUB's highlight, a firmware's forms. */
  readonly light: readonly (readonly Stretch[])[]
  /** Zero-based; `column` equals `columns` when the next character would wrap. */
  readonly cursor: { readonly row: number; readonly column: number; readonly visible: boolean }
  /** The whole line the cursor is on. */
  readonly cursorLine: string
  /** The cursor's line up to the cursor, trailing spaces included: where prompts end. */
  readonly beforeCursor: string
  /** All rows down to the last that is not blank. */
  readonly text: string
  /** The last bytes that came, as Latin-1, control sequences included: how GRUB takes a port is seen nowhere else. */
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

/** Columns of a row, `to` not among them. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** A row as the terminal holds it. */
export interface RawRow {
  /** Without the blanks at its end. */
  readonly text: string
  /** Those: both together are as wide as the screen. */
  readonly blanks: string
  /** Whether it goes on a line that began above. */
  readonly wrapped: boolean
  readonly light: readonly Stretch[]
}

export function viewOf(
  raw: readonly RawRow[],
  terminal: Pick<ScreenView, 'terminal' | 'firmware' | 'columns' | 'cursor' | 'tail' | 'revision'>,
): ScreenView {
  const rows = raw.map((row) => row.text)
  const spans = lineSpans(raw)
  const text = (first: number, last: number) =>
    first === last ? (rows[first] ?? '') : joined(raw, first, last).trimEnd()
  const lines = spans.map(({ first, last }) => ({ text: text(first, last), first, last }))
  const { cursor } = terminal
  const under = spans.find(({ first, last }) => first <= cursor.row && cursor.row <= last)
  const start = under?.first ?? cursor.row
  const before = joined(raw, start, cursor.row - 1) + joined(raw, cursor.row, cursor.row).slice(0, cursor.column)
  return {
    ...terminal,
    showsDrawingEnd: showsDrawingEnd(terminal.terminal),
    rows,
    lines,
    highlighted: raw.map((row) => row.light.length > 0),
    light: raw.map((row) => row.light),
    cursorLine: text(start, under?.last ?? cursor.row),
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
    .map((row) => row.text + row.blanks)
    .join('')
}
