/**
 * Debian packages that are wanted for their files only: some cannot be installed
 * beside what this machine has (grub-legacy), some are for another processor. They
 * are fetched with apt, into an apt root of their own, and unpacked into the cache.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../deploy/local/commands.ts'
import { cacheFolder, makeOnce } from '../../deploy/local/machines/cache.ts'
import { sourcesFor, transportSettings } from '../../deploy/local/machines/debian/sources.ts'

export interface PackageSet {
  readonly architecture: 'amd64' | 'arm64'
  /** Without those they depend on; but instead of a package that brings no files, as `linux-image-cloud-amd64`, the one it names. */
  readonly packages: readonly string[]
}

/** The release of Debian whose boot loaders the rigs have. */
const SUITE = 'bookworm'

/** The folder with the files of the packages, as in a root file system; made on the first time. */
export async function unpackedPackages(set: PackageSet, signal: AbortSignal): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify({ ...set, SUITE }))
    .digest('hex')
    .slice(0, 16)
  const folder = join(cacheFolder(process.env), `rigs-${key}`)
  const onWait = () => console.log(`rigs: another process fetches ${set.packages.join(', ')}, waiting for it`)
  return await makeOnce(folder, (root) => unpack(set, root, signal), onWait, signal)
}

async function unpack(set: PackageSet, root: string, signal: AbortSignal): Promise<void> {
  const work = join(root, 'apt')
  const settings = await makeAptRoot(set.architecture, work)
  await runCommand('apt-get', [...settings, 'update'], { cwd: work }, signal)
  for (const name of set.packages) {
    const real = await realPackage(name, settings, signal)
    await runCommand('apt-get', [...settings, 'download', real], { cwd: work }, signal)
  }
  const archives = (await readdir(work)).filter((name) => name.endsWith('.deb'))
  for (const archive of archives) await runCommand('dpkg-deb', ['-x', join(work, archive), root], {}, signal)
  // A kernel's modules are most of its files, and no rig loads one.
  await rm(join(root, 'lib/modules'), { recursive: true, force: true })
  await rm(work, { recursive: true })
}

/** The options that make apt use `work` instead of this machine's lists and archives. */
async function makeAptRoot(architecture: string, work: string): Promise<readonly string[]> {
  for (const name of ['lists/partial', 'cache/archives/partial', 'parts']) {
    await mkdir(join(work, name), { recursive: true })
  }
  await writeFile(join(work, 'status'), '')
  await writeFile(join(work, 'sources.list'), await sourcesFor(SUITE))
  await writeFile(join(work, 'apt.conf'), (await transportSettings()).join('\n'))
  const settings = [
    `APT::Architecture=${architecture}`,
    `APT::Architectures=${architecture}`,
    // Only the folder of whoever runs this can be written to, not apt's own user's.
    'APT::Sandbox::User=',
    'Acquire::Languages=none',
    `Dir::State::lists=${join(work, 'lists')}`,
    `Dir::State::status=${join(work, 'status')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
    `Dir::Etc::sourceparts=${join(work, 'parts')}`,
  ]
  return ['-c', join(work, 'apt.conf'), ...settings.flatMap((setting) => ['-o', setting])]
}

/** The kernel that a package like `linux-image-cloud-amd64` stands for today. */
async function realPackage(name: string, settings: readonly string[], signal: AbortSignal): Promise<string> {
  if (!/^linux-image-(?:cloud-)?(?:amd64|arm64)$/.test(name)) return name
  const facts = await runCommand('apt-cache', [...settings, 'show', '--no-all-versions', name], {}, signal)
  const real = /^Depends: (?<real>linux-image-\S+)/m.exec(facts)?.groups?.real
  if (real === undefined) throw new Error(`the package ${name} names no kernel:\n${facts}`)
  return real
}
