/**
 * What a repair needs of the other file systems is mounted as `/etc/fstab` says, but read-only: in a maintenance shell
 * usually only the root file system is. The kernel replays a journal then, as at every boot; nothing else is written.
 */
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { SEE_DISKS } from './block-devices.ts'
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
  if (!devices.has('/')) throw unreadable('what is mounted', lines.join('\n'))
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

function notMounted({ device, mountPoint }: FstabLine, said: string): RescueError {
  return new RescueError('operator', 'not-mounted', `${mountPoint} could not be mounted: ${said}`, {
    details: { device, mountPoint, said: said.slice(0, 500) },
  })
}
