/**
 * Builds the disk that all Debian guests have in common: packages with mmdebstrap,
 * our files on top, then the disk. Needs root, or user namespaces (mmdebstrap's own
 * way for everybody else).
 */
import { randomUUID } from 'node:crypto'
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { runCommand } from '../../commands.ts'
import { makeDisk } from './disk.ts'
import type { Flavour, Labels } from './flavour.ts'
import { filesAfterPackages, filesBeforePackages, type GuestFile, PACKAGES, SUITE } from './recipe.ts'
import { sourcesFor, transportSettings } from './sources.ts'

const isRoot = process.getuid?.() === 0

/** Before commands that must see the files with their owners: our user becomes root of a namespace. */
const ENTER = isRoot ? [] : ['unshare', '--user', '--map-root-user', '--map-auto', '--']

/**
 * Writes the disk to `disk`; everything else goes to `work`, an empty folder of the caller's. Gives the labels that its
 * files are still to get, once the machine has all that is its own.
 */
export async function buildDebianDisk(
  work: string,
  disk: string,
  flavour: Flavour,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Labels> {
  const rootUuid = randomUUID()
  await writeTree(join(work, 'before'), filesBeforePackages(flavour))
  await writeTree(join(work, 'after'), filesAfterPackages(flavour, rootUuid, await keyNobodyHas(work, signal)))
  await cp('/usr/lib/grub/i386-pc', join(work, 'after/boot/grub/i386-pc'), { recursive: true })

  report('guest image: installing Debian 12 and its kernel (one to two minutes)')
  await installPackages(work, flavour, signal)
  report('guest image: making a disk with GRUB')
  return await unpackAndMakeDisk(work, disk, rootUuid, flavour, signal)
}

/** The owner of web-1 lost this key: only its public half is kept. */
async function keyNobodyHas(work: string, signal: AbortSignal): Promise<string> {
  const path = join(work, 'lost-key')
  await runCommand(
    'ssh-keygen',
    ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-C', 'ssh-key-lost', '-f', path],
    {},
    signal,
  )
  await rm(path)
  return readFile(`${path}.pub`, 'utf8')
}

async function writeTree(folder: string, files: readonly GuestFile[]): Promise<void> {
  for (const { path, content, mode = 0o644 } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
    await chmod(join(folder, path), mode)
  }
}

/**
 * Only the files, as root's: folders that the packages make keep their owners and
 * modes. mmdebstrap's own way to copy a folder would give /etc to whoever runs it.
 */
async function packTree(folder: string, signal: AbortSignal): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  const archive = `${folder}.tar`
  await runCommand(
    'tar',
    ['-C', folder, '--owner=0', '--group=0', '--numeric-owner', '-cf', archive, ...files],
    {},
    signal,
  )
  return archive
}

async function installPackages(work: string, { packages }: Flavour, signal: AbortSignal): Promise<void> {
  const settings = ['APT::Install-Recommends "false";', ...(await transportSettings())]
  const sources = join(work, 'sources.list')
  await writeFile(sources, await sourcesFor(SUITE))
  const args = [
    ...[
      '--mode',
      isRoot ? 'root' : 'unshare',
      '--variant',
      'minbase',
      '--include',
      [...PACKAGES, ...packages].join(','),
    ],
    ...settings.flatMap((line) => ['--aptopt', line]),
    ...['man', 'doc', 'locale', 'info'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
    `--essential-hook=tar-in "${await packTree(join(work, 'before'), signal)}" /`,
    `--customize-hook=tar-in "${await packTree(join(work, 'after'), signal)}" /`,
    '--customize-hook=chroot "$1" sh /root/finish.sh',
    '--customize-hook=rm -f "$1"/etc/apt/apt.conf.d/99mmdebstrap "$1"/etc/dpkg/dpkg.cfg.d/99mmdebstrap',
    ...[SUITE, join(work, 'root.tar'), sources],
  ]
  await runCommand('mmdebstrap', args, {}, signal)
}

async function unpackAndMakeDisk(
  work: string,
  disk: string,
  rootUuid: string,
  flavour: Flavour,
  signal: AbortSignal,
): Promise<Labels> {
  const root = join(work, 'root')
  await mkdir(root, { mode: 0o755 })
  try {
    // Device nodes are for root alone to make, and the kernel brings its own.
    await asRoot(['tar', '-C', root, '--exclude=./dev/*', '--numeric-owner', '-xpf', join(work, 'root.tar')], signal)
    const labels = await flavour.labelsFor({ run: (commandLine) => asRoot(['chroot', root, ...commandLine], signal) })
    await makeDisk(root, disk, rootUuid, ENTER, signal)
    return labels
  } finally {
    await asRoot(['rm', '-rf', root])
  }
}

async function asRoot(commandLine: readonly string[], signal?: AbortSignal): Promise<string> {
  const [command = '', ...args] = [...ENTER, ...commandLine]
  return await runCommand(command, args, {}, signal)
}
