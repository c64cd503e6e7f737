/**
 * The playbook for entries of fstab(5) that keep the machine from booting: those that the evidence names, or those that
 * are found to be wrong, may fail from now on without stopping the boot. The root file system is never touched.
 */
import { RescueError } from '../base/errors.ts'
import type { Change, Owner } from '../record/changes.ts'
import type { Fstab } from '../record/playbooks.ts'
import { because, type Reason } from '../record/reasons.ts'
import type { Shell } from '../shell/shell.ts'
import { type BlockDevice, findDevice, lookAtDevices, type System } from './block-devices.ts'
import { isCutNameOf, isLocalDevice, isTag, plainName } from './device-names.ts'
import { withoutLines } from './edit-lines.ts'
import { isBind, lacksSource, placesOfSource, standsOn } from './fstab-binds.ts'
import { type FstabEntry, isMountedAtBoot, readFstab, withOptions } from './fstab-entries.ts'
import { asMeant, isUnknownOption } from './fstab-options.ts'
import { inspect } from './inspect.ts'
import type { Notice, Playbook, Proposal } from './playbook.ts'
import { readText } from './read-text.ts'

const PATH = '/etc/fstab'
/** systemd waits a minute and a half for a disk by itself (systemd.mount(5)). */
const TIMEOUT = 'x-systemd.device-timeout=10s'
/** What a system does not come up without. */
const NEEDED: readonly string[] = ['/', '/usr']

export interface FstabFacts {
  readonly text: string
  readonly mode: string
  readonly owner: Owner
  readonly system: System
}

export const repairFstab: Playbook<Fstab, FstabFacts> = { name: 'fstab', looksAgain: true, look, propose }

async function look(shell: Shell, _request: Fstab, signal: AbortSignal): Promise<FstabFacts> {
  const found = (await inspect(shell, [PATH], signal))(PATH)
  if (found.kind !== 'file') throw new RescueError('operator', 'no-fstab', `${PATH} is no file`)
  const { text, mode, owner } = await readText(shell, PATH, found, signal)
  const entries = readFstab(text)
  const fields = entries.flatMap(({ device, mountPoint }) => [device, mountPoint]).filter(isPath)
  const places = [...new Set([...fields, ...entries.flatMap(placesOfSource)])]
  const types = [...new Set(entries.map(({ type }) => type).filter((type) => /^[a-z0-9._-]+$/i.test(type)))]
  const system = await lookAtDevices(shell, places, types, signal)
  return { text, mode, owner, system }
}

function propose({ text, mode, owner, system }: FstabFacts, { only }: Fstab, rescueId: string): Proposal {
  const entries = readFstab(text)
  const named = only.map((name) => plainName(wholeName(name, entries)))
  const notices = namedInVain(entries, named, system)
  const wrong = withThoseThatStandOnThem(faultsOf(entries, named, system), entries, system)
  if (wrong.length === 0) return { kind: 'nothing-to-change', details: { path: PATH }, notices }
  const after = wrong.reduce((changed, { entry, fault }) => {
    if (fault === 'malformed') return withoutLines(changed, [entry.line], `not understood, rescue ${rescueId}`)
    const meant = { ...entry, options: asMeant(entry) ?? entry.options }
    return withOptions(changed, meant, isHarmless(meant) ? [] : moreOptions(entry, fault, system))
  }, text)
  const why = wrong.flatMap(({ entry, fault, on }) => [reasonOf(entry, fault, on), ...spellingOf(entry)])
  const change: Change = {
    ...{ kind: 'replace-file', path: PATH, before: text, after, backup: `${PATH}.old-${rescueId}` },
    ...{ mode, owner, why },
  }
  return { kind: 'changes', plan: { user: null, changes: [change], selinux: system.selinux }, notices }
}

type Fault =
  | 'malformed'
  | 'missing'
  | 'no-source'
  | 'unknown-type'
  | 'wrong-type'
  | 'misspelt'
  | 'named'
  | 'stands-on-another'

