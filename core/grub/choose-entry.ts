/**
 * Highlights the entry that is wanted, in the menu or in one of its submenus. Which entries are submenus no menu
 * shows: their source does, which the editor shows as the source of any entry.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { editorIn } from './editor.ts'
import type { BootHooks, WantedEntry } from './grub.ts'
import { openGuarded } from './guarded.ts'
import { insist } from './insist.ts'
import { isKernelLine } from './kernel-line.ts'
import { allTitles, highlight, menuIn, presentMenu, type ShownMenu, selectedTitle } from './menu.ts'
import { canBeTitle, isOtherMode, kernelVersion, newestBefore } from './title.ts'

/** Menus inside menus: Debian has one level, Ubuntu on UEFI begins inside one. */
const LEVELS = 3
/** Entries whose source is read to find submenus: a menu of kernels has them near its start. */
const LOOKS = 12

/** Gives its title, as the menu shows it. Throws `no-such-entry` (with the titles that were seen), `ambiguous-entry`. */
export async function chooseEntry(
  console: Console,
  wanted: WantedEntry,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<string> {
  return await choose(new Search(console, hooks), console, wanted, signal)
}

/** As far as titles alone say it: in this menu, or by a path of titles, in the submenus it names. Otherwise as `chooseEntry`. */
export async function chooseByTitles(console: Console, wanted: WantedEntry, signal: AbortSignal): Promise<string> {
  return await choose(new Search(console, undefined), console, wanted, signal)
}

async function choose(search: Search, console: Console, wanted: WantedEntry, signal: AbortSignal): Promise<string> {
  switch (wanted.kind) {
    case 'default':
      return selectedTitle(await presentMenu(console, signal))
    case 'title':
      return await search.byTitle(wanted.title, signal)
    case 'previous-kernel':
      return await search.previousKernel(signal)
    default:
      return wanted satisfies never
  }
}

/** Goes into the highlighted submenu. */
export async function enterSubmenu(console: Console, signal: AbortSignal): Promise<void> {
  const before = await presentMenu(console, signal)
  const inside = (view: ScreenView) => otherThan(menuIn(view), before)
  await insist(
    console,
    keys.enter,
    'submenu',
    inside,
    (view) => otherThan(menuIn(view), before) === undefined && menuIn(view) !== undefined,
    signal,
  )
  await presentMenu(console, signal)
}

/** What `pick` says about the titles of one menu: the one to take, or nothing. */
type Pick = (titles: readonly string[], width: number) => string | undefined

class Search {
  readonly #console: Console
  /** Undefined where entries' sources can not be looked at: submenus are then found by their titles only. */
  readonly #hooks: BootHooks | undefined
  readonly #seen: string[] = []

  constructor(console: Console, hooks: BootHooks | undefined) {
    this.#console = console
    this.#hooks = hooks
  }

  async byTitle(title: string, signal: AbortSignal): Promise<string> {
    const [outer, ...inner] = title.split('>')
    // A path says which entries are submenus: there is no need to look for them.
    const levels = inner.length === 0 ? LEVELS : 1
    const found = await this.#find((titles, width) => titled(titles, title, width), levels, signal)
    if (found !== undefined) return found
    if (outer === undefined || inner.length === 0) throw this.#noSuchEntry(title)
    const pick: Pick = (titles, width) => titled(titles, outer, width)
    if ((await this.#find(pick, 1, signal)) === undefined) throw this.#noSuchEntry(title)
    await enterSubmenu(this.#console, signal)
    return await this.byTitle(inner.join('>'), signal)
  }

  async previousKernel(signal: AbortSignal): Promise<string> {
    const current = await this.#currentKernel(signal)
    const pick: Pick = (titles) => olderTitle(titles, current)
    const found = await this.#find(pick, LEVELS, signal)
    if (found === undefined) throw this.#noSuchEntry('older-kernel')
    return found
  }

  /** The kernel of the entry that would boot, if it has a version; of the one in there, if that is a submenu. */
  async #currentKernel(signal: AbortSignal): Promise<string | undefined> {
    for (let level = 0; level < LEVELS; level += 1) {
      const lines = await this.#source(signal)
      const [, kernel = ''] = lines.find(isKernelLine)?.trim().split(/\s+/) ?? []
      const version = kernelVersion(kernel) ?? kernelVersion(await this.#title(signal))
      if (version !== undefined) return version
      if (!lines.some(isMenuLine)) break
      await enterSubmenu(this.#console, signal)
    }
    return undefined
  }

  /** Looks through this menu and, when nothing fits, through its submenus; gives the title that is highlighted then. */
  async #find(pick: Pick, levels: number, signal: AbortSignal): Promise<string | undefined> {
    const titles = await allTitles(this.#console, signal)
    const { width } = await presentMenu(this.#console, signal)
    this.#seen.push(...titles)
    const picked = pick(titles, width)
    if (picked !== undefined) {
      await highlight(this.#console, picked, signal)
      return picked
    }
    if (levels === 1 || this.#hooks === undefined) return undefined
    const candidates = titles.filter((title) => kernelVersion(title) === undefined).slice(0, LOOKS)
    for (const title of candidates) {
      await highlight(this.#console, title, signal)
      if (!(await this.#source(signal)).some(isMenuLine)) continue
      await enterSubmenu(this.#console, signal)
      const found = await this.#find(pick, levels - 1, signal)
      if (found !== undefined) return found
      await this.#leaveSubmenu(signal)
    }
    return undefined
  }

  async #title(signal: AbortSignal): Promise<string> {
    return selectedTitle(await presentMenu(this.#console, signal))
  }

  /** The first page of the highlighted entry's source. */
  async #source(signal: AbortSignal): Promise<readonly string[]> {
    if (this.#hooks === undefined) return []
    const editor = await openGuarded(this.#console, keys.edit, 'grub-editor', editorIn, this.#hooks, signal)
    const inEditor = (view: ScreenView) => editorIn(view) !== undefined
    await insist(this.#console, keys.escape, 'grub-menu', menuIn, inEditor, signal)
    await presentMenu(this.#console, signal)
    return editor.lines.map(({ text }) => text)
  }

  async #leaveSubmenu(signal: AbortSignal): Promise<void> {
    const before = await presentMenu(this.#console, signal)
    const outside = (view: ScreenView) => otherThan(menuIn(view), before)
    const inside = (view: ScreenView) => menuIn(view) !== undefined && outside(view) === undefined
    await insist(this.#console, keys.escape, 'outer-menu', outside, inside, signal)
    await presentMenu(this.#console, signal)
  }

  #noSuchEntry(wanted: string): RescueError {
    const entries = [...new Set(this.#seen)].join('; ')
    return new RescueError('operator', 'no-such-entry', `no entry for ${wanted}; there are: ${entries}`, {
      details: { wanted, entries },
    })
  }
}

export function isMenuLine(line: string): boolean {
  return /^\s*(?:menuentry|submenu)\s/.test(line)
}

function otherThan(now: ShownMenu | undefined, before: ShownMenu): ShownMenu | undefined {
  return now !== undefined && JSON.stringify(now.entries) !== JSON.stringify(before.entries) ? now : undefined
}

function titled(titles: readonly string[], wanted: string, width: number): string | undefined {
  const [found, ...more] = titles.filter((title) => canBeTitle(title, wanted, width))
  if (more.length === 0) return found
  throw new RescueError('operator', 'ambiguous-entry', `more than one entry can be meant: ${wanted}`, {
    details: { wanted, entries: [found, ...more].join('; ') },
  })
}

function olderTitle(titles: readonly string[], current: string | undefined): string | undefined {
  const kernels = titles.flatMap((title) => {
    const version = isOtherMode(title) ? undefined : kernelVersion(title)
    return version === undefined ? [] : [{ title, version }]
  })
  return newestBefore(kernels, current)?.title
}
