/** A worker that is lost, at any moment: the next one pays what is owed, and the lost one never types another byte. */
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { KEYS, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

type Moment = (own: SimulatedRescue) => Promise<unknown>

const BEFORE_APPLYING: Readonly<Record<string, Moment>> = {
  'before gate 1': (own) => own.seen(({ type }) => type === 'resolved'),
  'at gate 1': (own) => own.until(({ gates }) => gates[1]),
  'with a console connection and nothing more': (own) => own.seen((event) => event.type === 'owes'),
  'while it waits for GRUB': (own) => own.machine.reaches('firmware'),
  'in GRUB’s editor': (own) => own.machine.hears(/^e$/),
  'while the edited kernel boots': (own) => own.machine.reaches('kernel'),
  'in the shell': (own) => own.machine.hears(/stty -echo/),
  'while the playbook looks': (own) => own.machine.hears(/\/etc\/passwd/),
  'at gate 2': (own) => own.until(({ gates }) => gates[2]),
}

const AFTERWARDS: Readonly<Record<string, Moment>> = {
  'when gate 2 was just passed': (own) => own.until(({ gates }) => gates[2]?.decision),
  'when a change was begun': (own) => own.seen(({ type }) => type === 'change-began'),
  'while the file is written': (own) => own.machine.hears(/ln -T|mv -fT/),
  'when a change was finished': (own) => own.seen(({ type }) => type === 'change-finished'),
  'when it has typed the reboot': (own) => own.machine.hears(/\/usr\/sbin\/reboot/),
  'during the boot': (own) => own.machine.reaches('kernel', 2),
  'while it asks sshd': (own) => own.cloud.asks('proveKey'),
}

const AT_THE_END: Readonly<Record<string, Moment>> = {
  'while it deletes the console connection': (own) => own.cloud.asks('deleteConsoleConnections'),
}

/** Takes as long as it is let. */
function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

/** The first worker is frozen at that moment, a second one takes over, and then the first wakes up. */
async function takenOver(own: SimulatedRescue, moment: Moment) {
  const first = own.startWorker('worker-1')
  const lost = moment(own).then(() => first.freeze())
  const approving = Promise.all([own.approve(1), own.approve(2)])
  await lost
  // What it was just doing comes to its end: nothing is frozen between two promises of one turn.
  await setImmediate()
  const typed = first.typed
  const second = own.startWorker('worker-2')
  await second.done
  await approving
  const entries = await own.entries()
  first.thaw()
  const outcome = await first.done.catch((error: unknown) => error)
  return { typed: first.typed - typed, bySecond: second.typed, outcome, entries }
}

describe.runIf(canHaveSandbox).concurrent('a worker that is frozen, and wakes up when another has taken over', () => {
  it.each(Object.entries(BEFORE_APPLYING))('%s: the disk is as before, the machine is up', async (_, moment) => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()

    const { typed, bySecond, outcome, entries } = await takenOver(own, moment)

    expect(outcome).toMatchObject({ code: 'fenced-off' })
    expect({ typed, bySecond }).toEqual({ typed: 0, bySecond: 0 })
    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-lost', details: {}, changed: [] })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
    expect(await own.entries()).toEqual(entries)
  })

  it.each(Object.entries({ ...AFTERWARDS, ...AT_THE_END }))(
    '%s: the file is the old one or the new one, the machine is up',
    async (_, moment) => {
      await using own = await SimulatedRescue.requested(log())

      const { typed, bySecond, outcome, entries } = await takenOver(own, moment)

      expect(outcome).toMatchObject({ code: 'fenced-off' })
      expect({ typed, bySecond }).toEqual({ typed: 0, bySecond: 0 })
      expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-lost', machine: 'up' })
      expect([`${own.oldKey}\n`, `${own.newKey}\n`]).toContain(await own.keys())
      expect(await own.leftovers()).toEqual([])
      expect(await own.entries()).toEqual(entries)
    },
  )
})

