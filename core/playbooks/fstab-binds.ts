/**
 * Entries of fstab(5) that show a part of the tree at another place: their sources, and what they and others stand on.
 * Pure.
 */
import type { System } from './block-devices.ts'
import { type FstabEntry, isMountedAtBoot } from './fstab-entries.ts'
import { onTheWay } from './inspect.ts'

/** They are filled anew at each boot, so nothing that stands in them can be seen from here. */
const MADE_AT_BOOT = /^\/(?:dev|proc|run|sys|tmp|var\/run|var\/lock)(?:\/|$)/

export function isBind({ options }: FstabEntry): boolean {
  return options.includes('bind') || options.includes('rbind')
}

/** All that decides whether a source is there, or can be made. */
export function placesOfSource(entry: FstabEntry): readonly string[] {
  return isBind(entry) && entry.device.startsWith('/') ? onTheWay(entry.device) : []
}

/**
 * Whether nothing can be shown at its place. systemd makes a source that is missing, as an empty directory, and goes on
 * (systemd.mount(5), `DirectoryMode=`): so that is a fault only where it can not, or where a file is wanted.
 */
export function lacksSource(entry: FstabEntry, entries: readonly FstabEntry[], { places, systemd }: System): boolean {
  const { device: source, mountPoint } = entry
  if (!isBind(entry) || !source.startsWith('/') || MADE_AT_BOOT.test(source)) return false
  // What another file system brings is there once that is mounted.
  if (entries.some((other) => other !== entry && isMountedAtBoot(other) && isOnOrBelow(source, other))) return false
  if (!places.has(source)) return false
  const kind = (path: string) => places.get(path)?.kind ?? 'none'
  const isSeen = !entries.some((other) => other !== entry && isMountedAtBoot(other) && isOnOrBelow(mountPoint, other))
  const wanted = isSeen ? kind(mountPoint) : 'none'
  if (kind(source) !== 'none') return wanted !== 'none' && (kind(source) === 'directory') !== (wanted === 'directory')
  if (!systemd || wanted === 'other') return true
  const nearest = onTheWay(source).findLast((path) => kind(path) !== 'none') ?? '/'
  return kind(nearest) !== 'directory' || isReadOnlyRoot(entries)
}

/**
 * The mount points among `failing` that this entry can not do without: its own place, or its source, lies below them,
 * and systemd then requires them (systemd.mount(5), "Automatic Dependencies").
 */
export function standsOn(entry: FstabEntry, failing: readonly FstabEntry[]): FstabEntry | undefined {
  const paths = [entry.mountPoint, ...(isLocalPath(entry) ? [entry.device] : [])].filter((path) => path.startsWith('/'))
  return failing.find((other) => other !== entry && paths.some((path) => isOnOrBelow(path, other)))
}

/** A source, an image, or a file with swap space. */
function isLocalPath({ device }: FstabEntry): boolean {
  return device.startsWith('/') && !device.startsWith('/dev/')
}

function isOnOrBelow(path: string, { mountPoint }: FstabEntry): boolean {
  return mountPoint !== '/' && mountPoint.startsWith('/') && (path === mountPoint || path.startsWith(`${mountPoint}/`))
}

function isReadOnlyRoot(entries: readonly FstabEntry[]): boolean {
  return entries.some(({ mountPoint, options }) => mountPoint === '/' && options.includes('ro'))
}
