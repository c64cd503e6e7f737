/**
 * Looks at the machine's disks through GRUB's command line: which file systems there are, where kernels and the files
 * lie that say how they are booted. Changes nothing.
 */
import type { Console } from '../console/console.ts'
import {
  type BootOffer,
  type Environment,
  type GrubConfig,
  readBlsEntry,
  readEnvironment,
  readGrubConfig,
  rootInFstab,
} from './boot-files.ts'
import type { Disks, OfferOnDisk, Volume } from './plan-boot.ts'
import { ask, readFile } from './prompt.ts'
import { compareVersions, kernelVersion } from './title.ts'

/** A disk with more file systems has its kernel on one of the first. */
const MOST_VOLUMES = 16
/** So many entries are read; distributions keep three or four kernels. */
const MOST_ENTRIES = 8

export interface ConfigOnDisk {
  readonly volume: Volume
  readonly path: string
  readonly config: GrubConfig
}

export interface DisksWithConfigs extends Disks {
  /** Those with a menu first, as distributions name their places. */
  readonly configs: readonly ConfigOnDisk[]
}

export async function lookAtDisks(console: Console, signal: AbortSignal): Promise<DisksWithConfigs> {
  const [processor = ''] = await ask(console, 'echo $grub_cpu', signal)
  const volumes: Volume[] = []
  for (const device of await devices(console, signal)) {
    const volume = await lookAtVolume(console, device, signal)
    if (volume !== undefined) volumes.push(volume)
    if (volumes.length === MOST_VOLUMES) break
  }
  const places = FILES_OF_GRUB.flatMap((pattern) => placesOf(volumes, pattern))
  const files = await readEach(console, places, signal)
  const environment: Environment = new Map(
    files.flatMap(({ path, text }) => (path.endsWith('/grubenv') ? [...readEnvironment(text)] : [])),
  )
  const configs = files.flatMap(({ volume, path, text }) =>
    path.endsWith('/grub.cfg') ? [{ volume, path, config: readGrubConfig(text, environment) }] : [],
  )
  // What the first configuration says counts.
  const known: Environment = new Map([
    ...configs.toReversed().flatMap(({ config }) => [...config.environment]),
    ...environment,
  ])
  const spelledOut = configs.flatMap(({ volume, config }) => config.offers.map((offer) => ({ volume, offer })))
  const entries = await blsEntries(console, volumes, known, signal)
  return { volumes, configs, processor: processor.trim(), environment: known, offers: [...spelledOut, ...entries] }
}

/** Partitions and volumes, and disks without any. Neither what GRUB keeps in memory nor a drive that may wait for a disk. */
async function devices(console: Console, signal: AbortSignal): Promise<readonly string[]> {
  const rows = await ask(console, 'ls', signal)
  const all = rows.flatMap((row) => row.match(/\([^()\s]+\)/g) ?? [])
  const isDisk = (device: string) => !/^\((?:proc|memdisk|fd|cd)/.test(device)
  const hasParts = (device: string) => all.some((other) => other.startsWith(`${device.slice(0, -1)},`))
  return all.filter((device) => isDisk(device) && !hasParts(device))
}

async function lookAtVolume(console: Console, device: string, signal: AbortSignal): Promise<Volume | undefined> {
  const about = (await ask(console, `ls ${device}`, signal)).join(' ')
  if (!/Filesystem type \S|Filesystem is (?!unknown)/.test(about)) return undefined
  const files = new Set<string>()
  await list(console, device, '/', files, signal)
  const folders = (path: string) => [...files].filter((file) => file.startsWith(path) && /\/$/.test(file))
  if (files.has('/boot/')) await list(console, device, '/boot/', files, signal)
  for (const folder of folders('/').filter((path) => /^(?:\/boot)?\/(?:grub2?|loader|EFI|efi)\/$/.test(path)))
    await list(console, device, folder, files, signal)
  for (const folder of folders('/').filter((path) =>
    /^(?:\/boot)?\/(?:loader\/entries|(?:EFI|efi)\/\w+)\/$/.test(path),
  ))
    await list(console, device, folder, files, signal)
  const fstab = files.has('/etc/') ? await readFile(console, `${device}/etc/fstab`, signal) : undefined
  if (fstab !== undefined) files.add('/etc/fstab')
  const paths = new Set([...files].map((path) => path.replace(/\/$/, '')))
  const uuid = /\bUUID (?<uuid>[\w-]+)/.exec(about)?.groups?.uuid
  return { device, uuid, files: paths, fstabRoot: fstab === undefined ? undefined : rootInFstab(fstab) }
}

/** Adds what is in a folder; GRUB ends the names of folders in a slash, and breaks rows between names only. */
async function list(
  console: Console,
  device: string,
  folder: string,
  files: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const rows = await ask(console, `ls ${device}${folder}`, signal)
  const names = rows.filter((row) => !/^error: /.test(row)).flatMap((row) => row.split(' '))
  for (const name of names) if (name !== '' && !/^\.{1,2}\/$/.test(name)) files.add(folder + name)
}

/** Where GRUB's own files are, those of a whole system before those that only lead to them. */
const FILES_OF_GRUB = [
  ...['/grub2/grubenv', '/boot/grub2/grubenv', '/grub/grubenv', '/boot/grub/grubenv'].map(
    (path) => new RegExp(`^${path}$`),
  ),
  ...['/grub2/grub.cfg', '/boot/grub2/grub.cfg', '/grub/grub.cfg', '/boot/grub/grub.cfg'].map(
    (path) => new RegExp(`^${path}$`),
  ),
  /^(?:\/boot)?\/efi\/\w+\/grub(?:env|\.cfg)$/i,
]

interface Place {
  readonly volume: Volume
  readonly path: string
}

interface FileOnDisk extends Place {
  readonly text: string
}

function placesOf(volumes: readonly Volume[], pattern: RegExp): readonly Place[] {
  return volumes.flatMap((volume) =>
    [...volume.files].filter((path) => pattern.test(path)).map((path) => ({ volume, path })),
  )
}

async function readEach(
  console: Console,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<readonly FileOnDisk[]> {
  const found: FileOnDisk[] = []
  for (const { volume, path } of places) {
    const text = await readFile(console, volume.device + path, signal)
    if (text !== undefined) found.push({ volume, path, text })
  }
  return found
}

/** Newest first, as GRUB would show them, and what only rescues last. */
async function blsEntries(
  console: Console,
  volumes: readonly Volume[],
  environment: Environment,
  signal: AbortSignal,
): Promise<readonly OfferOnDisk[]> {
  const places = placesOf(volumes, BLS_ENTRY).toSorted((one, other) =>
    compareVersions(kernelVersion(other.path) ?? '', kernelVersion(one.path) ?? ''),
  )
  const files = await readEach(console, places.slice(0, MOST_ENTRIES), signal)
  const offers = files.flatMap(({ volume, path, text }) => {
    const offer = readBlsEntry(BLS_ENTRY.exec(path)?.groups?.id ?? path, text, environment)
    return offer === undefined ? [] : [{ volume, offer }]
  })
  return offers.toSorted((one, other) => compareVersions(versionOf(other.offer), versionOf(one.offer)))
}

const BLS_ENTRY = /^(?:\/boot)?\/loader\/entries\/(?<id>[^/]+)\.conf$/

function versionOf({ kernel, title }: BootOffer): string {
  return kernelVersion(kernel) ?? kernelVersion(title) ?? ''
}
