/**
 * GRUB legacy's one-line editor: moves, types and reads in it, each step checked on the screen. A long line is shown in
 * sections, so a window and the cursor in it say which columns of the line those are.
 * (stage2/char_io.c: real_get_cmdline)
 */

import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { LegacyLine } from '../machine/grub-legacy.ts'
import { recognise } from '../machine/recognise.ts'
import { EditNotShown } from './failures.ts'
import { effectsOn, pressUntil } from './press.ts'

/** Columns of the window with the prompt, and of the others. */
const FIRST = 67
const OTHER = 77
/** The second section begins at this column of the line, each further one so many columns later. */
const SECOND = 57
const STEP = 67
/** A real port buffers 16 keys while GRUB is busy. */
const AT_ONCE = 15
/** A section is drawn from its start, past the cursor's place in it: only silence says that the rest is there. */
const QUIET_MS = 60
/** A section is 80 columns: 85 ms at 9600 baud. A key that shows nothing after so long was lost. */
const ANSWER_MS = 1000
const effect = effectsOn({ quietMs: QUIET_MS, answerMs: ANSWER_MS })
/** GRUB refuses a line of more than 1,500 columns: more steps than that are none. (stage2/shared.h: NEW_HEAPSIZE) */
const MOST_STEPS = 400
/** So many keys that show nothing were not lost: a key that came twice has left the section that is believed to show. */
const MOST_LOST = 6

export function legacyLineIn(view: ScreenView): LegacyLine | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-legacy-line' ? state.line : undefined
}

/** The whole line, blanks at its end included; the cursor stands behind it. Throws `EditNotShown`. */
export async function readLegacyLine(console: Console, signal: AbortSignal): Promise<string> {
  const first = await goToStart(console, signal)
  let known = first.text
  let place = { offset: 0, start: 0 }
  let window = first
  while (window.goesOn) {
    place = await goTo(console, place, place.start + widthOf(place.start), signal)
    window = await present(console, signal)
    known = joined(known, window.text, place.start, console.view())
  }
  return await measured(console, known, place.start, window, signal)
}

/**
 * Types `insert` before the column `at` of `line`, with the cursor behind the line, `size` characters at a time.
 * Throws `EditNotShown` as soon as the screen shows anything else.
 */
export async function typeIntoLegacyLine(
  console: Console,
  line: string,
  at: number,
  insert: string,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  await goTo(console, await placeAt(console, line, line.length, signal), at, signal)
  const shown = (typed: number) => (view: ScreenView) =>
    placeIn(view, line.slice(0, at) + insert.slice(0, typed) + line.slice(at), at + typed)
  for (let typed = 0; typed < insert.length; typed += size) {
    const look = shown(Math.min(typed + size, insert.length))
    const before = (view: ScreenView) => size === 1 && shown(typed)(view) !== undefined
    const grows = { ...effect('line-shown', look, before), quietMs: 0 }
    await orNotShown(pressUntil(console, insert.slice(typed, typed + size), grows, signal), line)
  }
}

/** What is missing on the screen is the edit, whatever was waited for. */
async function orNotShown<T>(pressed: Promise<T>, line: string): Promise<T> {
  try {
    return await pressed
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared)) throw thrown
    throw new EditNotShown(line, thrown.screen, { cause: thrown })
  }
}

/** The cursor's column in the line, and the one its window begins with. */
interface Place {
  readonly offset: number
  readonly start: number
}

async function present(console: Console, signal: AbortSignal): Promise<LegacyLine> {
  return await console.until('grub-legacy-line', legacyLineIn, ANSWER_MS, signal, { quietMs: QUIET_MS })
}

async function goToStart(console: Console, signal: AbortSignal): Promise<LegacyLine> {
  const atStart = (view: ScreenView) => {
    const line = legacyLineIn(view)
    return line?.fromStart && line.cursor === 0 ? line : undefined
  }
  return await pressUntil(console, keys.startOfLine, effect('line-start', atStart, isLine), signal)
}

function isLine(view: ScreenView): boolean {
  return legacyLineIn(view) !== undefined
}

