/**
 * Which file system of `/etc/fstab` (fstab(5)) should be mounted on the way to a path and is
 * not: in the maintenance shell usually only the root file system is.
 */
import { posix } from 'node:path'

export interface FstabLine {
  readonly device: string
  readonly mountPoint: string
  /** As they stand there. */
  readonly options: string
}

/**
 * The outermost file system on the way to `path` that is not mounted; `device` gives st_dev, undefined for nothing
 * there. Those of `mounted` are known to be.
 */
export function findUnmounted(
  fstab: readonly string[],
  path: string,
  device: (path: string) => string | undefined,
  mounted: ReadonlySet<string> = new Set(),
): FstabLine | undefined {
  return fstab
    .flatMap(readFstabLine)
    .filter(({ mountPoint }) => mountPoint === path || path.startsWith(`${mountPoint}/`))
    .sort((a, b) => a.mountPoint.length - b.mountPoint.length)
    .find(({ mountPoint }) => {
      if (mounted.has(mountPoint)) return false
      const here = device(mountPoint)
      return here === undefined || here === device(posix.dirname(mountPoint))
    })
}

function readFstabLine(line: string): readonly FstabLine[] {
  const [device = '', mountPoint = '', , options = ''] = line.trim().split(/\s+/).map(withoutEscapes)
  if (device.startsWith('#') || !mountPoint.startsWith('/') || mountPoint === '/') return []
  // Not mounted at boot either, so what lies below it is in its parent's file system.
  const flags = options.split(',')
  if (flags.includes('noauto') && !flags.includes('x-systemd.automount')) return []
  return [{ device, mountPoint: posix.normalize(mountPoint).replace(/\/$/, ''), options }]
}

/** Blanks are written as octal escapes, e.g. `\040`. */
function withoutEscapes(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
