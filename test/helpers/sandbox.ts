/**
 * The disk of a machine without the machine: a root file system in memory with the
 * host's tools, in a user and a mount namespace of its own. Whatever runs in it, also
 * `reboot -f`, ends there: the host's kernel, devices and files are out of reach.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** What is in /bin where that is no link to /usr/bin, of what is needed here (Oracle Linux 6): nothing for sums, no stat. */
const IN_BIN = 'bash sh mount cat grep sed cut readlink mkdir mv rm ln chmod chown'

/**
 * `/usr/sbin` is the machine's own: `reboot` ends the shell that was started with `bash` below, `dmesg` has no kernel
 * to silence, and `sync` does not wait for the host's disks. Of the host's there is `chroot`. The user's id is root's, the
 * only one there is.
 */
const BOOT = `set -e
R=$1 usr=usr
[ "$2" != apart ] || usr=opt/usr
mount -t tmpfs -o size=4m tmpfs "$R"
cd "$R"
mkdir -p $usr/sbin dev run etc/ssh home/opc/.ssh var
for d in /usr/*; do [ "$d" = /usr/sbin ] || { mkdir "$usr/\${d#/usr/}"; mount --rbind "$d" "$usr/\${d#/usr/}"; }; done
for d in null zero urandom; do : >dev/$d; mount --bind /dev/$d dev/$d; done
mount -t tmpfs tmpfs run
printf '#!/bin/sh\\n: >/run/rebooting; kill -KILL "$(cat /run/init.pid)"; sleep 60\\n' >$usr/sbin/reboot
printf '#!/bin/sh\\n' | tee $usr/sbin/dmesg >$usr/sbin/sync
chmod 0755 $usr/sbin/* . home
: >$usr/sbin/chroot
mount --bind /usr/sbin/chroot $usr/sbin/chroot
chmod 0700 home/opc home/opc/.ssh
echo 'tmpfs / tmpfs defaults 0 0' >etc/fstab
echo 'opc:x:0:0::/home/opc:/bin/bash' >etc/passwd
if [ "$2" = apart ]; then
  mkdir bin lib lib64 usr
  for d in lib lib64; do mount --rbind /$d $d; done
  for t in ${IN_BIN}; do : >bin/$t; mount --bind /bin/$t bin/$t; done
  cp -p $usr/sbin/dmesg $usr/sbin/sync bin
  echo '/opt/usr /usr none rbind 0 0' >>etc/fstab
else
  for d in bin lib lib64; do [ -L "/$d" ] && cp -P "/$d" . || { mkdir "$d"; mount --rbind "/$d" "$d"; }; done
fi
exec chroot . /bin/bash --norc --noprofile`

/** What the kernel does for a shell that is to be process 1; its prompt is Debian's. */
const INIT = `mount -o remount,ro /
rm -f /run/rebooting
echo $$ >/run/init.pid
export PS1='root@(none):/# '
exec /bin/bash --norc --noprofile`

/**
 * An initramfs that has mounted the disk at /root, as poor as klibc's: no tools but these. What the kernel would say of
 * mounts are files, since nobody may mount a /proc here; on the disk, one is `/proc/mounts`.
 */
const INITRAMFS = `mount -o remount,ro /
rm -f /run/rebooting
echo $$ >/run/init.pid
exec unshare -m /bin/bash -ec '
mkdir -p /run/initramfs
mount -t tmpfs tmpfs /run/initramfs
cd /run/initramfs
mkdir bin lib lib64 dev proc root run
for d in lib lib64; do mount --rbind /$d $d; done
for t in sh mount chroot cat; do : >bin/$t; mount --bind "$(command -v $t)" bin/$t; done
mount --rbind /dev dev
mount --rbind / root
for m in "rootfs / rootfs" "/dev/vda1 /root ext4" "devtmpfs /root/dev devtmpfs" "proc /root/proc proc" \\
  "sysfs /root/sys sysfs" "tmpfs /root/run tmpfs"; do echo "$m rw 0 0"; done >proc/mounts
mkdir -p proc/sys/kernel
: >proc/partitions
: >proc/sys/kernel/printk
[ "$1" != empty ] || mount -t tmpfs tmpfs root/usr
[ "$1" != missing ] || echo "rootfs / rootfs rw 0 0" >proc/mounts
echo "root=UUID=1f2e3d4c ro init=/bin/bash" >proc/cmdline
export PS1="(initramfs) " PATH=/bin
exec /usr/sbin/chroot . /bin/sh' bash "$@"`

