/**
 * Moves GRUB's highlight, one entry at a time, each move seen on the screen: the number of presses never says where the
 * highlight is. Ctrl-n and Ctrl-p, for an entry may have taken any letter for its hotkey.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { readBox } from '../machine/grub-box.ts'
import type { GrubMenu } from '../machine/grub-menu.ts'
import { recognise } from '../machine/recognise.ts'
import { ANSWER_MS, answered, insist } from './insist.ts'

export interface ShownMenu extends GrubMenu {
  readonly moreAbove: boolean
  readonly moreBelow: boolean
  /** Columns of a title: one that is as long may be cut off. */
  readonly width: number
}

type Direction = 'up' | 'down'

/** The rows of a menu follow each other within milliseconds, also at 9600 baud. */
const DRAWN_MS = 150
/** As long as the highlight only moves all is there; when the list moves under it, its rows are drawn again. */
const SCROLLED_MS = 60

export function menuIn(view: ScreenView): ShownMenu | undefined {
  const { state } = recognise(view)
  const box = readBox(view)
  if (state.kind !== 'grub-menu' || box === undefined) return undefined
  return { ...state.menu, moreAbove: box.moreAbove, moreBelow: box.moreBelow, width: box.width }
}

/** The menu, drawn to its end: what shows first is its highlighted row, and GRUB shows no sign of the end but silence. */
export async function presentMenu(console: Console, signal: AbortSignal): Promise<ShownMenu> {
  return await console.until('grub-menu', menuIn, ANSWER_MS, signal, { quietMs: DRAWN_MS })
}

export function selectedTitle({ entries, selected }: GrubMenu): string {
  return entries[selected] ?? ''
}

/** All titles from the first to the last, with the highlight on the last. */
export async function allTitles(console: Console, signal: AbortSignal): Promise<readonly string[]> {
  const step = (menu: ShownMenu, direction: Direction) => stepOnce(console, menu, direction, signal)
  let menu = await presentMenu(console, signal)
  for (let next = await step(menu, 'up'); next !== undefined; next = await step(menu, 'up')) menu = next
  const titles = [...menu.entries]
  for (let next = await step(menu, 'down'); next !== undefined; next = await step(menu, 'down')) {
    if (!isSame(next, menu)) titles.push(next.entries.at(-1) ?? '')
    menu = next
  }
  return titles
}

/** Highlights the entry that reads `title` in the menu. Throws `no-such-entry`. */
export async function highlight(console: Console, title: string, signal: AbortSignal): Promise<void> {
  const isThere = (menu: ShownMenu | undefined) => menu !== undefined && selectedTitle(menu) === title
  for (const direction of ['up', 'down'] as const) {
    let menu: ShownMenu | undefined = await presentMenu(console, signal)
    while (menu !== undefined && !isThere(menu)) menu = await stepOnce(console, menu, direction, signal)
    if (isThere(menu)) return
  }
  throw new RescueError('machine', 'no-such-entry', `the menu has lost an entry: ${title}\n${console.view().text}`, {
    details: { wanted: title, entries: menuIn(console.view())?.entries.join('; ') ?? '' },
  })
}

/** The menu with the highlight one further; undefined at the end. */
async function stepOnce(
  console: Console,
  before: ShownMenu,
  direction: Direction,
  signal: AbortSignal,
): Promise<ShownMenu | undefined> {
  if (isAtEnd(before, direction)) return undefined
  const key = direction === 'down' ? keys.nextLine : keys.previousLine
  const moved = (view: ScreenView) => {
    const menu = menuIn(view)
    return menu !== undefined && isNext(before, menu, direction) ? menu : undefined
  }
  const unmoved = (view: ScreenView) => {
    const menu = menuIn(view)
    return menu !== undefined && isSame(menu, before) && menu.selected === before.selected
  }
  try {
    const next = await insist(console, key, 'highlight-moved', moved, unmoved, signal)
    if (isSame(next, before)) return next
    return await console.until('grub-menu', menuIn, ANSWER_MS, signal, { quietMs: SCROLLED_MS })
  } catch (thrown) {
    // A key that came late, or twice: what counts is where the highlight is now.
    const elsewhere = await answered(console, 'grub-menu', menuIn, signal)
    if (elsewhere === undefined || unmoved(console.view())) throw thrown
    return elsewhere
  }
}

function isAtEnd({ selected, entries, moreAbove, moreBelow }: ShownMenu, direction: Direction): boolean {
  return direction === 'up' ? selected === 0 && !moreAbove : selected === entries.length - 1 && !moreBelow
}

/** By exactly one: down the list, or with the list moving under it. */
function isNext(before: ShownMenu, now: ShownMenu, direction: Direction): boolean {
  const by = direction === 'down' ? 1 : -1
  if (isSame(now, before)) return now.selected === before.selected + by
  const kept =
    direction === 'down'
      ? [before.entries.slice(1), now.entries.slice(0, -1)]
      : [before.entries.slice(0, -1), now.entries.slice(1)]
  return now.selected === before.selected && JSON.stringify(kept[0]) === JSON.stringify(kept[1])
}

function isSame(one: GrubMenu, other: GrubMenu): boolean {
  return JSON.stringify(one.entries) === JSON.stringify(other.entries)
}
