/**
 * Types into the cursor's line in GRUB's editor: a few characters, a look at the
 * screen, and what went wrong is taken back before the next ones.
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { showsLine } from '../machine/grub-editor.ts'
import { editorIn, isInEditor, offsetIn } from './editor.ts'
import { EditNotShown } from './failures.ts'
import { ANSWER_MS, answered, BUSY_MS } from './insist.ts'
import { paceOf } from './pace.ts'

/** After so many failures of one piece, its characters come one by one. */
const FAILURES = 3
/** One by one eight in a row are not lost by chance. */
const SINGLE_FAILURES = 8
/** Keys that firmware draws one by one on a busy host may come with pauses; when none has for so long, none is under way. */
const LATE_MS = 500

/** Text to go into a line, before its column `at`. */
export interface Insertion {
  /** The line as it was. */
  readonly line: string
  readonly at: number
  readonly text: string
}

export interface TypingOptions {
  /** Characters at once: as many as the terminal takes, unless told otherwise. */
  readonly chunk?: number
}

/** Takes the cursor back from the end of its line, which reads `line`, to the column `offset`. */
export async function goBackTo(console: Console, line: string, offset: number, signal: AbortSignal): Promise<void> {
  for (let at = line.length; at > offset; ) {
    const steps = Math.min(at - offset, paceOf(console.view()).moves)
    await console.type(keys.back.repeat(steps), signal)
    at = await whereIn(console, line, at - steps, at, signal)
  }
}

/** Where the cursor is in `line`, when it was sent back from `from` to `to`: some keys may have been lost. */
async function whereIn(console: Console, line: string, to: number, from: number, signal: AbortSignal): Promise<number> {
  const what = 'cursor-moved'
  if ((await answered(console, what, shows(line, to), signal)) !== undefined) return to
  const between = Array.from({ length: from - to }, (_, index) => to + 1 + index)
  const found = between.find((offset) => shows(line, offset)(console.view()))
  if (found === undefined) throw new EditNotShown(line, console.view().text)
  return found
}

/**
 * Types `text` where the cursor is, each piece compared with the screen; what came wrong is erased back to the last
 * right character. Throws `EditNotShown`.
 */
export async function typeInto(
  console: Console,
  insertion: Insertion,
  { chunk }: TypingOptions,
  signal: AbortSignal,
): Promise<void> {
  const { text } = insertion
  let size = chunk ?? paceOf(console.view()).chunk
  for (let typed = 0, failures = 0; typed < text.length; ) {
    const piece = text.slice(typed, typed + size)
    await console.type(piece, signal)
    if (await showsTyped(console, insertion, typed + piece.length, signal)) {
      typed += piece.length
      failures = 0
      continue
    }
    failures += 1
    if (failures === FAILURES + SINGLE_FAILURES) throw notShown(console, insertion, typed + piece.length)
    if (failures === FAILURES) size = 1
    typed = await takeBack(console, insertion, typed, piece.length, signal)
  }
}

async function showsTyped(
  console: Console,
  insertion: Insertion,
  typed: number,
  signal: AbortSignal,
): Promise<boolean> {
  const look = shows(lineWith(insertion, typed), insertion.at + typed)
  return (await answered(console, 'typed-shown', look, signal)) !== undefined
}

/**
 * Erases what stands wrong behind the right beginning of the text. Returns how much of it is right: all of it, when it
 * only came late.
 */
async function takeBack(
  console: Console,
  insertion: Insertion,
  typed: number,
  sent: number,
  signal: AbortSignal,
): Promise<number> {
  const { at, text } = insertion
  const look = (view: ScreenView) => behindCursor(view, at, typed, sent)
  for (let tries = 0; tries < FAILURES; tries += 1) {
    const limitMs = tries === 0 ? BUSY_MS : ANSWER_MS
    const standing = await appears(console, 'grub-editor', look, limitMs, signal, { quietMs: LATE_MS })
    if (standing === undefined) {
      if (!isInEditor(console.view())) break
      // It came torn, and no other key says what stands there without adding to it.
      await console.type(keys.redraw, signal)
      continue
    }
    const right = commonStart(standing.text, text.slice(standing.from))
    const wrong = standing.text.length - right
    const kept = standing.from + right
    if (wrong > 0) await console.type(keys.erase.repeat(wrong), signal)
    else if (shows(lineWith(insertion, kept), at + kept)(console.view())) return kept
    else break
  }
  throw notShown(console, insertion, typed)
}

/**
 * What stands between the inserted text's column `from` and the cursor, as far as it can be seen, when `typed`
 * characters were right and up to `sent` more came. Rows above the box hide how far the cursor is from the line's
 * start, but not by how much it moved.
 */
function behindCursor(
  view: ScreenView,
  at: number,
  typed: number,
  sent: number,
): { readonly from: number; readonly text: string } | undefined {
  const editor = editorIn(view)
  const line = editor?.lines[editor.current]
  if (editor === undefined || line === undefined) return undefined
  const visible = offsetIn(editor)
  // A character may have come twice, or one that had been right may be gone.
  const nearest = at + typed - sent
  const rowsAbove = line.cutAbove ? Math.max(0, Math.ceil((nearest - visible) / editor.width)) : 0
  const offset = rowsAbove * editor.width + visible
  if (offset < at) return undefined
  const from = Math.max(at, rowsAbove * editor.width)
  return { from: from - at, text: line.text.padEnd(visible).slice(from - rowsAbove * editor.width, visible) }
}

function commonStart(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return length
}

function lineWith({ line, at, text }: Insertion, typed: number): string {
  return line.slice(0, at) + text.slice(0, typed) + line.slice(at)
}

function shows(line: string, offset: number): (view: ScreenView) => true | undefined {
  return (view) => {
    const editor = editorIn(view)
    return editor !== undefined && showsLine(editor, line, offset) ? true : undefined
  }
}

function notShown(console: Console, insertion: Insertion, typed: number): EditNotShown {
  return new EditNotShown(lineWith(insertion, typed), console.view().text)
}
