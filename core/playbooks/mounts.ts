/**
 * What a repair needs of the other file systems is mounted as `/etc/fstab` says, but read-only: in a maintenance shell
 * usually only the root file system is. The kernel replays a journal then, as at every boot; nothing else is written.
 */
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import { SEE_DISKS } from '../shell/see-disks.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { isLocalDevice } from './device-names.ts'
import { type FstabLine, findUnmounted } from './fstab.ts'
import { onTheWay, unreadable } from './inspect.ts'
import { pathsOf } from './make-change.ts'

const LOOK = [
  'export LC_ALL=C',
  'grep "^[^#]" /etc/fstab 2>/dev/null | sed "s/^/fstab /"',
  'for p do [ -e "$p" ] && echo "device $(stat -Lc %d -- "$p") $p"; done',
  'echo end',
].join('; ')

/**
 * mount(8) takes device, type and options from fstab, and finds UUIDs and labels itself. With `nofail` it is content
 * without the disk, so what came of it is asked of the kernel.
 */
const MOUNT = [
  'export LC_ALL=C; exec 2>&1',
  SEE_DISKS,
  'is_there() { grep -q " $1 " /proc/mounts; }',
  'is_there "$1" || mount -o ro -- "$1" || exit 1',
  '[ ! -e /proc/mounts ] || is_there "$1" || { echo "its disk is not there"; exit 1; }',
].join('; ')

/**
 * In words of sh that need no tool but mount(8): those are in /usr. A folder that is only the place of a file system has
 * nothing in it.
 */
const MOUNT_USR = [
  'export LC_ALL=C; exec 2>&1; [ ! -d /usr/bin ] && [ -r /etc/fstab ] || exit 0',
  'w=; while read -r a b c d e; do case "$a $b $d" in "#"*|*noauto*) ;; *" /usr "*) w=1;; esac; done </etc/fstab',
  `[ "$w" ] || exit 0; ${SEE_DISKS}`,
  'mount -o ro /usr && [ -d /usr/bin ] && echo mounted',
].join('; ')

/**
 * Where /usr is a file system of its own and the initramfs did not mount it, as old ones do not: with it come most of the
 * tools. True when it was mounted, so that the shell has more tools than it knew of.
 * @throws RescueError `not-mounted`
 */
export async function mountUsr(shell: Shell, signal: AbortSignal): Promise<boolean> {
  const { output, exitCode } = await shell.run(['/bin/sh', '-c', MOUNT_USR], signal)
  if (exitCode !== 0) throw notMounted({ device: '/usr', mountPoint: '/usr' }, output.trim())
  return output.includes('mounted')
}

/** What these changes lie on, for a boot that came after the one in which they were proposed. */
export async function mountForChanges(shell: Shell, changes: readonly Change[], signal: AbortSignal): Promise<void> {
  await mountFor(shell, changes.flatMap(pathsOf), signal)
}

/**
 * Mounts all that lies on the way to these paths, outermost first.
 * @throws RescueError `not-mounted`, `look-unreadable`
 */
export async function mountFor(shell: Shell, paths: readonly string[], signal: AbortSignal): Promise<void> {
  const done = new Set<string>()
  for (;;) {
    const unmounted = await nextUnmounted(shell, paths, done, signal)
    if (unmounted === undefined) return
    await mount(shell, unmounted, signal)
    done.add(unmounted.mountPoint)
  }
}

/** What was mounted a moment ago may hold the place of another one. */
async function nextUnmounted(
  shell: Shell,
  paths: readonly string[],
  done: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<FstabLine | undefined> {
  const places = [...new Set(paths.flatMap(onTheWay))]
  const lines = await ask(shell, [LOOK, 'sh', ...places], signal)
  const devices = new Map(tagged(lines, 'device').map((line) => [line.replace(/^\d+ /, ''), line.split(' ')[0]]))
  if (!devices.has('/')) throw unreadable('mounts', lines.join('\n'))
  const fstab = tagged(lines, 'fstab')
  return paths
    .map((path) => findUnmounted(fstab, path, (at) => devices.get(at), done))
    .find((line) => line !== undefined)
}

async function mount(shell: Shell, line: FstabLine, signal: AbortSignal): Promise<void> {
  const { device, mountPoint, options } = line
  const isBound = /(?:^|,)r?bind(?:,|$)/.test(options)
  if (!isLocalDevice(device) && !isBound) throw notMounted(line, 'only disks of the machine itself are mounted here')
  const { output, exitCode } = await shell.run(['/bin/sh', '-c', MOUNT, 'sh', mountPoint], signal)
  if (exitCode !== 0) throw notMounted(line, output.trim())
}

function notMounted({ device, mountPoint }: Pick<FstabLine, 'device' | 'mountPoint'>, said: string): RescueError {
  return new RescueError('operator', 'not-mounted', `${mountPoint} could not be mounted: ${said}`, {
    details: { device, mountPoint, said: said.slice(0, 500) },
  })
}
