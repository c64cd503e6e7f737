/**
 * The playbook for damaged file systems: looks at those that the evidence names with their own tools, in runs that
 * change nothing; `fsck-proposal.ts` decides. A check is only worth something while nobody writes, so what is mounted
 * elsewhere is unmounted first, and the root file system must be read-only.
 */
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import type { Fsck } from '../record/playbooks.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { type BlockDevice, findDevice, lookAtDevices, type System } from './block-devices.ts'
import { plainName } from './device-names.ts'
import { type Checked, familyOf, propose } from './fsck-proposal.ts'
import { type FstabEntry, isMountedAtBoot, readFstab } from './fstab-entries.ts'
import { unreadable } from './inspect.ts'
import type { Playbook } from './playbook.ts'
import { TOOL_LIMIT_MS } from './writable.ts'

export interface FsckFacts {
  readonly checked: readonly Checked[]
  /** What this rescue has changed already, by its log: which step comes next depends on it. */
  readonly made: readonly Change[]
}

/** A file system that is to be checked, before it was. */
interface Wanted {
  readonly device: BlockDevice
  readonly mountPoint: string | undefined
  readonly isRoot: boolean
}

export function fsck(made: readonly Change[] = []): Playbook<Fsck, FsckFacts> {
  return {
    name: 'fsck',
    looksAgain: true,
    look: async (shell, request, signal) => ({ checked: await lookAt(shell, request, signal), made }),
    propose,
  }
}

/** @throws RescueError `fsck-…`, `tool-missing`, `look-unreadable` */
async function lookAt(shell: Shell, { only }: Fsck, signal: AbortSignal): Promise<readonly Checked[]> {
  const lines = await ask(shell, ['cat /etc/fstab 2>/dev/null | sed "s/^/fstab /"; echo end', 'sh'], signal)
  const fstab = readFstab(tagged(lines, 'fstab').join('\n'))
  const names = only.length === 0 ? ['/', ...checkedAtBoot(fstab)] : only
  const candidates = names.flatMap((name) => candidatesFor(name, fstab))
  const paths = [...new Set(candidates.filter((name) => name.startsWith('/')))]
  const system = await lookAtDevices(shell, paths, [], signal)
  // What nobody has named and is not there is the business of `fstab`.
  const isThere = (name: string) => candidatesFor(name, fstab).some((one) => found(system)(one) !== undefined)
  const there = names.filter((name) => name === '/' || only.includes(name) || isThere(name))
  const wanted = new Map(there.map((name) => find(name, fstab, system)).map((one) => [one.device.name, one]))
  const checked: Checked[] = []
  for (const one of wanted.values()) checked.push(await check(shell, one, signal))
  return checked
}

/** Where the file systems are mounted that the boot has checked besides the root (fstab(5), the sixth field). */
function checkedAtBoot(fstab: readonly FstabEntry[]): readonly string[] {
  const isChecked = ({ fields: [, , , , , pass = '0'] }: FstabEntry) => pass !== '0'
  const entries = fstab.filter((entry) => isChecked(entry) && isMountedAtBoot(entry))
  return entries.filter(({ type }) => familyOf(type) !== undefined).map(({ mountPoint }) => mountPoint)
}

/** What systemd calls the one, and the kernel the other. */
const ROOT_NAMES = ['/', '/dev/root', 'Root Device', 'systemd-fsck-root.service']

/** All that an evidence may mean: e2fsck(8) names a file system by its label, the kernel without `/dev`, fstab by its place. */
function candidatesFor(name: string, fstab: readonly FstabEntry[]): readonly string[] {
  const plain = plainName(name)
  const entries = fstab.filter(({ mountPoint }) => mountPoint === plain)
  const short = /^[^/=]+$/.test(plain) ? [`/dev/${plain}`, `/dev/mapper/${plain}`, `LABEL=${plain}`] : []
  return [...entries.map(({ device }) => plainName(device)), plain, ...short]
}

function find(name: string, fstab: readonly FstabEntry[], system: System): Wanted {
  const root = rootOf(fstab, system)
  const isOfRoot = ROOT_NAMES.includes(name) || plainName(name) === '/'
  const device = isOfRoot ? root : candidatesFor(name, fstab).map(found(system)).find(isDevice)
  if (device === undefined) throw refused('fsck-device-missing', { device: isOfRoot ? '/' : name })
  const isSame = (entry: FstabEntry) => found(system)(plainName(entry.device))?.name === device.name
  const entry = fstab.find(isSame)
  // A superblock that is lost says nothing about its type any more.
  const type = device.type === '' ? (entry?.type ?? '') : device.type
  if (familyOf(type) === undefined) throw refused('fsck-unknown-type', { device: device.name, type: type || '?' })
  return { device: { ...device, type }, mountPoint: entry?.mountPoint, isRoot: device.name === root?.name }
}

