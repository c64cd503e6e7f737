/** A rescue that is stopped, by a person or because its worker must leave: at any moment, with nothing left behind. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { KEYS, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

/** By when; what comes first is approved. */
const MOMENTS = {
  'before anything': async () => undefined,
  'at gate 1': async (own: SimulatedRescue) => void (await own.until(({ gates }) => gates[1])),
  'while the console connection is made': async (own: SimulatedRescue) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    own.cloud.fails('active', (signal) => {
      resolve()
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    })
    await promise
  },
  'while GRUB is awaited': (own: SimulatedRescue) => own.machine.reaches('firmware'),
  'in GRUB': (own: SimulatedRescue) => own.machine.reaches('grub'),
  'in GRUB’s editor': (own: SimulatedRescue) =>
    own.seen((event) => event.type === 'saw' && event.state === 'grub-menu'),
  'while the edited kernel boots': (own: SimulatedRescue) => own.machine.reaches('kernel'),
  'in the shell': (own: SimulatedRescue) => own.machine.reaches('shell'),
  'while the playbook looks': (own: SimulatedRescue) =>
    own.seen((event) => event.type === 'phase-began' && event.phase === 'look'),
  'at gate 2': async (own: SimulatedRescue) => void (await own.until(({ gates }) => gates[2])),
} as const

describe.runIf(canHaveSandbox).concurrent('stopped by a person', () => {
  it.each(Object.entries(MOMENTS))('%s: nothing is changed, and the machine is up', async (when, moment) => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()
    const come = moment(own)
    const worker = own.startWorker()
    if (when !== 'at gate 1') void own.approve(1)
    await come
    await own.askToStop()

    await worker.done

    const machine = (await own.events('phase-began')).some(({ phase }) => phase === 'bootloader') ? 'up' : 'untouched'
    expect(await own.ended()).toMatchObject({ outcome: 'stopped', code: 'stopped', machine, changed: [] })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('while changes are made: they are made to their end first, so that no file is left half done', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    const stopping = own.seen(({ type }) => type === 'change-began').then(() => own.askToStop())
    await Promise.all([own.approve(1), own.approve(2), stopping])

    await worker.done

    expect(await own.ended()).toMatchObject({
      outcome: 'stopped',
      machine: 'up',
      changed: [{ path: KEYS, backup: `${KEYS}.old-${own.id}` }],
    })
    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect(await own.leftovers()).toEqual([])
  })

  it('during the boot, just before the login prompt: the one that counts comes after the reset', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.resetMs = 200
    own.machine.temper.normal = 'stuck'
    const worker = own.startWorker()
    const lateLogin = async () => {
      await own.machine.reaches('stuck')
      const ordered = own.cloud.asks('reset')
      await own.askToStop()
      await ordered
      own.machine.temper.normal = 'login'
      own.machine.say('\r\nweb-1 login: ')
    }
    await Promise.all([own.approve(1), own.approve(2), lateLogin()])

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'stopped', machine: 'up', changed: [{ path: KEYS }] })
    expect(own.machine.resets).toBe(2)
    expect(await own.leftovers()).toEqual([])
  })

  it('when it has ended: has no effect', async () => {
    await using own = await SimulatedRescue.requested(log())
    await own.run()
    const entries = await own.entries()

    await own.askToStop()

    expect(await own.entries()).toEqual(entries)
  })
})

describe.runIf(canHaveSandbox).concurrent('stopped because the worker must leave', () => {
  it('at gate 1: ends as failed, with nothing done', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.until(({ gates }) => gates[1])
    worker.stop()

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-stopping', machine: 'untouched' })
  })

  it('with the machine down: it is booted normally first', async () => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    worker.stop()

    await worker.done

    expect(await own.ended()).toMatchObject({
      outcome: 'failed',
      code: 'worker-stopping',
      machine: 'up',
      changed: [],
      screen: expect.arrayContaining([expect.stringMatching(/^@[A-Z]{6}#/)]),
    })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('while changes are made: the file is the old one or the new one, and nothing lies beside it', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    const stopping = own.seen(({ type }) => type === 'change-began').then(() => worker.stop())
    await Promise.all([own.approve(1), own.approve(2), stopping])

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-stopping', machine: 'up' })
    expect([`${own.oldKey}\n`, `${own.newKey}\n`]).toContain(await own.keys())
    expect(await own.home()).not.toMatch(/\.new-|\.oci-rescue/)
    expect(await own.leftovers()).toEqual([])
  })

  it('and a person stops it at the same time: the first reason is told', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    worker.stop()
    await own.askToStop()

    await worker.done

    expect(await own.ended()).toMatchObject({ code: 'worker-stopping' })
  })
})