/** Left by `reboot`; without it, a shell that ended has taken its kernel down. */
const REBOOTING = '/run/rebooting'

export const canHaveSandbox =
  spawnSync('/usr/bin/unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0

/** How an initramfs has it; `empty`: without any program. */
export type DiskInInitramfs = 'mounted' | 'missing' | 'empty'

export class Sandbox implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'sandbox-'))
  readonly #keeper: ChildProcessWithoutNullStreams
  #turn: Promise<unknown> = Promise.resolve()

  /** `usr`: whether it is a part of the root file system, or apart, as fstab says, and not mounted yet. */
  constructor(usr: 'part' | 'apart' = 'part') {
    const command = ['-rm', '/bin/bash', '-c', BOOT, 'boot', this.#root, usr]
    this.#keeper = spawn('/usr/bin/unshare', command, { env: { PATH: `${PATH}:/opt/usr/bin` } })
  }

  /** Runs a script of bash; throws when it fails. Gives what it printed. */
  async given(script: string): Promise<string> {
    const { output, exitCode } = await this.run(script)
    if (exitCode !== 0) throw new Error(`${script}\nended with ${exitCode}:\n${output}`)
    return output
  }

  run(script: string): Promise<{ output: string; exitCode: number }> {
    const turn = this.#turn.then(
      () => this.#ask(script),
      () => this.#ask(script),
    )
    this.#turn = turn
    return turn
  }

  /** Whether the shell that ended was ended by `reboot`. */
  async isRebooting(): Promise<boolean> {
    return (await this.run(`rm ${REBOOTING}`)).exitCode === 0
  }

  /** The command of one more bash in here, as process 1 of a machine would be, on a root file system that is read-only. */
  bash(): readonly [string, ...string[]] {
    return this.#enter(INIT)
  }

  /** The same of a shell in an initramfs. */
  initramfs(disk: DiskInInitramfs): readonly [string, ...string[]] {
    return [...this.#enter(INITRAMFS), 'bash', disk]
  }

  #enter(script: string): readonly [string, ...string[]] {
    const root = `/proc/${this.#keeper.pid}/root`
    const place = ['-U', '-m', '--preserve-credentials', '-F', `--root=${root}`, `--wd=${root}`]
    return ['/usr/bin/nsenter', '-t', `${this.#keeper.pid}`, ...place, '/bin/bash', '-c', script]
  }

  /** The environment of that bash. */
  get environment(): Readonly<Record<string, string>> {
    return { PATH, HOME: '/' }
  }

  [Symbol.dispose](): void {
    this.#keeper.kill('SIGKILL')
    rmSync(this.#root, { recursive: true, force: true })
  }

  async #ask(script: string): Promise<{ output: string; exitCode: number }> {
    const marker = randomBytes(8).toString('hex')
    const quoted = script.replaceAll("'", "'\\''")
    this.#keeper.stdin.write(`/bin/bash -ec '${quoted}' </dev/null 2>&1; echo "${marker} $?"\n`)
    const said = new RegExp(`^([\\s\\S]*)${marker} (\\d+)\\n`)
    let heard = ''
    for await (const bytes of this.#keeper.stdout.iterator({ destroyOnReturn: false })) {
      heard += bytes
      const [, output, exitCode] = said.exec(heard) ?? []
      if (output !== undefined) return { output, exitCode: Number(exitCode) }
    }
    throw new Error(`the sandbox is gone: ${heard}`)
  }
}
