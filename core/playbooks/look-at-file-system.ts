/** One file system, before it is repaired: which one is meant, whether anybody uses it, and what a check that changes nothing says of it. */
import { RescueError } from '../base/errors.ts'
import type { Shell } from '../shell/shell.ts'
import { type BlockDevice, findDevice, lookAtDevices, SEE_DISKS, type System } from './block-devices.ts'
import { isTag, plainName } from './device-names.ts'
import { unreadable } from './inspect.ts'

export interface FileSystemFacts {
  readonly device: BlockDevice
  readonly family: 'ext' | 'xfs'
  readonly isRoot: boolean
  /** The tool that checks and repairs it, by its path. */
  readonly tool: string
  /** Of the check that changes nothing. */
  readonly exitCode: number
  /** The end of what it said. */
  readonly said: string
  readonly selinux: boolean
}

const TOOLS = { ext: ['/usr/sbin/e2fsck', '/sbin/e2fsck'], xfs: ['/usr/sbin/xfs_repair', '/sbin/xfs_repair'] } as const

/** A whole volume is read; what that takes, nobody knows beforehand. */
const CHECK_MS = 1_800_000
/** Thousands of lines, one for each error; the last ones and their number say enough. */
const SAID_BYTES = 1500

/** `$1` the device, then the command that checks it; it is told to change nothing. */
const CHECK = [
  'export LC_ALL=C; d=$1; shift',
  SEE_DISKS,
  'grep -s "^$d " /proc/mounts | sed "s/^/mount /"',
  `o=$("$@" "$d" 2>&1 </dev/null); r=$?`,
  `printf "%s" "$o" | tail -c ${SAID_BYTES} | sed "s/^/says /"`,
  'echo; echo "exit $r"; echo end',
].join('; ')

/**
 * `name` as the evidence or a person gives it; null: the root file system.
 * @throws RescueError `device-not-there`, `no-such-check` for a type that nothing here repairs, `tool-missing`,
 *   `file-system-in-use`, `check-not-made`, `look-unreadable`
 */
export async function lookAtFileSystem(
  shell: Shell,
  name: string | null,
  signal: AbortSignal,
): Promise<FileSystemFacts> {
  const system = await lookAtDevices(shell, name === null ? [] : pathsOf(name), [], signal)
  const device = name === null ? rootOf(system) : deviceNamed(system, name)
  if (device === undefined) throw notThere(name ?? '/')
  const family = familyOf(device)
  if (family === undefined) throw notRepaired(device)
  const isRoot = device.number !== null && device.number === system.rootNumber
  const tool = await toolFor(shell, family, signal)
  const check = family === 'ext' ? [tool, '-fn'] : [tool, '-n', ...(isRoot ? ['-d'] : [])]
  const { output } = await shell.run(['/bin/sh', '-c', CHECK, 'sh', device.name, ...check], signal, {
    limitMs: CHECK_MS,
  })
  const lines = output.split(/\r?\n/)
  const [, exit] = lines.map((line) => /^exit (\d+)$/.exec(line)).find((found) => found !== null) ?? []
  if (exit === undefined || !lines.includes('end')) throw unreadable(`how ${device.name} is`, output)
  demandUnused(device, system, isRoot)
  const said = lines.flatMap((line) => (line.startsWith('says ') ? [line.slice('says '.length)] : [])).join('\n')
  return { device, family, isRoot, tool, exitCode: Number(exit), said, selinux: system.selinux }
}

function rootOf({ devices, rootNumber }: System): BlockDevice | undefined {
  return devices.find(({ number }) => number !== null && number === rootNumber)
}

/** What may be a path to it, so that links are followed. */
function pathsOf(name: string): readonly string[] {
  const plain = plainName(name)
  if (plain.startsWith('/')) return [plain]
  return isTag(plain) || plain.includes('/') ? [] : [`/dev/${plain}`, `/dev/mapper/${plain}`]
}

/** The kernel says `sda1` and `dm-0`; e2fsck(8) calls a file system by its label, if it has one. */
function deviceNamed(system: System, name: string): BlockDevice | undefined {
  const plain = plainName(name)
  const names = [plain, ...pathsOf(name), ...(isTag(plain) || plain.startsWith('/') ? [] : [`LABEL=${plain}`])]
  return names.map((one) => findDevice(system, one)).find((device) => device !== undefined)
}

function familyOf({ type }: BlockDevice): FileSystemFacts['family'] | undefined {
  if (/^ext[234]$/.test(type)) return 'ext'
  return type === 'xfs' ? 'xfs' : undefined
}

async function toolFor(shell: Shell, family: FileSystemFacts['family'], signal: AbortSignal): Promise<string> {
  const script = 'for t do [ -x "$t" ] && { echo "$t"; exit; }; done; echo none'
  const { output } = await shell.run(['/bin/sh', '-c', script, 'sh', ...TOOLS[family]], signal)
  const tool = TOOLS[family].find((one) => one === output.trim())
  if (tool !== undefined) return tool
  const [wanted] = TOOLS[family]
  throw new RescueError('operator', 'tool-missing', `${wanted} is not there`, { details: { tool: wanted } })
}

/** The root file system is mounted here, and only read; any other has to be free. */
function demandUnused({ name }: BlockDevice, { mounts, rootIsWritable }: System, isRoot: boolean): void {
  const mountPoint = mounts.map((line) => line.split(' ')).find(([source]) => source === name)?.[1]
  const isInUse = isRoot ? rootIsWritable : mountPoint !== undefined && mountPoint !== '/'
  if (!isInUse) return
  throw new RescueError('operator', 'file-system-in-use', `${name} is in use`, {
    details: { device: name, mountPoint: isRoot ? '/' : (mountPoint ?? '') },
  })
}

function notThere(name: string): RescueError {
  return new RescueError('operator', 'device-not-there', `${name} is no disk here`, { details: { device: name } })
}

function notRepaired({ name, type }: BlockDevice): RescueError {
  const details = { device: name, type: type === '' ? '?' : type }
  return new RescueError('operator', 'no-such-check', `${name} is ${details.type}, which is not repaired here`, {
    details,
  })
}