interface Wrong {
  readonly entry: FstabEntry
  readonly fault: Fault
  /** Of `stands-on-another`: the other. */
  readonly on?: FstabEntry
}

function faultsOf(entries: readonly FstabEntry[], named: readonly string[], system: System): readonly Wrong[] {
  return entries.flatMap((entry) => {
    const fault = faultOf(entry, entries, named, system)
    return fault === undefined ? [] : [{ entry, fault }]
  })
}

/** What stands on a file system that does not come can not come either, and stops the boot just as well. */
function withThoseThatStandOnThem(
  wrong: readonly Wrong[],
  entries: readonly FstabEntry[],
  system: System,
): readonly Wrong[] {
  const mounted = wrong.filter(({ fault }) => fault !== 'malformed' && fault !== 'misspelt').map(({ entry }) => entry)
  const lenient = entries.filter((entry) => isHarmless(entry) && visibleFaultOf(entry, entries, system) !== undefined)
  const all = new Map(wrong.map((one) => [one.entry, one]))
  for (let failing: readonly FstabEntry[] = [...mounted, ...lenient]; failing.length > 0; ) {
    const more = entries.flatMap((entry): readonly Wrong[] => {
      if (all.has(entry) || isNeeded(entry, system) || isHarmless(entry) || isMalformed(entry)) return []
      const on = standsOn(entry, failing)
      return on === undefined ? [] : [{ entry, fault: 'stands-on-another', on }]
    })
    for (const one of more) all.set(one.entry, one)
    failing = more.map(({ entry }) => entry)
  }
  return entries.flatMap((entry) => all.get(entry) ?? [])
}

/** Undefined for an entry that is to stay as it is: needed, harmless, not named where others are, or good. */
function faultOf(
  entry: FstabEntry,
  entries: readonly FstabEntry[],
  named: readonly string[],
  system: System,
): Fault | undefined {
  if (named.length > 0 && !isNamed(entry, named, system)) return undefined
  if (isNeeded(entry, system)) return undefined
  if (isMalformed(entry)) return 'malformed'
  if (isHarmless(entry)) return undefined
  const visible = visibleFaultOf(entry, entries, system) ?? (asMeant(entry) === undefined ? undefined : 'misspelt')
  if (named.length > 0) return visible ?? 'named'
  return isSeenLater(entry) ? undefined : visible
}

function isMalformed({ fields, mountPoint, type }: FstabEntry): boolean {
  return fields.length < 3 || (type !== 'swap' && !mountPoint.startsWith('/') && mountPoint !== 'none')
}

/** What only a booted system brings up: disks over the network, RAID, what crypttab(5) or multipath make. */
function isSeenLater({ device, options }: FstabEntry): boolean {
  return options.includes('_netdev') || /^\/dev\/(?:md|mapper\/|dm-|nbd|rbd)/.test(device)
}

/** An option that only this file system does not know, for one, can not be seen from here: only who named the entry knows. */
function visibleFaultOf(entry: FstabEntry, entries: readonly FstabEntry[], system: System): Fault | undefined {
  const { device, type } = entry
  if (isBind(entry)) return lacksSource(entry, entries, system) ? 'no-source' : undefined
  if (hasDriver(entry) && type.split(',').every((one) => system.unknownTypes.includes(one))) return 'unknown-type'
  if (!isLocalDevice(device)) return undefined
  const there = findDevice(system, device)
  if (there !== undefined) return isOtherType(type, there) ? 'wrong-type' : undefined
  return system.sawDisks && !isThere(device, system) ? 'missing' : undefined
}

/** Swap space, what is moved to another place, and FUSE need none of that name in the kernel. */
function hasDriver({ type, options }: FstabEntry): boolean {
  if (['swap', 'none', 'auto', 'fuse'].includes(type) || type.startsWith('fuse.')) return false
  return !options.includes('move')
}

/** Something that blkid(8) knows nothing about may be there all the same. */
function isThere(device: string, { places }: System): boolean {
  const place = places.get(device)
  return !isTag(device) && place !== undefined && place.kind !== 'none'
}

