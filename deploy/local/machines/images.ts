/**
 * The disks of the machines that come with the project, built when they are wanted
 * for the first time and kept in the cache, under the hash of what they are built from.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { keepInUse, makeOnce } from './cache.ts'
import { buildDebianDisk } from './debian/build.ts'
import { personalise } from './debian/personalise.ts'
import type { MachineSpec } from './machine.ts'

/** Two instances whose owner has lost the key. */
const NAMES = ['web-1', 'db-1'] as const

const PREFIX = 'debian-12-'

/** Where the recipe stands: all its sources are hashed, so that no change of it is ever forgotten. */
const RECIPE = join(import.meta.dirname, 'debian')

export async function defaultMachines(
  cache: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly MachineSpec[]> {
  const wanted = join(cache, 'images', `${PREFIX}${await recipeHash()}`)
  const wait = () => report('guest images: another process is building them, waiting for it')
  const images = await makeOnce(wanted, (folder) => build(folder, report, signal), wait, signal)
  await keepInUse(images, PREFIX)
  return NAMES.map((name) => ({
    name,
    disk: join(images, `${name}.raw`),
    format: 'raw',
    firmware: 'bios',
    // Twice of what it uses, and so little that the kernel reserves nothing for crashkernel=.
    memoryMiB: 512,
    user: 'opc',
    os: { name: 'Debian', version: '12' },
    keep: false,
  }))
}

async function build(folder: string, report: (line: string) => void, signal: AbortSignal): Promise<void> {
  const started = performance.now()
  const work = join(folder, 'work')
  await mkdir(work)
  const common = join(work, 'common.raw')
  await buildDebianDisk(work, common, report, signal)
  for (const name of NAMES) {
    report(`guest images: ${name}`)
    await personalise(common, join(folder, `${name}.raw`), name, work, signal)
  }
  await rm(work, { recursive: true })
  report(`guest images: built in ${Math.round((performance.now() - started) / 1000)} s`)
}

async function recipeHash(): Promise<string> {
  const names = (await readdir(RECIPE)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const hash = createHash('sha256').update(NAMES.join())
  for (const name of names.sort()) hash.update(name).update(await readFile(join(RECIPE, name)))
  return hash.digest('hex').slice(0, 16)
}
