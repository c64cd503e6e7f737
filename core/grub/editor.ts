/**
 * Moves, types and reads in GRUB's editor, each step checked on the screen before
 * the next. Single bytes only: Enter would split a line, Tab would complete, and
 * a sequence that arrives split would throw the edits away.
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { type GrubEditor, showsLine } from '../machine/grub-editor.ts'
import { recognise } from '../machine/recognise.ts'
import { wantedOrStuck } from '../machine/watch.ts'
import { appears } from './appears.ts'
import { EditNotShown } from './failures.ts'

/** A key redraws a long line in 53 ms at 115200 baud and in 640 ms at 9600; eight keys are sent at once. */
const ANSWER_MS = 6000
/** A move down that shows nothing after so long was lost, or is at the end of the entry. */
const MOVE_MS = 1500
/**
 * A key that shows nothing after so long was lost: UEFI's firmware takes 2 to 5 of 100 from GRUB's own serial driver, on
 * a busy machine one of three. Eight in a row are not lost by chance.
 */
const LOST_MS = 1000
const PRESSES = 8
/** Keys that only move the cursor; a real port buffers 16 while GRUB is busy. */
const MOVES_AT_ONCE = 15
/** A silence after which a few moves are done, where tabs hide how far they lead: each takes 2 ms at 115200 baud. */
const MOVES_QUIET_MS = 100

/** What is on the screen, if it is the editor, drawn to its end. */
export function editorIn(view: ScreenView): GrubEditor | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-editor' ? state.editor : undefined
}

/** Opens the highlighted entry of the menu. Throws `Stuck` (`grub-password`) when GRUB asks who we are. */
export async function openEditor(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  const look = (view: ScreenView) => wantedOrStuck(view, ['grub-editor'], 'GRUB’s editor')?.state.editor
  const inMenu = (view: ScreenView) => recognise(view).state.kind === 'grub-menu'
  return await insist(console, keys.edit, 'GRUB’s editor', look, inMenu, signal)
}

/**
 * Presses a key until `look` finds its effect: again only while the screen is still as it was `before`, where a second
 * press does no harm when the first one was only slow.
 */
export async function insist<T>(
  console: Console,
  key: string,
  what: string,
  look: (view: ScreenView) => T | undefined,
  before: (view: ScreenView) => boolean,
  signal: AbortSignal,
): Promise<T> {
  for (let presses = 1; ; presses += 1) {
    await console.type(key, signal)
    const found = await appears(console, what, look, LOST_MS, signal)
    if (found !== undefined) return found
    if (presses === PRESSES || !before(console.view())) return await console.until(what, look, ANSWER_MS, signal)
  }
}

/** Goes down to the next line, from the cursor's on, that `matches`. Undefined when the entry ends before one does. */
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
    const found = lines.findIndex((line, index) => index >= current + passed && matches(line.text))
    if (found === current) return editor
    if (found === -1 && !moreBelow) return undefined
    const last = lines.length - 1
    const below = found === -1 ? (current < last ? last : last + 1) : found
    const moved = await goDown(console, editor, below, signal)
    if (moved === undefined) return undefined
    editor = moved
    passed = 0
  }
}

/** Goes down to the line of that index on the screen, or just below it. Undefined when the cursor does not move. */
async function goDown(
  console: Console,
  editor: GrubEditor,
  index: number,
  signal: AbortSignal,
): Promise<GrubEditor | undefined> {
  const target = editor.lines[index]
  const before = JSON.stringify(editor)
  const arrived = (view: ScreenView) => {
    const now = editorIn(view)
    if (now === undefined) return undefined
    const there = target === undefined ? JSON.stringify(now) !== before : now.lines[now.current]?.first === target.first
    return there ? now : undefined
  }
  for (let presses = 0; presses < PRESSES; presses += 1) {
    await console.type(keys.nextLine.repeat(index - editor.current), signal)
    const there = await appears(console, 'the cursor to move down', arrived, MOVE_MS, signal)
    if (there !== undefined) return there
    const elsewhere = await present(console, signal)
    if (JSON.stringify(elsewhere) !== before) return elsewhere
  }
  return undefined
}

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

/** Takes the cursor back from the end of its line, which reads `line`, to the column `offset`. */
export async function goBackTo(console: Console, line: string, offset: number, signal: AbortSignal): Promise<void> {
  for (let at = line.length; at > offset; ) {
    const steps = Math.min(at - offset, MOVES_AT_ONCE)
    at -= steps
    await press(console, keys.back.repeat(steps), line, at, signal)
  }
}

