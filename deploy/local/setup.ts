/**
 * `npm run setup [-- --for=demo|tests|pictures]`: everything the machine must have before the
 * demo or the tests can run, or pictures be taken. Quick when it is all there; the demo, the stand-ins and
 * the tests call it too.
 */
import { parseArgs } from 'node:util'
import { type Acceleration, chooseAcceleration } from './machines/acceleration.ts'
import { cacheFolder } from './machines/cache.ts'
import { defaultMachines } from './machines/images.ts'
import type { MachineSpec } from './machines/machine.ts'
import { untilInterrupted } from './processes.ts'
import { meetRequirements, PURPOSES, type Purpose } from './requirements.ts'

export interface SetupOptions {
  readonly for: Purpose
  /** False: the machines come from a file, so ours need not be built. */
  readonly images?: boolean
}

export interface Setup {
  readonly acceleration: Acceleration
  /** The machines that come with the project; none when no images were wanted. */
  readonly machines: readonly MachineSpec[]
}

/** Throws a `RequirementsMissing` when packages are missing that cannot be installed from here. */
export async function setUp(
  options: SetupOptions,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Setup> {
  const cache = cacheFolder(process.env)
  await meetRequirements(options.for, report, signal)
  const acceleration = await chooseAcceleration(cache, signal)
  const machines = options.images === false ? [] : await defaultMachines(cache, report, signal)
  return { acceleration, machines }
}

async function main(): Promise<void> {
  const started = performance.now()
  const { values } = parseArgs({ options: { for: { type: 'string', default: 'tests' } } })
  const purpose = PURPOSES.find((one) => one === values.for)
  if (purpose === undefined) throw new Error(`--for is one of ${PURPOSES.join(', ')}`)
  using interruption = untilInterrupted()
  const { acceleration, machines } = await setUp({ for: purpose }, (line) => console.log(line), interruption.signal)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const names = machines.map((machine) => machine.name).join(', ')
  console.log(`ready for the ${purpose} after ${seconds} s: machines ${names} under ${acceleration.toUpperCase()}`)
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
