/** Whatever comes between, whenever and how often: what must hold at the end of every rescue. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import type { SimulatedWorker } from '../../test/helpers/simulated-worker.ts'

const log = useLog()

const KINDS = [
  'stop',
  'worker stops',
  'worker is lost',
  'line drops',
  'somebody resets it',
  'worker and line are lost',
] as const
type Kind = (typeof KINDS)[number]

interface Interruption {
  readonly kind: Kind
  /** After so many keys typed, questions to OCI and states of the machine: a rescue that goes well has about 50. */
  readonly at: number
}

const interruption: fc.Arbitrary<Interruption> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.integer({ min: 1, max: 50 }),
})

/** One rescue, and what comes between: at least once, at the most three times. */
class Interrupted {
  readonly own: SimulatedRescue
  #worker: SimulatedWorker
  #count = 0
  #left: Interruption[]

  constructor(own: SimulatedRescue, interruptions: readonly Interruption[]) {
    this.own = own
    this.#left = interruptions.toSorted((one, other) => one.at - other.at)
    own.machine.onState = own.machine.onKeys = own.cloud.onAsked = () => this.#next()
    this.#worker = own.startWorker()
  }

  /** Until a worker has ended it; a frozen one has not. */
  async toItsEnd(): Promise<void> {
    await Promise.all([this.own.approve(1), this.own.approve(2), this.own.ended()])
  }

  #next(): void {
    this.#count += 1
    while ((this.#left[0]?.at ?? Infinity) <= this.#count) this.#interrupt(this.#left.shift()?.kind ?? 'stop')
  }

  #interrupt(kind: Kind): void {
    const { own } = this
    if (kind === 'stop') void own.askToStop()
    else if (kind === 'worker stops') this.#worker.stop()
    else if (kind === 'line drops') own.machine.pull()
    else if (kind === 'somebody resets it') own.machine.reset()
    else {
      this.#worker.freeze()
      this.#worker = own.startWorker(`worker-after-${this.#count}`)
      if (kind === 'worker and line are lost') own.machine.pull()
    }
  }
}

describe.runIf(canHaveSandbox).concurrent('a rescue with interruptions', () => {
  const series = fc.sample(fc.array(interruption, { minLength: 1, maxLength: 3 }), 24)
  const named = series.map((each) => [each.map(({ kind, at }) => `${kind} at ${at}`).join(', '), each] as const)

  it.each(named)('%s: leaves nothing behind', async (_, interruptions) => {
    await using own = await SimulatedRescue.requested(log())

    await new Interrupted(own, interruptions).toItsEnd()

    const ended = await own.ended()
    const last = (await own.entries()).at(-1)
    expect(last?.event.type).toBe('ended')
    expect((await own.state()).debts).toEqual([])
    expect(own.cloud.connections).toEqual([])
    expect(own.machine.isInUse).toBe(false)
    expect([`${own.oldKey}\n`, `${own.newKey}\n`]).toContain(await own.keys())
    if (ended.outcome === 'recovered') expect(await own.keys()).toBe(`${own.newKey}\n`)
    const resetByOthers = interruptions.some(({ kind }) => kind === 'somebody resets it')
    if (ended.machine !== 'up' || resetByOthers) await own.machine.reaches('login')
    expect(own.machine.state).toBe('login')
    // Keys for a shell that come into GRUB would be commands there, and the other way round.
    const toGrub = own.machine.typed.filter(({ to }) => to === 'grub').map(({ keys }) => keys)
    expect(toGrub.filter((keys) => /echo|_r |_q |reboot|stty/.test(keys))).toEqual([])
  })
})
