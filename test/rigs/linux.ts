/**
 * Debian's kernel with an initramfs of bash and busybox: it reports its command
 * line as the stub kernel does, then runs what `init=` names, or asks for a login.
 */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ArchiveEntry, CHARACTER_DEVICE, cpioArchive, DIRECTORY, LINK, PROGRAM } from './cpio.ts'
import type { Kernel } from './kernel.ts'
import { unpackedPackages } from './packages.ts'
import { REPORT } from './stub-kernel.ts'

export async function debianKernel(architecture: 'amd64' | 'arm64', signal: AbortSignal): Promise<Kernel> {
  const packages = [`linux-image-cloud-${architecture}`, 'busybox-static', 'bash-static']
  const root = await unpackedPackages({ architecture, packages }, signal)
  const names = await readdir(join(root, 'boot'))
  const name = names.find((one) => one.startsWith('vmlinuz-'))
  if (name === undefined) throw new Error(`no kernel in ${root}/boot: ${names.join(' ')}`)
  return { kernel: await readFile(join(root, 'boot', name)), initrd: await initramfs(root) }
}

async function initramfs(root: string): Promise<Buffer> {
  const program = async (path: string, from: string): Promise<ArchiveEntry> => ({
    path,
    content: await readFile(join(root, from)),
    mode: PROGRAM,
  })
  const link = (path: string): ArchiveEntry => ({ path, content: Buffer.from('/bin/busybox'), mode: LINK })
  return cpioArchive([
    ...['bin', 'sbin', 'dev', 'proc', 'sys', 'tmp', 'root', 'etc'].map(directory),
    // Without it the kernel has nowhere to connect the output of its first program to.
    { path: 'dev/console', content: new Uint8Array(), mode: CHARACTER_DEVICE, device: { major: 5, minor: 1 } },
    await program('bin/busybox', 'bin/busybox'),
    await program('bin/bash', 'bin/bash-static'),
    ...['bin/sh', 'sbin/init', 'sbin/getty', 'bin/login'].map(link),
    { path: 'init', content: Buffer.from(INIT), mode: PROGRAM },
  ])
}

function directory(path: string): ArchiveEntry {
  return { path, content: new Uint8Array(), mode: DIRECTORY }
}

/** The real root's part is played by the initramfs itself: `init=` is looked for in it, its arguments are passed on. */
const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/sbin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
dmesg -n 1
printf '\\r\\n${REPORT}%s\\r\\n' "$(cat /proc/cmdline)"
console=$(sed 's/.*console=//; s/[ ,].*//' /proc/cmdline)
init=
for word in $(cat /proc/cmdline); do
  case $word in init=*) init=\${word#init=} ;; --) break ;; esac
done
if [ -n "$init" ]; then
  if [ -x "$init" ]; then exec "$init" "$@"; fi
  echo "init=$init: not found"
fi
hostname rig
exec getty -L 115200 "$console" linux
`
