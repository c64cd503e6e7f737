/**
 * Which disks the maintenance shell sees, what is on them, and what stands at the paths that `/etc/fstab` names. One
 * command. It mounts /proc, /sys and /dev where a bare shell lacks them and makes the volumes of LVM appear: all of
 * that is in memory, and the disks stay as they are.
 */
import { SEE_DISKS } from '../shell/see-disks.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { isTag } from './device-names.ts'
import { unreadable } from './inspect.ts'
import { ASK_SELINUX, saysSelinux } from './selinux.ts'

export interface BlockDevice {
  /** E.g. `/dev/sda1`. */
  readonly name: string
  /** As st_dev and st_rdev have it, in decimal; null for what is no block device, such as an image file. */
  readonly number: string | null
  /** `ext4`, `xfs`, `swap`, `LVM2_member` …; empty when nothing was recognised on it. */
  readonly type: string
  /** `UUID=…`, `LABEL=…`, `PARTUUID=…`, `PARTLABEL=…`. */
  readonly tags: readonly string[]
}

/** What a path leads to, through links. */
export interface Place {
  readonly kind: 'none' | 'block' | 'directory' | 'other'
  /** Of the file system it is in; of the device itself where it is one. */
  readonly number: string
}

export interface System {
  readonly devices: readonly BlockDevice[]
  /** False when the kernel's list of disks could not be read: then nothing is known to be missing. */
  readonly sawDisks: boolean
  readonly places: ReadonlyMap<string, Place>
  /** Types of file systems for which there is neither a driver nor a helper. */
  readonly unknownTypes: readonly string[]
  /** `/proc/mounts`, as far as it was there. */
  readonly mounts: readonly string[]
  /** st_dev of the root file system. */
  readonly rootNumber: string
  /** `root=` of this boot; empty when it is not known. */
  readonly rootArgument: string
  readonly rootIsWritable: boolean
  readonly systemd: boolean
  readonly selinux: boolean
}

/** `$1` paths, then types. A driver may be built in, loaded, a module, or a helper of mount(8). */
const SCRIPT = [
  'export LC_ALL=C; n=$1; shift',
  SEE_DISKS,
  '[ -s /proc/partitions ] && echo saw-disks',
  'm=/lib/modules/$(uname -r); i=0; extra=',
  'place() { k=none; [ -e "$1" ] && k=other; [ -b "$1" ] && k=block; [ -d "$1" ] && k=directory; ' +
    'echo "place $k $(stat -Lc "%t:%T %d" -- "$1" 2>/dev/null) $1"; }',
  'for p do i=$((i+1)); if [ $i -le $n ]; then place "$p"; ' +
    '[ -f "$p" ] && blkid -c /dev/null -o export -- "$p" 2>/dev/null | sed "s/^/blkid /"; ' +
    // Without any list of drivers nothing can be said about a type.
    'elif [ -e /proc/filesystems ] && [ -e "$m/modules.alias" ]; then ' +
    'grep -qw -- "$p" /proc/filesystems || grep -q -- "alias fs-$p " "$m/modules.alias" || ' +
    'grep -q -- "/$p\\.ko" "$m/modules.builtin" "$m/modules.dep" 2>/dev/null || ' +
    '[ -x "/sbin/mount.$p" ] || [ -x "/usr/sbin/mount.$p" ] || echo "unknown-type $p"; fi; done',
  'blkid -c /dev/null -o export 2>/dev/null | sed "s/^/blkid /"',
  'for d in $(blkid -c /dev/null -o device 2>/dev/null); do place "$d"; done',
  'sed -n "s/^/mount /p" /proc/mounts 2>/dev/null',
  'echo "root $(stat -c %d /)"; [ -w / ] && echo root-is-writable',
  'tr " " "\\n" </proc/cmdline 2>/dev/null | sed -n "s/^root=/argument /p"',
  'case $(readlink -m /sbin/init) in */systemd) echo systemd;; esac',
  ASK_SELINUX,
  'echo end',
].join('; ')

/** @throws RescueError `look-unreadable` */
export async function lookAtDevices(
  shell: Shell,
  paths: readonly string[],
  types: readonly string[],
  signal: AbortSignal,
): Promise<System> {
  const lines = await ask(shell, [SCRIPT, 'sh', String(paths.length), ...paths, ...types], signal, 'disks')
  const [rootNumber] = tagged(lines, 'root')
  if (rootNumber === undefined) throw unreadable('disks', lines.join('\n'))
  const places = new Map(tagged(lines, 'place').flatMap(readPlace))
  const devices = readDevices(tagged(lines, 'blkid'), places)
  return {
    devices,
    sawDisks: lines.includes('saw-disks') || devices.some(({ number }) => number !== null),
    places,
    unknownTypes: tagged(lines, 'unknown-type'),
    mounts: tagged(lines, 'mount'),
    rootNumber,
    rootArgument: tagged(lines, 'argument')[0] ?? '',
    rootIsWritable: lines.includes('root-is-writable'),
    systemd: lines.includes('systemd'),
    selinux: saysSelinux(lines),
  }
}

/** The device that a field of fstab(5), or an evidence, means. */
export function findDevice({ devices, places }: System, name: string): BlockDevice | undefined {
  if (isTag(name)) return devices.find(({ tags }) => tags.some((tag) => isSameTag(tag, name)))
  const place = places.get(name)
  return devices.find((device) => {
    return device.name === name || (place?.kind === 'block' && device.number === place.number)
  })
}

/** UUIDs of FAT and NTFS are written in capitals by some and not by others. */
function isSameTag(a: string, b: string): boolean {
  return a === b || (/^(?:PART)?UUID=/.test(a) && a.toLowerCase() === b.toLowerCase())
}

function readPlace(line: string): readonly (readonly [string, Place])[] {
  const {
    kind = '',
    major = '',
    minor = '',
    device = '',
    path = '',
  } = /^(?<kind>none|block|directory|other) (?:(?<major>[0-9a-f]+):(?<minor>[0-9a-f]+) (?<device>\d+))? (?<path>.*)$/.exec(
    line,
  )?.groups ?? {}
  if (kind === 'block') return [[path, { kind, number: deviceNumber(major, minor) }]]
  return kind === 'none' || kind === 'directory' || kind === 'other' ? [[path, { kind, number: device }]] : []
}

/** As glibc's makedev(3) packs them, for numbers that fit into 32 bits: all that the kernel gives. */
function deviceNumber(major: string, minor: string): string {
  const [a, b] = [Number.parseInt(major, 16), Number.parseInt(minor, 16)]
  return String((b & 0xff) + ((a & 0xfff) << 8) + (b >>> 8) * 0x100000)
}

/** Blocks of `KEY=value`, each begun by its DEVNAME; blkid escapes what is unsafe with a backslash. */
function readDevices(lines: readonly string[], places: ReadonlyMap<string, Place>): readonly BlockDevice[] {
  const blocks: Map<string, string>[] = []
  for (const line of lines) {
    const [, key = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? []
    if (key === 'DEVNAME') blocks.push(new Map())
    blocks.at(-1)?.set(key, value.replaceAll(/\\(.)/g, '$1'))
  }
  return blocks.map((block) => {
    const name = block.get('DEVNAME') ?? ''
    const place = places.get(name)
    const tags = ['UUID', 'LABEL', 'PARTUUID', 'PARTLABEL'].flatMap((key) => {
      const value = block.get(key)
      return value === undefined ? [] : [`${key}=${value}`]
    })
    return { name, number: place?.kind === 'block' ? place.number : null, type: block.get('TYPE') ?? '', tags }
  })
}
