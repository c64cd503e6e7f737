/**
 * `npm run break -- --way NAME --out DISK`: one of our guests,
 * broken in a way that is known. Journeys get theirs by `brokenMachine`. The disk is
 * a copy, and nothing of it is mounted or booted: it takes a second and no root.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join, parse, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runCommand } from '../commands.ts'
import { untilInterrupted } from '../processes.ts'
import { openGuestDisks } from './break/guest-disks.ts'
import { authorize } from './break/keys.ts'
import { isWay, WAYS, type WayName } from './break/ways.ts'
import { cacheFolder } from './cache.ts'
import { PARTITION_OFFSET } from './debian/disk.ts'
import { defaultMachines } from './images.ts'
import { type DiskFile, disksOf, type MachineSpec } from './machine.ts'

export interface BrokenOptions {
  /** Where the disks go: `web-1.raw`, and `web-1-data.raw` when the way needs one. */
  readonly directory: string
  /** A public key that opc is known by; without one its key is lost, whatever else is broken. */
  readonly authorizedKey?: string | undefined
  /** The machine that is broken; the first of the usual ones when not given. */
  readonly base?: MachineSpec | undefined
  readonly report?: (line: string) => void
}

/** A machine of which something is broken; what is done to it stays on its disks. */
export async function brokenMachine(
  way: WayName,
  { directory, authorizedKey, report = () => {}, ...options }: BrokenOptions,
  signal: AbortSignal,
): Promise<MachineSpec> {
  const base = options.base ?? (await defaultMachines(cacheFolder(process.env), report, signal))[0]
  if (base === undefined) throw new Error('no machine was built')
  const disk = join(directory, `${base.name}.raw`)
  const dataDisk = join(directory, `${base.name}-data.raw`)
  await runCommand('cp', ['--reflink=auto', '--sparse=always', base.disk, disk], {}, signal)
  const { guest, hasDataDisk } = openGuestDisks(disk, PARTITION_OFFSET, dataDisk, signal)
  if (authorizedKey !== undefined) await authorize(guest.root, authorizedKey)
  await WAYS[way].damage(guest)
  const dataDisks: readonly DiskFile[] = hasDataDisk() ? [{ disk: dataDisk, format: 'raw' }] : []
  return { ...base, disk, dataDisks, keep: true }
}

/** The same for people: a list for `--machines` on stdout, what was done on stderr. */
async function main(signal: AbortSignal): Promise<void> {
  const { values } = parseArgs({
    options: { way: { type: 'string' }, out: { type: 'string' }, key: { type: 'string' } },
  })
  const { way = '', out, key } = values
  if (!isWay(way) || out === undefined) throw new Error(usage())
  const directory = await mkdtemp(`${resolve(out)}.new-`)
  try {
    const authorizedKey = key && (await readFile(key, 'utf8'))
    const broken = await brokenMachine(way, { directory, authorizedKey, report: say }, signal)
    const [disk, ...dataDisks] = await Promise.all(
      disksOf(broken).map((one, index) => convert(one, out, index, signal)),
    )
    say(`${broken.name} on ${out}: ${WAYS[way].what}`)
    process.stdout.write(`${JSON.stringify([{ ...broken, ...disk, dataDisks }], undefined, 2)}\n`)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** To the format that the name of `out` asks for; data disks go beside it. */
async function convert({ disk, format }: DiskFile, out: string, index: number, signal: AbortSignal): Promise<DiskFile> {
  const { dir, name, ext } = parse(resolve(out))
  const to: DiskFile = {
    disk: join(dir, index === 0 ? `${name}${ext}` : `${name}-data-${index}${ext}`),
    format: ext === '.qcow2' ? 'qcow2' : 'raw',
  }
  await runCommand('qemu-img', ['convert', '-f', format, '-O', to.format, disk, to.disk], {}, signal)
  return to
}

function usage(): string {
  const width = Math.max(...Object.keys(WAYS).map((name) => name.length))
  return [
    'node deploy/local/machines/break.ts --way NAME --out DISK.qcow2 [--key FILE.pub] > machines.json',
    '',
    '  --key   a public key that may log in as opc; without it the key is lost, too',
    '  --way   how the machine is broken:',
    ...Object.entries(WAYS).map(([name, { what }]) => `          ${name.padEnd(width)}  ${what}`),
  ].join('\n')
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

if (import.meta.main) {
  using interruption = untilInterrupted()
  await main(interruption.signal).catch((error: unknown) => {
    say(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  })
}