/** Where the line ends is where Ctrl-e puts the cursor: in this window, or at the beginning of the next one. */
async function measured(
  console: Console,
  known: string,
  start: number,
  window: LegacyLine,
  signal: AbortSignal,
): Promise<string> {
  const atEnd = (view: ScreenView) => {
    const line = legacyLineIn(view)
    return line !== undefined && !line.goesOn && line.cursor >= line.text.length ? line : undefined
  }
  const now = await pressUntil(console, keys.endOfLine, effect('line-end', atEnd, isLine), signal)
  const moved = now.fromStart !== window.fromStart || now.text !== window.text
  const from = moved ? nextStart(start) : start
  const line = known.slice(0, from + now.text.length).padEnd(from + now.cursor)
  if (!shows(now, line, line.length)) throw new EditNotShown(line, console.view().text)
  return line
}

/** Goes to another column, a few keys at a time, and on from where the cursor then is: lost keys show in its place. */
async function goTo(console: Console, from: Place, offset: number, signal: AbortSignal): Promise<Place> {
  let place = from
  for (let steps = 0, lost = 0; place.offset !== offset; steps += 1) {
    const by = moveTowards(place, offset)
    await console.type((by > 0 ? keys.forward : keys.back).repeat(Math.abs(by)), signal)
    const target = moved(place, by)
    const arrived = (view: ScreenView) => (isAt(legacyLineIn(view), target) ? target : undefined)
    const quietMs = target.start === place.start ? 0 : QUIET_MS
    const there = await appears(console, 'cursor-moved', arrived, ANSWER_MS, signal, { quietMs })
    const now = there ?? nearby(await present(console, signal), place, target, console.view())
    lost = now.offset === place.offset ? lost + 1 : 0
    place = now
    if (steps === MOST_STEPS || lost === MOST_LOST)
      throw new EditNotShown('the cursor where it was moved to', console.view().text)
  }
  return place
}

/** Up to the window's edge, and over it with one key alone: of more, nobody could tell which were lost. */
function moveTowards({ offset, start }: Place, wanted: number): number {
  const first = start === SECOND ? FIRST : start
  const room = wanted > offset ? start + widthOf(start) - 1 - offset : offset - first
  const by = Math.max(1, Math.min(Math.abs(wanted - offset), AT_ONCE, room))
  return wanted > offset ? by : -by
}

/** Where the cursor is when it did not get as far as `target`. */
function nearby(line: LegacyLine, from: Place, target: Place, view: ScreenView): Place {
  if (target.start === from.start && line.fromStart === (from.start === 0))
    return { start: from.start, offset: from.start + line.cursor }
  if (isAt(line, from)) return from
  throw new EditNotShown('the cursor where it was moved to', view.text)
}

function isAt(line: LegacyLine | undefined, { offset, start }: Place): boolean {
  return line !== undefined && line.fromStart === (start === 0) && line.cursor === offset - start
}

/** The place, when the screen agrees with the line being exactly `line` and the cursor before its column `offset`. */
async function placeAt(console: Console, line: string, offset: number, signal: AbortSignal): Promise<Place> {
  const look = (view: ScreenView) => placeIn(view, line, offset)
  return await orNotShown(console.until('line-shown', look, ANSWER_MS, signal), line)
}

function placeIn(view: ScreenView, line: string, offset: number): Place | undefined {
  const window = legacyLineIn(view)
  return window !== undefined && shows(window, line, offset) ? { offset, start: offset - window.cursor } : undefined
}

function shows(window: LegacyLine, line: string, offset: number): boolean {
  const start = offset - window.cursor
  if (window.fromStart ? start !== 0 : !isStart(start)) return false
  const end = start + widthOf(start)
  const shown = line.slice(start, end)
  return window.goesOn === line.length > end && window.text === (window.goesOn ? shown : shown.trimEnd())
}

/** Joins what a window shows to what is known of the line before it: ten columns stand in both. */
function joined(known: string, text: string, start: number, view: ScreenView): string {
  const both = known.slice(start)
  if (!text.padEnd(both.length).startsWith(both)) throw new EditNotShown(known, view.text)
  return known.slice(0, start) + text
}

function moved({ offset, start }: Place, by: number): Place {
  const to = offset + by
  const stays = by > 0 ? to < start + widthOf(start) : to >= (start === SECOND ? FIRST : start)
  return { offset: to, start: stays ? start : startOf(to) }
}

function startOf(offset: number): number {
  return offset < FIRST ? 0 : SECOND + Math.floor((offset - FIRST) / STEP) * STEP
}

function nextStart(start: number): number {
  return start === 0 ? SECOND : start + STEP
}

function isStart(start: number): boolean {
  return start >= SECOND && (start - SECOND) % STEP === 0
}

function widthOf(start: number): number {
  return start === 0 ? FIRST : OTHER
}
