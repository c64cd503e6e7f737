/**
 * Moves about in GRUB's editor, each step checked on the screen before the next.
 * Single bytes only: Enter would split a line, Tab would complete, and a sequence
 * that arrives split would throw the edits away.
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { GrubEditor } from '../machine/grub-editor.ts'
import { recognise } from '../machine/recognise.ts'
import { EditNotShown } from './failures.ts'
import { answered, insist, settled } from './insist.ts'
import { paceOf } from './pace.ts'

/** A move down that shows nothing so often was at the end of the entry. */
const PRESSES = 8

/** What is on the screen, if it is the editor, drawn to its end. */
export function editorIn(view: ScreenView): GrubEditor | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-editor' ? state.editor : undefined
}

/** Also while it is being drawn, or when a part of it got lost on the way. */
export function isInEditor(view: ScreenView): boolean {
  return (
    editorIn(view) !== undefined || (/\bGRUB +version\b/.test(view.text) && recognise(view).state.kind === 'unknown')
  )
}

/**
 * Goes down to the next line, from the cursor's on, that `matches`. Undefined when the entry ends before one does. All
 * lines that come into view are shown to `matches`, those that a key too many has passed as well.
 * Throws `EditNotShown` when a key that came late, or twice, has changed the entry meanwhile.
 */
export async function goDownTo(
  console: Console,
  matches: (line: string) => boolean,
  from: 'this line' | 'the next line',
  signal: AbortSignal,
): Promise<GrubEditor | undefined> {
  // A move down keeps the column, and the middle of a long line below would scroll its start away.
  let editor = from === 'this line' ? await present(console, signal) : await goToStart(console, signal)
  let passed = from === 'the next line' ? 1 : 0
  for (;;) {
    const { lines, current, moreBelow } = editor
    const found = lines.findIndex((line, index) => matches(line.text) && index >= current + passed)
    if (found === current) return editor
    if (found === -1 && !moreBelow) return undefined
    const last = lines.length - 1
    const below = found === -1 ? (current < last ? last : last + 1) : found
    const moved = await goDown(console, editor, below, signal)
    if (moved === undefined) return undefined
    if (!moved.moreAbove) demandUnchanged(console, editor, moved)
    editor = moved
    passed = 0
  }
}

/** The key that opened the editor types an `e` into it when it comes twice, before all that was sent after it. */
function demandUnchanged(console: Console, before: GrubEditor, now: GrubEditor): void {
  const expected = textOf(before)
  if (textOf(now) !== expected) throw new EditNotShown(expected, console.view().text)
}

function textOf({ lines }: GrubEditor): string {
  return lines.map(({ text }) => text).join('\n')
}

/** Goes down towards the line of that index on the screen, or just below it. Undefined when the cursor does not move. */
async function goDown(
  console: Console,
  editor: GrubEditor,
  index: number,
  signal: AbortSignal,
): Promise<GrubEditor | undefined> {
  const steps = Math.min(index - editor.current, paceOf(console.view()).moves)
  const target = editor.lines[editor.current + steps]
  const before = JSON.stringify(editor)
  const arrived = (view: ScreenView) => {
    const now = editorIn(view)
    if (now === undefined) return undefined
    const there = target === undefined ? JSON.stringify(now) !== before : now.lines[now.current]?.first === target.first
    return there ? now : undefined
  }
  for (let presses = 0; presses < PRESSES; presses += 1) {
    await console.type(keys.nextLine.repeat(steps), signal)
    const there = await answered(console, 'cursor-moved', arrived, signal)
    if (there !== undefined) return there
    const elsewhere = await present(console, signal)
    if (JSON.stringify(elsewhere) !== before) return elsewhere
  }
  return undefined
}

/** The editor; drawn again when it can not be read, for GRUB drops what a slow line does not take in time. */
export async function present(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  const what = 'grub-editor'
  const shown = await answered(console, what, editorIn, signal)
  if (shown !== undefined) return shown
  if (isInEditor(console.view())) await console.type(keys.redraw, signal)
  return await settled(console, what, editorIn, signal)
}

export async function goToStart(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  const look = (view: ScreenView) => atStart(editorIn(view))
  return await insist(console, keys.startOfLine, 'line-start', look, isEditor, signal)
}

export async function goToEnd(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  const look = (view: ScreenView) => atEnd(editorIn(view))
  return await insist(console, keys.endOfLine, 'line-end', look, isEditor, signal)
}

function isEditor(view: ScreenView): boolean {
  return editorIn(view) !== undefined
}

function atStart(editor: GrubEditor | undefined): GrubEditor | undefined {
  return editor !== undefined && editor.cursor.row === 0 && editor.cursor.column === 0 ? editor : undefined
}

function atEnd(editor: GrubEditor | undefined): GrubEditor | undefined {
  const line = editor?.lines[editor.current]
  if (editor === undefined || line === undefined || line.cutBelow) return undefined
  return offsetIn(editor) >= line.text.length ? editor : undefined
}

/** How far the cursor is from the start of its line's first visible row. */
export function offsetIn({ cursor, width }: GrubEditor): number {
  return cursor.row * width + cursor.column
}
