/**
 * From the shell of an initramfs into the machine's own system: its root file system is mounted read-only, as the
 * kernel was told, where the initramfs has not done it, and a shell of its own is started in there. The shell of the
 * initramfs waits meanwhile.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { enterShell } from './enter.ts'
import { nonce } from './nonce.ts'
import { SEE_DISKS } from './see-disks.ts'
import type { SerialShell } from './serial-shell.ts'

/** Under emulation, from a disk of which nothing is in memory yet. */
const START_MS = 60_000
/** A file system that was not left clean replays its journal first. */
const MOUNT_LIMIT_MS = 120_000

/** What stands behind the first `=`. */
const VALUE = `value() { echo "\${1#*=}"; }`

/** Leaves the node of what `root=` or fstab(5) names in `d`. udev's links first: not every initramfs has blkid. */
const DEVICE =
  'device() { d=$1; by=; case $1 in UUID=*) by=uuid;; LABEL=*) by=label;; PARTUUID=*) by=partuuid;; ' +
  'PARTLABEL=*) by=partlabel;; esac; [ ! "$by" ] || { d=/dev/disk/by-$by/$(value "$1"); ' +
  'y=$(readlink -f "$d" 2>/dev/null); [ ! -b "$y" ] || d=$y; }; ' +
  '[ -b "$d" ] || d=$(blkid -l -o device -t "$1" 2>/dev/null); [ -b "$d" ]; }'

/** Device, directory, types, options. klibc's mount wants a type; a driver may be a module. The last option counts. */
const OPEN_DEVICE =
  'open() { for t in $3 $(blkid -s TYPE -o value "$1" 2>/dev/null) none; do [ $t != auto ] || continue; ' +
  'modprobe $t 2>/dev/null; o=ro; [ ! "$4" ] || o=$4,ro; [ $t = none ] || o="$o -t $t"; ' +
  'mount -o $o "$1" "$2" && return 0; done; return 1; }'

/**
 * In builtins of sh, mount(8), and what else an initramfs may have: klibc's has neither grep nor stat. Says `system`
 * where the root is no initramfs, `root DIRECTORY DEVICE TYPE` when all is mounted, `missing` or `refused` and what
 * `root=` says when it is not. Anything else are the tools' own words.
 */
const OPEN = [
  'export LC_ALL=C; exec 2>&1; set -f',
  SEE_DISKS,
  // The last one counts: what was there before lies below it.
  'at() { k=; while read -r a b c z; do [ "$b" != "$1" ] || k="$a $c"; done </proc/mounts; [ "$k" ]; }',
  'at /; case $k in *" rootfs"|*" ramfs"|*" tmpfs") ;; *) echo system; echo end; exit;; esac',
  // (dracut, initramfs-tools)
  'r=/root; [ ! -d /sysroot ] || r=/sysroot',
  VALUE,
  'root= type= flags=; read -r line </proc/cmdline',
  'for w in $line; do v=$(value "$w"); case $w in root=*) root=$v;; rootfstype=*) type=$v;; ' +
    'rootflags=*) flags=$v;; esac; done',
  DEVICE,
  OPEN_DEVICE,
  'fail() { echo "$1 $root"; echo end; exit; }',
  'at $r || { device "$root" || fail missing; open "$d" $r "$type" "$flags" && at $r || fail refused; }',
  'm=$k; [ ! -r $r/etc/fstab ] || while read -r e f g h i; do case "$e $f $h" in "#"*|*noauto*) ;; ' +
    '*" /usr "*) at $r/usr || { device "$e" && open "$d" $r/usr "$g" "$h"; };; esac; done <$r/etc/fstab',
  'at $r/dev || mount -t devtmpfs devtmpfs $r/dev; at $r/proc || mount -t proc proc $r/proc',
  'at $r/sys || mount -t sysfs sysfs $r/sys; at $r/run || mount -o bind /run $r/run',
  'echo "root $r $m"; echo end',
].join('; ')

/**
 * `$1` is the root, `$2$3` what its prompt says: in two words, for the shell that is asked repeats what it was asked.
 * The first that runs at all is the one.
 */
const START =
  'exec 2>&1; export PS1="@$2$3# "; ' +
  'chroot "$1" /bin/bash -c : && exec chroot "$1" /bin/bash --noediting --norc --noprofile; ' +
  'chroot "$1" /bin/sh -c : && exec chroot "$1" /bin/sh; echo "@$2$3:none"'

/** What a shell that was found leads to: the device of the root file system, undefined in a system that was started. */
export interface EnteredRoot {
  readonly shell: SerialShell
  readonly device: string | undefined
}

/**
 * `found` is the shell that is there; it may be one of the machine's own system already, and then it is given back.
 * @throws RescueError `root-not-mounted`, `root-without-shell`, and as `enterShell` does
 */
export async function enterRoot(console: Console, found: SerialShell, signal: AbortSignal): Promise<EnteredRoot> {
  const { output } = await found.run(['/bin/sh', '-c', OPEN], signal, { limitMs: MOUNT_LIMIT_MS })
  const lines = output.split('\n')
  if (lines.includes('system')) return { shell: found, device: undefined }
  const { directory, device, type } =
    lines.map((line) => /^root (?<directory>\/\S+) (?<device>\S+) (?<type>\S+)$/.exec(line)?.groups).find(Boolean) ?? {}
  if (directory === undefined || device === undefined) throw notMounted(lines)
  await startShell(console, found, directory, signal)
  const shell = await enterShell(console, signal)
  await demandRoot(shell, `${device} ${type}`, signal)
  return { shell, device }
}

async function startShell(console: Console, found: SerialShell, directory: string, signal: AbortSignal): Promise<void> {
  const name = nonce()
  using heard = console.listen()
  await found.leaveWith(['/bin/sh', '-c', START, 'sh', directory, name.slice(0, 3), name.slice(3)], signal)
  const answer = () => new RegExp(`(?<said>[\\s\\S]*)@${name}(?<how># |:none)`).exec(heard.text)?.groups
  const { how, said = '' } = await console.until('shell-on-root', answer, START_MS, signal)
  if (how === '# ') return
  const words = said.trim().split('\n').slice(-2).join('; ').slice(0, 300)
  throw new RescueError('machine', 'root-without-shell', `no shell starts on the root file system: ${words}`, {
    details: { said: words },
  })
}

/** The kernel's list of mounts begins, for whoever asks, where his own root is. */
async function demandRoot(shell: SerialShell, wanted: string, signal: AbortSignal): Promise<void> {
  const script = 'k=; while read -r a b c d; do [ "$b" != / ] || k="$a $c"; done </proc/mounts; echo "$k"'
  const { output } = await shell.run(['/bin/sh', '-c', script], signal)
  if (output.trim() === wanted) return
  throw new RescueError('machine', 'root-without-shell', `the shell's root is ${output.trim()}, not ${wanted}`, {
    details: { said: output.trim().slice(0, 300) },
  })
}

function notMounted(lines: readonly string[]): RescueError {
  const why = lines.map((line) => /^(?<how>missing|refused) (?<root>.*)$/.exec(line)?.groups).find(Boolean)
  const words = lines.filter((line) => line !== '' && line !== 'end' && !/^(?:missing|refused) /.test(line)).slice(-3)
  const said = why?.how === 'missing' ? 'there is no such device' : words.join('; ').slice(0, 300)
  const root = why?.root === undefined || why.root === '' ? '?' : why.root
  return new RescueError('machine', 'root-not-mounted', `the root file system ${root} is not mounted: ${said}`, {
    details: { root, said },
  })
}
