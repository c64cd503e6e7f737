/** Boots a guest once, with an empty disk beside its own, and waits until it has moved there. */
import { rename } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MachineSpec } from '../machine.ts'
import { type MachineOptions, startMachine } from '../vm.ts'
import { makeEmptyDisk, type Partition } from './disk.ts'
import { MOVED } from './lvm.ts'

/** Under emulation, on a busy host, with a copy of all its files. */
const LIMIT_MS = 600_000

/** The disk that `spec` names is the new one afterwards. */
export async function moveOntoOwnDisk(
  spec: MachineSpec,
  partitions: readonly Partition[],
  options: MachineOptions,
  signal: AbortSignal,
): Promise<void> {
  const target = `${spec.disk}.new`
  await makeEmptyDisk(target, partitions, '/grub', signal)
  const dataDisks = [{ disk: target, format: 'raw' } as const]
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)])
  await using machine = await startMachine({ ...spec, dataDisks, keep: true }, options, limit)
  while (machine.power() === 'on') await sleep(250, undefined, { signal: limit })
  const said = Buffer.from(machine.serial.history()).toString('latin1')
  if (!said.includes(`\n${MOVED}\r`)) throw new Error(`${spec.name} did not move: ${said.slice(-2000)}`)
  await rename(target, spec.disk)
}