/** By its number; where that leads to no disk, by its names. */
function rootOf(fstab: readonly FstabEntry[], system: System): BlockDevice | undefined {
  const mounted = system.devices.find(({ number }) => number !== null && number === system.rootNumber)
  const entry = fstab.find(({ mountPoint }) => mountPoint === '/')
  return mounted ?? [system.rootArgument, entry?.device ?? ''].map(plainName).map(found(system)).find(isDevice)
}

/** Also a disk on which blkid(8) recognises nothing. */
function found(system: System): (name: string) => BlockDevice | undefined {
  return (name) => {
    const place = system.places.get(name)
    const bare = place?.kind === 'block' ? { name, number: place.number, type: '', tags: [] } : undefined
    return findDevice(system, name) ?? bare
  }
}

function isDevice(device: BlockDevice | undefined): device is BlockDevice {
  return device !== undefined
}

const [START_BYTES, END_BYTES] = [1200, 800]

/**
 * `$1` device, `$2` root or other, `$3` where it belongs, then the tool and its options. What the tool says can be very
 * long: of it the beginning and the end are enough to judge.
 */
const CHECK = [
  'export LC_ALL=C; d=$1; k=$2; w=$3; shift 3',
  'mounts() { while read -r _ _ n _ m _; do [ "$n" = "$1" ] && printf "%b\\n" "$m"; done </proc/self/mountinfo; }',
  'n=$(printf "%d:%d" "0x$(stat -Lc %t -- "$d")" "0x$(stat -Lc %T -- "$d")")',
  'if [ "$k" = root ]; then [ -w / ] && mount -o remount,ro / >/dev/null 2>&1; [ -w / ] && echo "mounted /"; ' +
    'else mounts "$n" 2>/dev/null | while read -r m; do umount -- "$m" >/dev/null 2>&1; done; ' +
    'mounts "$n" 2>/dev/null | sed "s/^/mounted /"; fi',
  'for p in "$w" /mnt /run /tmp; do [ -d "$p" ] && echo "place $p" && break; done',
  'for t in mount umount "$1"; do p=$(command -v "$t") && echo "tool $p"; done',
  'if command -v "$1" >/dev/null; then echo report; { "$@" "$d"; echo "exit $?"; } 2>&1 | ' +
    `{ head -c ${START_BYTES}; printf "\\n--cut--\\n"; tail -c ${END_BYTES}; }; fi`,
].join('; ')

async function check(shell: Shell, { device, mountPoint, isRoot }: Wanted, signal: AbortSignal): Promise<Checked> {
  const family = familyOf(device.type)
  if (family === undefined) throw refused('fsck-unknown-type', { device: device.name, type: device.type })
  const place = mountPoint?.startsWith('/') ? mountPoint : ''
  const parameters = [device.name, isRoot ? 'root' : 'other', place, ...family.dryRun]
  const { output } = await shell.run(['/bin/sh', '-c', CHECK, 'sh', ...parameters], signal, { limitMs: TOOL_LIMIT_MS })
  const [before = '', said] = output.replaceAll('\r\n', '\n').split(/^report\n/m)
  const lines = before.split('\n')
  const [mount = ''] = tagged(lines, 'mounted')
  if (mount !== '') throw refused('fsck-mounted', { device: device.name, mount })
  const tools = tagged(lines, 'tool')
  const tool = tools.find((path) => path.endsWith(`/${family.dryRun[0]}`))
  if (tool === undefined)
    throw new RescueError('operator', 'tool-missing', 'the tool is not there', {
      details: { tool: family.dryRun[0] ?? '' },
    })
  const { report, exitCode } = /^(?<report>[\s\S]*?)exit (?<exitCode>\d+)\n/.exec(glued(said ?? ''))?.groups ?? {}
  if (report === undefined) throw unreadable(device.name, output)
  return {
    device: device.name,
    name: device.tags[0] ?? device.name,
    type: device.type,
    isRoot,
    tool,
    mountTool: tools.find((path) => path.endsWith('/mount')) ?? '/bin/mount',
    umountTool: tools.find((path) => path.endsWith('/umount')) ?? '/bin/umount',
    place: tagged(lines, 'place')[0] ?? '/mnt',
    exitCode: Number(exitCode),
    report: report.trim(),
  }
}

/** Where nothing is missing between its two parts, the report is one. */
function glued(said: string): string {
  const [start = '', end = ''] = said.split('\n--cut--\n')
  if (Buffer.byteLength(end) < END_BYTES) return start + end
  return `${start}\n…\n${end}`
}

function refused(
  code: 'fsck-device-missing' | 'fsck-unknown-type' | 'fsck-mounted',
  details: Readonly<Record<string, string>>,
): RescueError {
  return new RescueError('operator', code, `${details.device} can not be checked: ${code}`, { details })
}
