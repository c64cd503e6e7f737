/**
 * The disks of the machines that come with the project, built when they are wanted
 * for the first time and kept in the cache, under the hash of what they are built from.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { chooseAcceleration } from './acceleration.ts'
import { keepInUse, makeOnce } from './cache.ts'
import { buildDebianDisk } from './debian/build.ts'
import { PARTITION_OFFSET, type Partition } from './debian/disk.ts'
import { type Flavour, PLAIN } from './debian/flavour.ts'
import { ON_LVM, PARTITIONS } from './debian/lvm.ts'
import { moveOntoOwnDisk } from './debian/move.ts'
import { personalise } from './debian/personalise.ts'
import { ENFORCING } from './debian/selinux.ts'
import { Ext4 } from './ext4.ts'
import type { MachineSpec } from './machine.ts'

/** Where the recipe stands: all its sources are hashed, so that no change of it is ever forgotten. */
const RECIPE = join(import.meta.dirname, 'debian')

interface Kind {
  /** Of the folder's name in the cache, before the hash. */
  readonly prefix: string
  readonly names: readonly string[]
  readonly flavour: Flavour
  readonly memoryMiB: number
  /** Of the disk that it moves onto at its first boot; not given when it stays where it was built. */
  readonly movesOnto?: readonly Partition[]
}

/** Twice of what it uses, and so little that the kernel reserves nothing for crashkernel=. */
const USUAL: Kind = { prefix: 'debian-12-', names: ['web-1', 'db-1'], flavour: PLAIN, memoryMiB: 512 }

/** With room for the policy. */
const SELINUX: Kind = { prefix: 'selinux-debian-12-', names: ['se-1'], flavour: ENFORCING, memoryMiB: 768 }

/** Its layout is that of Oracle Linux. */
const LVM: Kind = {
  prefix: 'lvm-debian-12-',
  names: ['lvm-1'],
  flavour: ON_LVM,
  memoryMiB: 512,
  movesOnto: PARTITIONS,
}

/** Two instances whose owner has lost the key. */
export function defaultMachines(
  cache: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly MachineSpec[]> {
  return machinesOf(USUAL, cache, report, signal)
}

/** A machine that enforces SELinux. Nobody needs it but tests, so it is built only for them. */
export function selinuxMachine(
  cache: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<MachineSpec> {
  return machineOf(SELINUX, cache, report, signal)
}

/** A machine with its root on XFS on LVM, /usr too, and /boot on ext4 of its own. Built only for tests. */
export function lvmMachine(cache: string, report: (line: string) => void, signal: AbortSignal): Promise<MachineSpec> {
  return machineOf(LVM, cache, report, signal)
}

async function machineOf(
  kind: Kind,
  cache: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<MachineSpec> {
  const [machine] = await machinesOf(kind, cache, report, signal)
  if (machine === undefined) throw new Error('no machine was built')
  return machine
}

async function machinesOf(
  kind: Kind,
  cache: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly MachineSpec[]> {
  const { prefix, names } = kind
  const wanted = join(cache, 'images', `${prefix}${await recipeHash(names)}`)
  const wait = () => report('guest images: another process is building them, waiting for it')
  const images = await makeOnce(wanted, (folder) => build(folder, kind, cache, report, signal), wait, signal)
  await keepInUse(images, prefix)
  return names.map((name) => specOf(kind, name, join(images, `${name}.raw`)))
}

function specOf({ memoryMiB }: Kind, name: string, disk: string): MachineSpec {
  return {
    name,
    disk,
    format: 'raw',
    firmware: 'bios',
    memoryMiB,
    user: 'opc',
    os: { name: 'Debian', version: '12' },
    keep: false,
  }
}

async function build(
  folder: string,
  kind: Kind,
  cache: string,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { names, flavour, movesOnto } = kind
  const started = performance.now()
  const work = join(folder, 'work')
  await mkdir(work)
  const common = join(work, 'common.raw')
  const labels = await buildDebianDisk(work, common, flavour, report, signal)
  for (const name of names) {
    report(`guest images: ${name}`)
    const disk = join(folder, `${name}.raw`)
    await personalise(common, disk, name, work, signal)
    if (labels.size > 0) await new Ext4(disk, PARTITION_OFFSET, signal).setLabels(labels)
    if (movesOnto !== undefined) {
      report(`guest images: ${name} moves onto its own disk (half a minute)`)
      const acceleration = await chooseAcceleration(cache, signal)
      await moveOntoOwnDisk(specOf(kind, name, disk), movesOnto, { directory: work, acceleration }, signal)
    }
  }
  await rm(work, { recursive: true })
  report(`guest images: built in ${Math.round((performance.now() - started) / 1000)} s`)
}

async function recipeHash(machines: readonly string[]): Promise<string> {
  const names = (await readdir(RECIPE)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  const hash = createHash('sha256').update(machines.join())
  for (const name of names.sort()) hash.update(name).update(await readFile(join(RECIPE, name)))
  return hash.digest('hex').slice(0, 16)
}