/**
 * Types `text` before the column `at` of the cursor's line, which reads `line`; `size` characters at a time, each
 * time compared with the screen. Throws `EditNotShown`.
 */
export async function typeInto(
  console: Console,
  line: string,
  at: number,
  text: string,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  for (let typed = 0; typed < text.length; ) {
    const chunk = text.slice(typed, typed + size)
    const shown = { line: withTyped(line, at, text, typed), offset: at + typed }
    typed += chunk.length
    await press(console, chunk, withTyped(line, at, text, typed), at + typed, signal, size === 1 ? shown : undefined)
  }
}

function withTyped(line: string, at: number, text: string, typed: number): string {
  return line.slice(0, at) + text.slice(0, typed) + line.slice(at)
}

/**
 * Sends keys after which the cursor's line must read `line`, with the cursor before its column `offset`. A single key
 * is sent again while the line still reads as it did `before` it. Throws `EditNotShown`.
 */
async function press(
  console: Console,
  typed: string,
  line: string,
  offset: number,
  signal: AbortSignal,
  before?: { readonly line: string; readonly offset: number },
): Promise<void> {
  const shows = (wanted: string, at: number) => (view: ScreenView) => {
    const editor = editorIn(view)
    return editor !== undefined && showsLine(editor, wanted, at) ? true : undefined
  }
  const wasLost = (view: ScreenView) => before !== undefined && shows(before.line, before.offset)(view) === true
  const what = 'GRUB’s editor to show what was typed'
  try {
    await insist(console, typed, what, shows(line, offset), wasLost, signal)
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared)) throw thrown
    throw new EditNotShown(line, thrown.screen, { cause: thrown })
  }
}

async function present(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  return await console.until('GRUB’s editor', editorIn, ANSWER_MS, signal)
}

async function goToEnd(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  const look = (view: ScreenView) => atEnd(editorIn(view))
  return await insist(console, keys.endOfLine, 'the end of the line', look, isEditor, signal)
}

function isEditor(view: ScreenView): boolean {
  return editorIn(view) !== undefined
}

function atEnd(editor: GrubEditor | undefined): GrubEditor | undefined {
  const line = editor?.lines[editor.current]
  if (editor === undefined || line === undefined || line.cutBelow) return undefined
  return offsetIn(editor) >= line.text.length ? editor : undefined
}

function offsetIn({ cursor, width }: GrubEditor): number {
  return cursor.row * width + cursor.column
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
  while (editor.lines[editor.current]?.cutBelow) {
    await console.type(keys.forward.repeat(MOVES_AT_ONCE), signal)
    offset += MOVES_AT_ONCE
    const { width, height } = editor
    const row = Math.min(Math.floor(offset / width), height - 1)
    const there = (now: GrubEditor | undefined) =>
      now?.cursor.column === offset % width && now.cursor.row === row ? now : undefined
    editor = await console.until('the cursor to move on', (view) => there(editorIn(view)), ANSWER_MS, signal)
    const bottom = visibleRows(editor).at(-1)
    if (bottom !== undefined && Math.floor(offset / width) >= rows.length) rows.push(bottom)
  }
  return rows
}

async function goToStart(console: Console, signal: AbortSignal): Promise<GrubEditor> {
  const look = (view: ScreenView) => atStart(editorIn(view))
  return await insist(console, keys.startOfLine, 'the start of the line', look, isEditor, signal)
}

function atStart(editor: GrubEditor | undefined): GrubEditor | undefined {
  return editor !== undefined && editor.cursor.row === 0 && editor.cursor.column === 0 ? editor : undefined
}

function visibleRows({ lines, current, width }: GrubEditor): string[] {
  const line = lines[current]
  if (line === undefined) return []
  return Array.from({ length: line.last - line.first + 1 }, (_, row) => line.text.slice(row * width, (row + 1) * width))
}

/** Moves to the second row; tabs, which are one step and eight columns, stand in the first one only. */
async function leaveFirstRow(console: Console, editor: GrubEditor, signal: AbortSignal): Promise<number> {
  let now = editor
  while (now.cursor.row === 0) {
    const before = now.cursor.column
    await console.type(keys.forward.repeat(MOVES_AT_ONCE), signal)
    const moved = (view: ScreenView) => {
      const seen = editorIn(view)
      return seen !== undefined && (seen.cursor.row > 0 || seen.cursor.column > before) ? seen : undefined
    }
    now = await console.until('the cursor to move on', moved, ANSWER_MS, signal, { quietMs: MOVES_QUIET_MS })
  }
  return offsetIn(now)
}
