/**
 * What to type at GRUB's command line to boot the wanted entry, decided from what was seen on the disks. Which root
 * belongs to a kernel is taken from what says so: an entry, or the file system that is one. It is never guessed.
 */
import { RescueError } from '../base/errors.ts'
import { type BootOffer, type Environment, UNSURE } from './boot-files.ts'
import type { WantedEntry } from './grub.ts'
import { compareVersions, isOtherMode, kernelVersion, newestBefore } from './title.ts'

/** A file system that GRUB can read. */
export interface Volume {
  /** As GRUB calls it, e.g. `(hd0,gpt2)`. */
  readonly device: string
  readonly uuid: string | undefined
  /** The paths that were seen on it; of folders only those that were looked into. */
  readonly files: ReadonlySet<string>
  /** What its own fstab mounts as the root. */
  readonly fstabRoot: string | undefined
}

/** A way to boot, and the volume whose file offers it. */
export interface OfferOnDisk {
  readonly offer: BootOffer
  readonly volume: Volume
}

export interface Disks {
  readonly volumes: readonly Volume[]
  readonly offers: readonly OfferOnDisk[]
  readonly environment: Environment
  /** What GRUB was built for: `x86_64`, `i386`, `arm64`. */
  readonly processor: string
}

export interface BootPlan {
  readonly title: string
  /** The whole command. */
  readonly linux: string
  readonly initrd: string | undefined
}

interface Choice {
  readonly title: string
  readonly names: readonly string[]
  readonly version: string | undefined
  readonly keyword: string
  readonly device: string
  readonly kernel: string
  readonly initrds: readonly string[]
  readonly arguments: string
}

/** Throws `no-kernel-found`, `root-unknown` (details.kernel), `no-such-entry` (details.entries). */
export function planBoot(disks: Disks, wanted: WantedEntry): BootPlan {
  const offered = disks.offers.flatMap((one) => choiceOf(one, disks.volumes))
  const choices = offered.length > 0 ? offered : kernelsAlone(disks)
  const chosen = choose(choices, wanted, disks.environment)
  const { device, keyword, kernel, initrds } = chosen
  const parts = [keyword, device + kernel, chosen.arguments, ...serialLine(chosen.arguments, disks.processor)]
  const initrd = [keyword.replace('linux', 'initrd'), ...initrds.map((file) => device + file)].join(' ')
  return { title: chosen.title, linux: parts.join(' '), initrd: initrds.length === 0 ? undefined : initrd }
}

/** The offer, when its files are there and nothing of it is in doubt. */
function choiceOf({ offer, volume }: OfferOnDisk, volumes: readonly Volume[]): readonly Choice[] {
  const { title, names, keyword, kernel, initrds } = offer
  const inDoubt = [kernel, ...initrds, offer.arguments].some((text) => text.includes(UNSURE))
  const found = volumeOf(offer, volume, volumes)
  if (found === undefined || inDoubt || !/(?:^|\s)root=\S/.test(offer.arguments)) return []
  const version = kernelVersion(kernel) ?? kernelVersion(title)
  return [{ title, names, version, keyword, device: found.device, kernel, initrds, arguments: offer.arguments }]
}

/** That with the UUID; else the one where the file lies that names them; else the only one that has them all. */
function volumeOf({ kernel, initrds, uuid }: BootOffer, here: Volume, volumes: readonly Volume[]): Volume | undefined {
  const has = (volume: Volume) => [kernel, ...initrds].every((file) => volume.files.has(file))
  const named = volumes.filter((volume) => uuid !== undefined && volume.uuid === uuid)
  if (named.length > 0) return named.find(has)
  if (has(here)) return here
  const [only, ...more] = volumes.filter(has)
  return more.length === 0 ? only : undefined
}

/** Names of kernels that distributions give: with a version, or without one for the newest. */
const KERNEL_FILE = /\/(?:vmlinu[xz]|Image|linux)(?:-(?<version>[^/]+))?$/

/** Kernels that nothing speaks of, newest first, with the one root there is. */
function kernelsAlone({ volumes }: Disks): readonly Choice[] {
  const kernels = volumes.flatMap((volume) =>
    [...volume.files].flatMap((path) => {
      const found = KERNEL_FILE.exec(path)
      return found === null || isOtherMode(path) ? [] : [{ volume, path, version: found.groups?.version }]
    }),
  )
  const [first] = kernels
  if (first === undefined) throw nothingFound(volumes)
  const root = onlyRoot(volumes, first.path)
  const choices = kernels.map(({ volume, path, version }): Choice => {
    const initrd = initrdFor(path, version, volume.files)
    return {
      title: volume.device + path,
      names: [path],
      version,
      keyword: 'linux',
      device: volume.device,
      kernel: path,
      initrds: initrd === undefined ? [] : [initrd],
      arguments: `root=${root} ro`,
    }
  })
  return choices.toSorted((one, other) => compareVersions(other.version ?? '', one.version ?? ''))
}

