/**
 * How often the edit is booted on real boot loaders whose menu waits two seconds: by our
 * drivers, and beside them on the same machine by the peer. And how long the edit takes.
 */
import type { RigClass } from '../rigs/classes.ts'
import { argumentsOfLength } from '../rigs/options.ts'
import { type Rig, startRig } from '../rigs/rig.ts'
import { ARGUMENT, type Drive, drivePeer, driveProduct } from './drivers.ts'
import { median, percentile } from './numbers.ts'
import type { Print } from './print.ts'
import { serveOverSsh } from './ssh-line.ts'

export interface CatchOptions {
  readonly boots: number
  /** Of the peer, which takes a minute to give up. */
  readonly peerBoots: number
  readonly classes: readonly string[]
}

/** The four ways of GRUB 2 to a serial line, the first of them on both firmwares. */
export const GRUB_CLASSES = ['bios-serial', 'uefi-serial', 'uefi-console', 'bios-console', 'uefi-both'] as const

/** A tab is eight blanks in the editor: the line is `linux` between two of them, the kernel's path, and its arguments. */
const COLUMNS = 464
const ARGUMENTS = argumentsOfLength(COLUMNS - '        linux        /vmlinuz '.length)
/** From `setparams` to the line with the kernel, in the entries of the rigs. */
const LINES_DOWN = 6
/** Firmware and GRUB under emulation on a busy machine; a driver that is not done by then is not going to be. */
const LIMIT_MS = 60_000
/** From a driver's last key to the kernel's report: UEFI loads it in a second or two. */
const REPORT_MS = 8_000

export async function benchCatch(
  print: Print,
  { classes, ...counts }: CatchOptions,
  signal: AbortSignal,
): Promise<void> {
  for (const name of classes) await benchClass(print, rigClass(name), counts, signal)
}

function rigClass(name: string): RigClass {
  const known = GRUB_CLASSES.find((one) => one === name)
  if (known === undefined) throw new Error(`which class? ${GRUB_CLASSES.join(', ')}`)
  return known
}

async function benchClass(
  print: Print,
  rigClass: RigClass,
  { boots, peerBoots }: Omit<CatchOptions, 'classes'>,
  signal: AbortSignal,
): Promise<void> {
  const entries = [{ title: 'Debian GNU/Linux', arguments: ARGUMENTS }]
  await using rig = await startRig({ class: rigClass, menu: { timeout: 2, entries } }, signal)
  await using line = await serveOverSsh(rig.serial)
  const product = new Tally(`catch ${rigClass}`, rig, print)
  const peer = new Tally(`peer ${rigClass}`, rig, print)
  const editTimes: number[] = []
  const reset = () => rig.reset()
  // One after the other, so that a machine that becomes slow becomes slow for both.
  for (let boot = 0; boot < boots; boot += 1) {
    const drive = await driveProduct(line, reset, LIMIT_MS, signal)
    if (drive.editMs !== undefined) editTimes.push(drive.editMs)
    await product.count(drive, signal)
    if (boot < peerBoots) await peer.count(await drivePeer(line, reset, LINES_DOWN, LIMIT_MS, signal), signal)
  }
  product.print()
  peer.print()
  const hasGoal = rigClass === 'bios-serial'
  const [middle, most] = [median(editTimes), percentile(editTimes, 95)]
  print(
    `edit ${rigClass} ${COLUMNS} columns: median ${middle.toFixed(0)} p95 ${most.toFixed(0)} ms of ${editTimes.length}${hasGoal ? ' (goal 1500)' : ''}`,
    hasGoal ? middle <= 1500 : undefined,
  )
}

/** Counts what the kernel says it was booted with, whatever the driver believes. */
class Tally {
  readonly #name: string
  readonly #rig: Rig
  readonly #print: Print
  #boots = 0
  #caught = 0
  #wrong = 0

  constructor(name: string, rig: Rig, print: Print) {
    this.#name = name
    this.#rig = rig
    this.#print = print
  }

  async count({ gaveUp }: Drive, signal: AbortSignal): Promise<void> {
    this.#boots += 1
    const booted = await this.#booted(signal)
    const { unedited } = this.#rig
    if (booted === `${unedited} ${ARGUMENT}`) {
      this.#caught += 1
      return
    }
    // A menu that ran out boots what it would have booted anyway: missed, but nothing wrong unless somebody claims it.
    const isWrong = booted !== undefined && (booted !== unedited || gaveUp === undefined)
    if (isWrong) this.#wrong += 1
    this.#print(`  ${this.#name} boot ${this.#boots}: ${isWrong ? `wrong: ${booted}` : `missed: ${firstLine(gaveUp)}`}`)
  }

  print(): void {
    this.#print(`${this.#name} ${this.#caught}/${this.#boots} wrong ${this.#wrong}`)
  }

  /** Undefined when no kernel reports: a driver that gave up in the editor leaves the machine there. */
  async #booted(signal: AbortSignal): Promise<string | undefined> {
    const limit = AbortSignal.timeout(REPORT_MS)
    try {
      return await this.#rig.bootedWith(AbortSignal.any([signal, limit]))
    } catch (thrown) {
      if (limit.aborted && !signal.aborted) return undefined
      throw thrown
    }
  }
}

function firstLine(text = 'it said that it had booted'): string {
  return text.split('\n', 1)[0] ?? ''
}
