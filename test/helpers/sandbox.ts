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

/**
 * `/usr/sbin` is the machine's own: `reboot` ends the shell that was started with `bash` below, `dmesg` has no kernel
 * to silence, and `sync` does not wait for the host's disks. The user's id is root's, the only one there is.
 */
const BOOT = `set -e
R=$1
mount -t tmpfs -o size=4m tmpfs "$R"
cd "$R"
mkdir -p usr/sbin dev run etc/ssh home/opc/.ssh var
for d in /usr/*; do [ "$d" = /usr/sbin ] || { mkdir "\${d#/}"; mount --rbind "$d" "\${d#/}"; }; done
for d in bin lib lib64; do [ -L "/$d" ] && cp -P "/$d" . || { mkdir "$d"; mount --rbind "/$d" "$d"; }; done
for d in null zero urandom; do : >dev/$d; mount --bind /dev/$d dev/$d; done
mount -t tmpfs tmpfs run
printf '#!/bin/sh\\n: >/run/rebooting; kill -KILL "$(cat /run/init.pid)"; sleep 60\\n' >usr/sbin/reboot
printf '#!/bin/sh\\n' | tee usr/sbin/dmesg >usr/sbin/sync
chmod 0755 usr/sbin/* . home
chmod 0700 home/opc home/opc/.ssh
echo 'tmpfs / tmpfs defaults 0 0' >etc/fstab
echo 'opc:x:0:0::/home/opc:/bin/bash' >etc/passwd
exec chroot . /bin/bash --norc --noprofile`

/** What the kernel does for a shell that is to be process 1; its prompt is Debian's. */
const INIT = `mount -o remount,ro /
rm -f /run/rebooting
echo $$ >/run/init.pid
export PS1='root@(none):/# '
exec /bin/bash --norc --noprofile`

/** Left by `reboot`; without it, a shell that ended has taken its kernel down. */
const REBOOTING = '/run/rebooting'

export const canHaveSandbox =
  spawnSync('/usr/bin/unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0

export class Sandbox implements Disposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'sandbox-'))
  readonly #keeper: ChildProcessWithoutNullStreams
  #turn: Promise<unknown> = Promise.resolve()

  constructor() {
    const command = ['-rm', '/bin/bash', '-c', BOOT, 'boot', this.#root]
    this.#keeper = spawn('/usr/bin/unshare', command, { env: { PATH } })
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
    const root = `/proc/${this.#keeper.pid}/root`
    const place = ['-U', '-m', '--preserve-credentials', '-F', `--root=${root}`, `--wd=${root}`]
    return ['/usr/bin/nsenter', '-t', `${this.#keeper.pid}`, ...place, '/bin/bash', '-c', INIT]
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
