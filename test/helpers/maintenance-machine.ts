/**
 * A machine in its maintenance shell for playbooks: a real bash, real tools and a real file system that is read-only
 * until it is remounted, in namespaces of its own. Without /proc, as a maintenance shell may be.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { CommandResult, Shell } from '../../core/shell/shell.ts'

/** Root can own files as anybody in its own mount namespace; others only as themselves, as root of a user namespace. */
const isRoot = process.getuid?.() === 0
const NAMESPACES = isRoot ? ['-m'] : ['-rm']
/** Of the user opc. */
export const ID = isRoot ? 1000 : 0
export const canHaveNamespaces =
  spawnSync('/usr/bin/unshare', [...NAMESPACES, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0

/** A root file system in memory with the host's tools, /etc and /home of its own, and a second one at /var/full. */
const BOOT = `set -e
R=$1
mount -t tmpfs -o size=4m tmpfs "$R"
cd "$R"
mkdir -p usr dev etc/ssh/sshd_config.d etc/selinux home/opc/.ssh opt/tools var/full
for d in usr dev; do mount --rbind "/$d" "$d"; done
for d in bin sbin lib lib64; do [ -L "/$d" ] && cp -P "/$d" . || { mkdir "$d"; mount --rbind "/$d" "$d"; }; done
mount -t tmpfs -o size=16k tmpfs var/full
echo 'tmpfs / tmpfs defaults 0 0' >etc/fstab
echo 'opc:x:${ID}:${ID}::/home/opc:/bin/bash' >etc/passwd
chmod 0755 . home
chmod 0700 home/opc home/opc/.ssh
chown -R ${ID}:${ID} home/opc
exec chroot . /bin/bash --norc --noprofile`

export class Machine implements Shell, Disposable {
  /** Every command that was run, as text. */
  readonly commands: string[] = []
  readonly #root = mkdtempSync(join(tmpdir(), 'machine-'))
  readonly #bash: ChildProcessWithoutNullStreams

  constructor() {
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
    this.#bash = spawn('/usr/bin/unshare', [...NAMESPACES, '/bin/bash', '-c', BOOT, 'boot', this.#root], { env })
  }

  async run(command: readonly string[]): Promise<CommandResult> {
    this.commands.push(command.join(' '))
    const marker = randomBytes(8).toString('hex')
    const quoted = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
    this.#bash.stdin.write(`(${quoted}) </dev/null 2>&1; echo "${marker} $?"\n`)
    let heard = ''
    const said = new RegExp(`^([\\s\\S]*)${marker} (\\d+)\\n`)
    for await (const bytes of this.#bash.stdout.iterator({ destroyOnReturn: false })) {
      heard += bytes
      const [, output, exitCode] = said.exec(heard) ?? []
      if (output !== undefined) return { output, exitCode: Number(exitCode) }
    }
    throw new Error(`the machine is gone: ${heard}`)
  }

  async readFile(path: string): Promise<Uint8Array | undefined> {
    const { output, exitCode } = await this.run(['base64', '--', path])
    return exitCode === 0 ? Buffer.from(output, 'base64') : undefined
  }

  async writeFile(path: string, bytes: Uint8Array): Promise<void> {
    const script = 'printf %s "$2" | base64 -d >"$1"'
    await this.run(['/bin/bash', '-c', script, 'bash', path, Buffer.from(bytes).toString('base64')])
  }

  /** Does something to the machine before the rescue finds it, or behind its back. */
  async given(script: string): Promise<string> {
    const { output, exitCode } = await this.run(['/bin/bash', '-ec', script])
    expect({ script, exitCode, output }).toMatchObject({ exitCode: 0 })
    return output
  }

  /** As after a boot with `init=/bin/bash`. */
  async isReadOnly(): Promise<void> {
    await this.given('mount -o remount,ro /')
    this.commands.length = 0
  }

  close(): void {
    this.#bash.kill('SIGKILL')
    rmSync(this.#root, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