/** A type may be a list, and one file system has several drivers. */
function isOtherType(wanted: string, { type }: BlockDevice): boolean {
  const family = (name: string) =>
    name
      .replace(/^ext[234]$/, 'ext')
      .replace(/^msdos$/, 'vfat')
      .replace(/^ntfs(?:3|-3g)?$/, 'ntfs')
      .replace(/^udf$/, 'iso9660')
  const families = wanted.split(',').map(family)
  return type !== '' && !families.some((one) => one === 'auto' || one === 'none' || one === family(type))
}

/** In doubt it is: a line about the root file system is left alone, however it is written. */
function isNeeded({ device, mountPoint, fields }: FstabEntry, system: System): boolean {
  if (NEEDED.includes(mountPoint) || fields.includes('/')) return true
  if (rootNames(system).some((name) => fields.some((field) => field.replace(/\/+$/, '') === name))) return true
  const number = findDevice(system, device)?.number ?? undefined
  return number !== undefined && number === system.rootNumber
}

/** All that the root file system is called, as far as is known. */
function rootNames({ devices, rootNumber, rootArgument }: System): readonly string[] {
  const device = devices.find(({ number }) => number === rootNumber)
  const names = device === undefined ? [] : [device.name, ...device.tags]
  return ['/dev/root', ...names, rootArgument].filter((name) => name !== '')
}

/** Its failing stops nothing, or it is not tried. */
function isHarmless(entry: FstabEntry): boolean {
  return entry.options.includes('nofail') || !isMountedAtBoot(entry)
}

/** A disk that is nothing wrong with may take its time; for another one nobody shall wait long. */
function moreOptions({ device }: FstabEntry, fault: Fault, { systemd }: System): readonly string[] {
  const isSound = fault === 'misspelt' || fault === 'stands-on-another'
  return systemd && isLocalDevice(device) && !isSound ? ['nofail', TIMEOUT] : ['nofail']
}

function isNamed(entry: FstabEntry, named: readonly string[], system: System): boolean {
  const options = entry.options.filter(isUnknownOption).flatMap((option) => [option, option.replace(/=.*/, '')])
  const names = [plainName(entry.device), entry.mountPoint, ...options]
  const there = findDevice(system, entry.device)
  return named.some((name) => names.includes(name) || (there !== undefined && findDevice(system, name) === there))
}

/** A name that was cut is the one that ends so, if there is but one. */
function wholeName(name: string, entries: readonly FstabEntry[]): string {
  const [device, ...more] = new Set(entries.map((entry) => entry.device).filter((one) => isCutNameOf(name, one)))
  return device === undefined || more.length > 0 ? name : device
}

function namedInVain(entries: readonly FstabEntry[], named: readonly string[], system: System): readonly Notice[] {
  return named
    .filter((name) => !entries.some((entry) => isNamed(entry, [name], system)))
    .map((name) => ({ code: 'fstab-has-no-such-entry', details: { name } }))
}

function spellingOf(entry: FstabEntry): readonly Reason[] {
  const meant = asMeant(entry) ?? entry.options
  return entry.options.flatMap((option, index) =>
    option === meant[index] ? [] : [because('fstab-option-misspelt', { option, meant: meant[index] ?? '' })],
  )
}

function reasonOf({ device, mountPoint, type }: FstabEntry, fault: Fault, on?: FstabEntry): Reason {
  const where = mountPoint.startsWith('/') ? mountPoint : device
  switch (fault) {
    case 'malformed':
      return because('fstab-malformed')
    case 'missing':
      return because('fstab-missing', { where, device })
    case 'no-source':
      return because('fstab-no-source', { where, device })
    case 'stands-on-another':
      return because('fstab-stands-on-another', { where, other: on?.mountPoint ?? '' })
    case 'unknown-type':
      return because('fstab-unknown-type', { where, type })
    case 'wrong-type':
      return because('fstab-wrong-type', { where, type })
    case 'misspelt':
    case 'named':
      return because('fstab-may-fail', { where })
    default:
      return fault satisfies never
  }
}

function isPath(name: string): boolean {
  return name.startsWith('/')
}
