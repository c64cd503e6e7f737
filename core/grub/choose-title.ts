/** Which of a flat menu's titles is wanted: GRUB legacy and systemd-boot have no submenus. */
import { RescueError } from '../base/errors.ts'
import type { WantedEntry } from './grub.ts'
import { canBeTitle, isOtherMode, kernelVersion, newestBefore } from './title.ts'

export interface FlatMenu {
  readonly titles: readonly string[]
  /** Index of the one that would boot by itself. */
  readonly current: number
  /** Columns that are shown of a title. */
  readonly width: number
  /** Versions of the kernels, where something else than the title told them. */
  readonly versions?: ReadonlyMap<number, string>
}

/** The index of the wanted title. Throws `no-such-entry` (with the titles there are), `ambiguous-entry`. */
export function chooseTitle(menu: FlatMenu, wanted: WantedEntry): number {
  if (wanted.kind === 'default') return menu.current
  const found = wanted.kind === 'title' ? titled(menu, wanted.title) : previousKernel(menu)
  if (found !== undefined) return found
  const entries = menu.titles.join('; ')
  const what = wanted.kind === 'title' ? wanted.title : 'older-kernel'
  throw new RescueError('operator', 'no-such-entry', `no entry for ${what}; there are: ${entries}`, {
    details: { wanted: what, entries },
  })
}

/** The entries whose titles do not say which kernel they start, as far as that is asked: something else must tell. */
export function untold(titles: readonly string[], wanted: WantedEntry): readonly number[] {
  if (wanted.kind !== 'previous-kernel') return []
  return titles.flatMap((title, index) => (isOtherMode(title) || kernelVersion(title) !== undefined ? [] : [index]))
}

function titled({ titles, width }: FlatMenu, wanted: string): number | undefined {
  const [found, ...more] = titles.flatMap((title, index) => (canBeTitle(title, wanted, width) ? [index] : []))
  if (more.length === 0) return found
  throw new RescueError('operator', 'ambiguous-entry', `more than one entry can be meant: ${wanted}`, {
    details: { wanted, entries: titles.filter((title) => canBeTitle(title, wanted, width)).join('; ') },
  })
}

function previousKernel({ titles, current, versions }: FlatMenu): number | undefined {
  const kernels = titles.flatMap((title, index) => {
    const version = versions?.get(index) ?? kernelVersion(title)
    return version === undefined || isOtherMode(title) ? [] : [{ index, version }]
  })
  return newestBefore(kernels, kernels.find(({ index }) => index === current)?.version)?.index
}