/** Red Hat's `initramfs-V.img`, Debian's `initrd.img-V`, SUSE's `initrd-V`. */
function initrdFor(kernel: string, version: string | undefined, files: ReadonlySet<string>): string | undefined {
  const folder = kernel.slice(0, kernel.lastIndexOf('/') + 1)
  const names =
    version === undefined
      ? ['initrd.img', 'initramfs.img', 'initrd']
      : [`initramfs-${version}.img`, `initrd.img-${version}`, `initrd-${version}`]
  return names.map((name) => folder + name).find((path) => files.has(path))
}

/** What only a root file system has; a file system that is split up may have its `usr` elsewhere. */
function isRoot({ files }: Volume): boolean {
  return files.has('/etc/fstab') && (files.has('/sbin') || files.has('/usr') || files.has('/sbin/init'))
}

function onlyRoot(volumes: readonly Volume[], kernel: string): string {
  const roots = volumes.filter(isRoot).map(({ uuid, fstabRoot }) => (uuid === undefined ? fstabRoot : `UUID=${uuid}`))
  const [only, ...more] = roots
  if (only !== undefined && more.length === 0) return only
  const seen = seenOn(volumes)
  const message = `the root that belongs to ${kernel} is not known: ${roots.length} file systems look like one; ${seen}`
  throw new RescueError('machine', 'root-unknown', message, { details: { kernel, seen } })
}

function choose(choices: readonly Choice[], wanted: WantedEntry, environment: Environment): Choice {
  const first = usual(choices, environment)
  const found = {
    default: () => first,
    title: () =>
      choices.find(({ title, names }) => wanted.kind === 'title' && [title, ...names].includes(wanted.title)),
    'previous-kernel': () => previous(choices, first?.version),
  }[wanted.kind]()
  if (found !== undefined) return found
  const entries = choices.map(({ title }) => title).join('; ')
  const what = wanted.kind === 'title' ? wanted.title : 'older-kernel'
  throw new RescueError('operator', 'no-such-entry', `no entry for ${what}; there are: ${entries}`, {
    details: { wanted: what, entries },
  })
}

/** The one that GRUB would boot: what its variables name, or the first. */
function usual(choices: readonly Choice[], environment: Environment): Choice | undefined {
  const set = environment.get('default') ?? ''
  const name = set === '' || set === 'saved' || set.includes('$') ? environment.get('saved_entry') : set
  const inner = name?.split('>').at(-1) ?? ''
  const named = choices.find(({ names }) => name !== undefined && (names.includes(name) || names.includes(inner)))
  return named ?? choices.find(({ title, kernel }) => !isOtherMode(title) && !isOtherMode(kernel)) ?? choices[0]
}

function previous(choices: readonly Choice[], current: string | undefined): Choice | undefined {
  const kernels = choices.flatMap(({ version, ...choice }) =>
    version === undefined || isOtherMode(choice.title) ? [] : [{ ...choice, version }],
  )
  return newestBefore(kernels, current)
}

/** The console on which whoever typed this will read. (OCI's images: `ttyS0`, and `ttyAMA0` on Arm) */
function serialLine(args: string, processor: string): readonly string[] {
  if (/(?:^|\s)console=/.test(args)) return []
  if (processor === 'arm64') return ['console=ttyAMA0,115200']
  return /^(?:x86_64|i386)$/.test(processor) ? ['console=ttyS0,115200'] : []
}

function nothingFound(volumes: readonly Volume[]): RescueError {
  const seen = seenOn(volumes)
  return new RescueError('machine', 'no-kernel-found', `no kernel on any disk that GRUB can read; ${seen}`, {
    details: { seen },
  })
}

/** What there is on the disks, short enough to be read. */
function seenOn(volumes: readonly Volume[]): string {
  if (volumes.length === 0) return 'no-file-system'
  const named = volumes.map(({ device, files }) => {
    const tops = [...files].filter((path) => path.lastIndexOf('/') === 0).map((path) => path.slice(1))
    return `${device}: ${tops.slice(0, SHOWN).join(' ')}${tops.length > SHOWN ? ' …' : ''}`
  })
  return named.join('; ')
}

const SHOWN = 12
