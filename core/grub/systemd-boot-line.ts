/**
 * systemd-boot's one-line editor: moves, types and reads in it. The screen shows a window on the line; its cursor only
 * blinks, and not even that where the firmware's terminal is narrower than systemd-boot takes it for. So the line is
 * read by walking: at the window's edge each step moves the text by one, and what two windows share says by how many.
 * (src/boot/efi/line-edit.c: line_edit)
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { type FirmwareKey, firmwareKeys, keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { isOfSystemdBoot, type SystemdBootEditor } from '../machine/systemd-boot.ts'
import { EditNotShown } from './failures.ts'

/** The firmware's terminal buffers 255 bytes, 85 arrows; a walk is read after so many. */
const AT_ONCE = 24
const UNREAD_AT_ONCE = 48
/** Between two keys' drawings no silence is as long. The cursor blinks every 750 ms, so that none is much longer. */
const QUIET_MS = 150
const ANSWER_MS = 5000
const REDRAW_MS = 2500
/** A window that is torn so often is no accident. */
const MOST_REDRAWS = 5
/** systemd-boot adds room for 1,024 columns to what an entry has: no line takes more walks than that. */
const MOST_WALKS = 1000
/** So many walks at the edge without a change are no lost keys: the line ends here. */
const STILL = 2

export function systemdBootLineIn(view: ScreenView): SystemdBootEditor | undefined {
  const { state } = recognise(view)
  return state.kind === 'systemd-boot-editor' ? state.editor : undefined
}

/** What the window shows without its last column: where a narrower terminal has the line's end, its cursor blinks there. */
interface Window {
  readonly text: string
  readonly width: number
}

export interface OpenedLine {
  readonly line: string
  /** The column it is in. */
  readonly cursor: number
  /** Columns of the window. */
  readonly width: number
}

/**
 * The line of an editor that was just opened, and where its cursor then is. What ends before the window does is taken
 * for all of it without walking there: if it was not, that shows when the edit is read back.
 */
export async function readOpened(console: Console, signal: AbortSignal): Promise<OpenedLine> {
  const { text, width } = await readWindow(console, undefined, signal)
  if (text.endsWith('  ')) return { line: text.trimEnd(), cursor: 0, width }
  const line = await readToEnd(console, signal)
  return { line, cursor: line.length, width }
}

/**
 * The whole line, from its start, where the cursor is, to its end, where it then is; blanks at its end left out.
 * Throws `EditNotShown`.
 */
export async function readToEnd(console: Console, signal: AbortSignal): Promise<string> {
  const first = await readWindow(console, undefined, signal)
  let window = first
  let line = first.text
  let still = 0
  for (let walks = 0; walks < MOST_WALKS; walks += 1) {
    await press(console, firmwareKeys.right, AT_ONCE, signal)
    const next = await readWindow(console, first.width, signal)
    const by = shift(window.text, next.text)
    if (by === undefined) throw new EditNotShown(line.trimEnd(), console.view().text)
    line += next.text.slice(next.text.length - by)
    still = by === 0 ? still + AT_ONCE : 0
    // Before the first change the cursor crosses the window, and only then it pushes at its edge.
    const across = line.length === first.text.length ? first.width : 0
    if (still >= across + STILL * AT_ONCE) return line.trimEnd()
    // At a standstill the first window stays: in a later one the cursor may have blinked behind the text.
    if (by !== 0) window = next
  }
  throw new EditNotShown(line.trimEnd(), console.view().text)
}

/** Moves the cursor without reading; whether it got there shows when the line is read. */
export async function moveBy(console: Console, steps: number, signal: AbortSignal): Promise<void> {
  const key = steps > 0 ? firmwareKeys.right : firmwareKeys.left
  for (let left = Math.abs(steps); left > 0; left -= UNREAD_AT_ONCE)
    await press(console, key, Math.min(left, UNREAD_AT_ONCE), signal)
}

/** Types before the cursor. Printable characters only: Enter would boot. */
export async function typeIntoSystemdBoot(console: Console, text: string, signal: AbortSignal): Promise<void> {
  const { width } = await present(console, undefined, signal)
  for (let typed = 0; typed < text.length; typed += AT_ONCE) {
    await console.type(text.slice(typed, typed + AT_ONCE), signal)
    await present(console, width, signal)
  }
}

/**
 * By how many columns the text moved to the left, if the two windows leave no doubt: more than were pressed, when keys
 * came twice.
 */
function shift(from: string, to: string): number | undefined {
  const fits = Array.from({ length: 2 * AT_ONCE + 1 }, (_, by) => by).filter(
    (by) => from.slice(by) === to.slice(0, from.length - by),
  )
  return fits.length === 1 || isBlank(from, to) ? fits[0] : undefined
}

/** An empty line looks the same wherever one is in it. */
function isBlank(...texts: string[]): boolean {
  return texts.every((text) => text.trim() === '')
}

/** Each is sent on its own, for each is a sequence; all have been drawn then. */
async function press(console: Console, key: FirmwareKey, count: number, signal: AbortSignal): Promise<void> {
  for (let pressed = 0; pressed < count; pressed += 1) await console.type(key, signal)
  await present(console, undefined, signal)
}

/**
 * The window, as it reads twice alike, drawn again in between by a key that means nothing here: a character of it may
 * have been lost on the way. Throws `EditNotShown`.
 */
async function readWindow(console: Console, width: number | undefined, signal: AbortSignal): Promise<Window> {
  let window = await present(console, width, signal)
  for (let redraws = 0; redraws < MOST_REDRAWS; redraws += 1) {
    const { revision } = console.view()
    await console.type(keys.redraw, signal)
    const isRedrawn = (view: ScreenView) => (view.revision === revision ? undefined : true)
    await appears(console, 'systemd-boot-line', isRedrawn, REDRAW_MS, signal)
    const again = await present(console, width, signal)
    if (again.text === window.text) return window
    window = again
  }
  throw new EditNotShown(window.text, console.view().text)
}

/**
 * The window, drawn to its end; drawn again when it can not be read, which a key does that means nothing here. One of
 * another `width` shows that the screen's size was taken wrong.
 */
async function present(console: Console, width: number | undefined, signal: AbortSignal): Promise<Window> {
  const what = 'systemd-boot-editor'
  const shown = await appears(console, what, systemdBootLineIn, ANSWER_MS, signal, { quietMs: QUIET_MS })
  if (shown === undefined && isTorn(console.view())) await console.type(keys.redraw, signal)
  const editor = shown ?? (await console.until(what, systemdBootLineIn, REDRAW_MS, signal, { quietMs: QUIET_MS }))
  if (width !== undefined && editor.width !== width) throw new EditNotShown('systemd-boot’s line', console.view().text)
  return { text: editor.text.padEnd(editor.width).slice(0, -1), width: editor.width }
}

function isTorn(view: ScreenView): boolean {
  return recognise(view).state.kind === 'unknown' && isOfSystemdBoot(view)
}