describe.runIf(canHaveSandbox).concurrent('a worker that takes over', () => {
  it('boots the machine, deletes the console connection, and begins nothing anew', async () => {
    await using own = await SimulatedRescue.requested(log())
    const { entries } = await takenOver(own, (one) => one.until(({ gates }) => gates[2]))

    const by = entries.filter(({ actor }) => actor.kind === 'worker' && actor.id === 'worker-2')
    const told = by.map(({ event }) => event).filter(({ type }) => type !== 'console' && type !== 'typed')

    expect(told).toMatchObject([
      { type: 'claimed', epoch: 2 },
      { type: 'phase-began', phase: 'boot' },
      { type: 'paid', debt: 'console-connection' },
      { type: 'owes', debt: { kind: 'console-connection' } },
      { type: 'noticed', code: 'connection-active' },
      { type: 'noticed', code: 'booting-normally' },
      { type: 'proved', proof: { kind: 'login-prompt' } },
      { type: 'paid', debt: 'maintenance' },
      { type: 'phase-began', phase: 'clean-up' },
      { type: 'paid', debt: 'console-connection' },
      { type: 'ended', outcome: 'failed', code: 'worker-lost', machine: 'up' },
    ])
  })

  it.each(['history', 'diagnose'] as const)('deletes the console history that %s has captured', async (name) => {
    await using own = await SimulatedRescue.requested(log(), { playbook: { name } })
    own.cloud.fails('captured', untilStopped)

    const { outcome, entries } = await takenOver(own, (one) => one.cloud.asks('captured'))

    expect(outcome).toMatchObject({ code: 'fenced-off' })
    const told = entries.map(({ event }) => event).slice(-4)
    expect(told).toMatchObject([
      { type: 'claimed', epoch: 2 },
      { type: 'phase-began', phase: 'clean-up' },
      { type: 'paid', debt: 'console-history' },
      { type: 'ended', outcome: 'failed', code: 'worker-lost', machine: 'untouched' },
    ])
    expect(await own.leftovers()).toEqual([])
    expect(await own.entries()).toEqual(entries)
  })

  it('says which changes were made, and which one may have been', async () => {
    await using begun = await SimulatedRescue.requested(log())
    await takenOver(begun, (own) => own.seen(({ type }) => type === 'change-began'))
    expect(await begun.ended()).toMatchObject({ details: { inDoubt: KEYS }, changed: [] })

    await using finished = await SimulatedRescue.requested(log())
    await takenOver(finished, (own) => own.seen(({ type }) => type === 'change-finished'))
    const backup = `${KEYS}.old-${finished.id}`
    expect(await finished.ended()).toMatchObject({ details: {}, changed: [{ path: KEYS, backup }] })
  })

  it('is itself lost: the third one ends it', async () => {
    await using own = await SimulatedRescue.requested(log())
    const first = own.startWorker('worker-1')
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    first.freeze()
    const second = own.startWorker('worker-2')
    await own.seen((event) => event.type === 'noticed' && event.code === 'booting-normally')
    second.freeze()

    await own.startWorker('worker-3').done

    expect(await own.ended()).toMatchObject({ code: 'worker-lost', machine: 'up' })
    expect((await own.state()).epoch).toBe(3)
    expect(await own.leftovers()).toEqual([])
  })

  it('finds nothing to do when the rescue has ended', async () => {
    await using own = await SimulatedRescue.requested(log())
    await own.run()
    const entries = await own.entries()

    await own.startWorker('worker-2').done

    expect(await own.entries()).toEqual(entries)
  })
})

describe.runIf(canHaveSandbox).concurrent('a worker that is not frozen, but has lost the rescue', () => {
  it.each(Object.entries({ ...BEFORE_APPLYING, ...AFTERWARDS }))('%s: stops by itself', async (_, moment) => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails('proveKey', untilStopped)
    const first = own.startWorker('worker-1')
    const come = moment(own)
    const approving = Promise.all([own.approve(1), own.approve(2)])
    await come

    await own.startWorker('worker-2').done
    await approving

    await expect(first.done).rejects.toMatchObject({ code: 'fenced-off' })
    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-lost' })
    expect([`${own.oldKey}\n`, `${own.newKey}\n`]).toContain(await own.keys())
    expect(await own.leftovers()).toEqual([])
  })
})
