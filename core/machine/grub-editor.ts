/**
 * Reads GRUB's editor off the screen. It breaks lines at a column, not at words,
 * and marks each break with a backslash outside the text, so that rows can be
 * joined again without doubt. (grub-core/normal/menu_entry.c)
 */
import type { ScreenView } from '../console/screen-view.ts'
import { boxRow, type GrubBox } from './grub-box.ts'

export interface GrubEditor {
  /** The lines of the entry as far as the box shows them. */
  readonly lines: readonly EditorLine[]
  /** Index in `lines` of the line the cursor is on. */
  readonly current: number
  /** Where the cursor is in that line: the row from the line's first visible row, the column from the box's first. */
  readonly cursor: { readonly row: number; readonly column: number }
  readonly moreAbove: boolean
  readonly moreBelow: boolean
  /** Columns of a row. */
  readonly width: number
  /** Rows of the box. */
  readonly height: number
}

export interface EditorLine {
  /** The visible part, tabs as the eight columns GRUB shows; trailing blanks cannot be seen. */
  readonly text: string
  /** Its rows in the box, from 0; `last` is included. */
  readonly first: number
  readonly last: number
  /** The line may have begun above the box: what is visible may be its end only. */
  readonly cutAbove: boolean
  /** The line goes on below the box. */
  readonly cutBelow: boolean
}

/**
 * The editor in `box`, or undefined when there is none or GRUB is still drawing it: its serial terminal hides the
 * cursor meanwhile; on a firmware's console only silence says so, and the help must be the editor's, for a menu that is
 * half drawn shows no highlight either.
 */
export function readEditor(view: ScreenView, box: GrubBox): GrubEditor | undefined {
  const { cursor } = view
  const inside = cursor.row >= box.first && cursor.row <= box.last
  const within = cursor.column >= box.left && cursor.column <= box.left + box.width
  if (!cursor.visible || !inside || !within) return undefined
  if (view.highlighted.slice(box.first, box.last + 1).includes(true)) return undefined
  if (!view.showsDrawingEnd && !EDITOR_HELP.test(box.below.join(' '))) return undefined
  const lines = readLines(view, box)
  if (lines.every(({ text }) => text === '')) return undefined
  const cursorRow = cursor.row - box.first
  const current = lines.findIndex((line) => line.first <= cursorRow && cursorRow <= line.last)
  const line = lines[current]
  if (line === undefined) return undefined
  return {
    lines,
    current,
    cursor: { row: cursorRow - line.first, column: cursor.column - box.left },
    moreAbove: box.moreAbove,
    moreBelow: box.moreBelow,
    width: box.width,
    height: box.last - box.first + 1,
  }
}

/** The key that boots: no translation of the help has another name for it. */
const EDITOR_HELP = /\bF10\b/

/**
 * Whether the screen agrees with the cursor's line being exactly `line`, and the cursor standing before its column
 * `offset`, as far as the box shows that line. Trailing blanks are proved by the cursor alone.
 */
export function showsLine(editor: GrubEditor, line: string, offset: number): boolean {
  const { width, cursor } = editor
  const shown = editor.lines[editor.current]
  if (shown === undefined) return false
  const row = rowOf(line, offset, width)
  if (cursor.column !== offset - row * width) return false
  const rowsAbove = row - cursor.row
  if (rowsAbove < 0 || (rowsAbove > 0 && !shown.cutAbove)) return false
  const end = (rowsAbove + shown.last - shown.first + 1) * width
  return shown.cutBelow === line.length > end && line.slice(rowsAbove * width, end).trimEnd() === shown.text
}

/** The row of a line that the cursor stands in: at the end of a full last row it stays in that row, behind the text. */
function rowOf(line: string, offset: number, width: number): number {
  const full = offset > 0 && offset === line.length && offset % width === 0
  return Math.floor(offset / width) - (full ? 1 : 0)
}

function readLines(view: ScreenView, box: GrubBox): EditorLine[] {
  const lines: EditorLine[] = []
  let first = 0
  let text = ''
  const height = box.last - box.first + 1
  for (let row = 0; row < height; row += 1) {
    const content = boxRow(view, box, box.first + row)
    text += content.text
    const goesOn = content.mark !== ' '
    if (goesOn && row < height - 1) continue
    lines.push({ text: text.trimEnd(), first, last: row, cutAbove: first === 0 && box.moreAbove, cutBelow: goesOn })
    first = row + 1
    text = ''
  }
  return lines
}
