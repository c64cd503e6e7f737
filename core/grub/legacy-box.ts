/**
 * Moves the highlight in GRUB legacy's menu and in the list of an entry's commands, one row at a time, each move seen on
 * the screen.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { LegacyBox } from '../machine/grub-legacy.ts'
import { recognise } from '../machine/recognise.ts'
import { effectsOn, pressUntil, type Slowness } from './press.ts'

export type BoxKind = 'grub-legacy-menu' | 'grub-legacy-list'
type Direction = 'up' | 'down'

/**
 * GRUB draws a box from the top, and shows no sign of its end but silence. The whole screen is 2 s of drawing at 9600
 * baud.
 */
export const BOX: Slowness = { quietMs: 100, answerMs: 3000 }
export const boxEffect = effectsOn(BOX)

export function legacyBoxIn(view: ScreenView, kind: BoxKind): LegacyBox | undefined {
  const { state } = recognise(view)
  if (state.kind === 'grub-legacy-menu' && kind === state.kind) return state.menu
  return state.kind === 'grub-legacy-list' && kind === state.kind ? state.list : undefined
}

export async function presentBox(console: Console, kind: BoxKind, signal: AbortSignal): Promise<LegacyBox> {
  const look = (view: ScreenView) => legacyBoxIn(view, kind)
  return await console.until('grub-legacy-box', look, BOX.answerMs, signal, BOX)
}

export function selectedRow({ entries, selected }: LegacyBox): string {
  return entries[selected] ?? ''
}

/** All rows from the first to the last, with the highlight on the last. */
export async function allRows(console: Console, kind: BoxKind, signal: AbortSignal): Promise<readonly string[]> {
  let box = await presentBox(console, kind, signal)
  while (!isAtEnd(box, 'up')) box = await step(console, kind, box, 'up', signal)
  const rows = [...box.entries]
  while (!isAtEnd(box, 'down')) {
    const next = await step(console, kind, box, 'down', signal)
    if (!isSame(next, box)) rows.push(next.entries.at(-1) ?? '')
    box = next
  }
  return rows
}

/** Moves the highlight from the last of `rows` to the one with that index. Throws `no-such-entry`. */
export async function goUpTo(
  console: Console,
  kind: BoxKind,
  rows: readonly string[],
  index: number,
  signal: AbortSignal,
): Promise<void> {
  let box = await presentBox(console, kind, signal)
  for (let at = rows.length - 1; at >= index; at -= 1) {
    if (selectedRow(box) !== rows[at]) break
    if (at === index) return
    if (isAtEnd(box, 'up')) break
    box = await step(console, kind, box, 'up', signal)
  }
  const wanted = rows[index] ?? ''
  throw new RescueError('machine', 'no-such-entry', `GRUB’s box has changed: ${wanted}\n${console.view().text}`, {
    details: { wanted, entries: box.entries.join('; ') },
  })
}

/** The box with the highlight one further. */
async function step(
  console: Console,
  kind: BoxKind,
  from: LegacyBox,
  direction: Direction,
  signal: AbortSignal,
): Promise<LegacyBox> {
  const look = (view: ScreenView) => {
    const box = legacyBoxIn(view, kind)
    return box !== undefined && isNext(from, box, direction) ? box : undefined
  }
  const before = (view: ScreenView) => {
    const box = legacyBoxIn(view, kind)
    return box !== undefined && isSame(box, from) && box.selected === from.selected
  }
  const key = direction === 'down' ? keys.nextLine : keys.previousLine
  return await pressUntil(console, key, boxEffect('highlight-moved', look, before), signal)
}

function isAtEnd({ selected, entries, moreAbove, moreBelow }: LegacyBox, direction: Direction): boolean {
  return direction === 'up' ? selected === 0 && !moreAbove : selected === entries.length - 1 && !moreBelow
}

/** By exactly one: down the list, or with the list moving under it. */
function isNext(from: LegacyBox, to: LegacyBox, direction: Direction): boolean {
  const by = direction === 'down' ? 1 : -1
  if (isSame(to, from)) return to.selected === from.selected + by
  const [longer, shorter] = direction === 'down' ? [from, to] : [to, from]
  const kept = JSON.stringify(longer.entries.slice(1)) === JSON.stringify(shorter.entries.slice(0, -1))
  return kept && to.selected === from.selected
}

function isSame(one: LegacyBox, other: LegacyBox): boolean {
  return JSON.stringify(one.entries) === JSON.stringify(other.entries)
}
