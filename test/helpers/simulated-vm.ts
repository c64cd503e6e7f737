/** A simulated machine in the place of one under QEMU: OCI's stand-in resets it, and carries its line. */

import type { Machine } from '../../deploy/local/machines/machine.ts'
import { BashMachine } from '../../deploy/local/oci/bash-machine.ts'
import { SimulatedMachine } from './simulated-machine.ts'

/** Power is always on, and it has no screen. */
export function simulatedVm(name: string): Machine {
  const inside = new SimulatedMachine()
  const line = inside.plugIn()
  // One that is never started: it keeps the history, and tells who listens.
  const outside = new BashMachine(name)
  const { spec, sshd, serial } = outside
  const carry = async () => {
    const { signal } = new AbortController()
    for (let bytes = await line.read(signal); bytes !== undefined; bytes = await line.read(signal)) outside.say(bytes)
  }
  const carried = carry()
  const nothing = async () => undefined
  const close = async () => {
    await inside[Symbol.asyncDispose]()
    await carried
    await outside.close()
  }
  return {
    ...{ spec, sshd, pid: undefined, power: () => 'on', close, [Symbol.asyncDispose]: close },
    ...{ start: nothing, stop: nothing, pressPowerButton: nothing, interrupt: nothing },
    serial: { ...serial, write: (bytes) => void line.write(bytes) },
    reset: async () => inside.reset(),
    connectVnc: () => outside.connectVnc(),
  }
}
