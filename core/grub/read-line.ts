/**
 * Reads the cursor's whole line in GRUB's editor, also one that is higher than
 * the box: only the cursor makes the box scroll inside a line.
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { GrubEditor } from '../machine/grub-editor.ts'
import { editorIn, goToEnd, goToStart, offsetIn } from './editor.ts'
import { ANSWER_MS } from './insist.ts'
import { paceOf } from './pace.ts'

/** A silence after which a few moves are done, where tabs hide how far they lead: each takes 2 ms at 115200 baud. */
const MOVES_QUIET_MS = 100

/** Puts the cursor behind the last character of its line and returns the whole line, trailing blanks included. */
export async function readLine(console: Console, signal: AbortSignal): Promise<string> {
  const editor = await goToEnd(console, signal)
  const line = editor.lines[editor.current]
  if (line !== undefined && !line.cutAbove) return line.text.padEnd(offsetIn(editor))
  const rows = await readRows(console, signal)
  const end = await goToEnd(console, signal)
  const above = rows.slice(0, -1).map((row) => row.padEnd(end.width))
  return above.join('') + (rows.at(-1) ?? '').padEnd(end.cursor.column)
}

/**
 * The rows of a line that is higher than the box: from its start, one cursor step after the other, for only the
 * cursor makes the box scroll inside a line.
 */
async function readRows(console: Console, signal: AbortSignal): Promise<string[]> {
  let editor = await goToStart(console, signal)
  const rows = visibleRows(editor)
  if (!editor.lines[editor.current]?.cutBelow) return rows
  let offset = await leaveFirstRow(console, editor, signal)
  const { moves, quietMs } = paceOf(console.view())
  while (editor.lines[editor.current]?.cutBelow) {
    await console.type(keys.forward.repeat(moves), signal)
    offset += moves
    const { width, height } = editor
    const row = Math.min(Math.floor(offset / width), height - 1)
    const there = (now: GrubEditor | undefined) =>
      now?.cursor.column === offset % width && now.cursor.row === row ? now : undefined
    // Only where the box scrolls is there something new to be drawn to its end.
    const scrolls = Math.floor(offset / width) >= rows.length
    const options = { quietMs: scrolls ? quietMs : 0 }
    const what = 'cursor-moved'
    editor = await console.until(what, (view) => there(editorIn(view)), ANSWER_MS, signal, options)
    const bottom = visibleRows(editor).at(-1)
    if (bottom !== undefined && scrolls) rows.push(bottom)
  }
  return rows
}

function visibleRows({ lines, current, width }: GrubEditor): string[] {
  const line = lines[current]
  if (line === undefined) return []
  return Array.from({ length: line.last - line.first + 1 }, (_, row) => line.text.slice(row * width, (row + 1) * width))
}

/** Moves to the second row; tabs, which are one step and eight columns, stand in the first one only. */
async function leaveFirstRow(console: Console, editor: GrubEditor, signal: AbortSignal): Promise<number> {
  const { moves } = paceOf(console.view())
  let now = editor
  while (now.cursor.row === 0) {
    const before = now.cursor.column
    await console.type(keys.forward.repeat(moves), signal)
    const moved = (view: ScreenView) => {
      const seen = editorIn(view)
      return seen !== undefined && (seen.cursor.row > 0 || seen.cursor.column > before) ? seen : undefined
    }
    now = await console.until('cursor-moved', moved, ANSWER_MS, signal, { quietMs: MOVES_QUIET_MS })
  }
  return offsetIn(now)
}
