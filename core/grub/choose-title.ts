/** Which of a flat menu's titles is wanted: GRUB legacy and systemd-boot have no submenus. */
import { RescueError } from '../base/errors.ts'
import type { WantedEntry } from './grub.ts'
import { canBeTitle, compareVersions, isOtherMode, kernelVersion } from './title.ts'

/**
 * The index of the wanted title in `titles`, of which `current` would boot by itself; `width` columns are shown of one.
 * Throws `no-such-entry` (with the titles there are), `ambiguous-entry`.
 */
export function chooseTitle(titles: readonly string[], current: string, wanted: WantedEntry, width: number): number {
  if (wanted.kind === 'default') return titles.indexOf(current)
  const found = wanted.kind === 'title' ? titled(titles, wanted.title, width) : previousKernel(titles, current)
  if (found !== undefined) return found
  const what = wanted.kind === 'title' ? wanted.title : `a kernel older than that of ${current}`
  throw new RescueError('operator', 'no-such-entry', `no entry for ${what}; there are: ${titles.join('; ')}`, {
    details: { wanted: what, entries: titles.join('; ') },
  })
}

function titled(titles: readonly string[], wanted: string, width: number): number | undefined {
  const [found, ...more] = titles.flatMap((title, index) => (canBeTitle(title, wanted, width) ? [index] : []))
  if (more.length === 0) return found
  throw new RescueError('operator', 'ambiguous-entry', `more than one entry can be meant: ${wanted}`, {
    details: { wanted, entries: titles.filter((title) => canBeTitle(title, wanted, width)).join('; ') },
  })
}

function previousKernel(titles: readonly string[], current: string): number | undefined {
  const version = kernelVersion(current)
  if (version === undefined) return undefined
  const older = titles.flatMap((title, index) => {
    const other = isOtherMode(title) ? undefined : kernelVersion(title)
    return other !== undefined && compareVersions(other, version) < 0 ? [{ index, other }] : []
  })
  return older.toSorted((one, other) => compareVersions(other.other, one.other))[0]?.index
}
