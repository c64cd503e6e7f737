/** OCI, its gateway and the line to the machine, when they do not do what they are asked. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { KEYS, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import type { Operation } from '../../test/helpers/simulated-world.ts'
import { RescueError, type Responsible } from '../base/errors.ts'

const log = useLog()

function fault(code: string, responsible: Responsible = 'cloud'): RescueError {
  return new RescueError(responsible, code, `${code}, says OCI`, { details: { operation: 'Any' } })
}

const OCI = ['oci-not-authenticated', 'oci-not-found-or-not-authorized', 'oci-throttled', 'oci-unavailable']

describe.runIf(canHaveSandbox).concurrent('OCI that refuses', () => {
  it.each(OCI)('to look for the instance (%s): is quoted, with nothing done', async (code) => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails('findInstances', fault(code))

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({
      outcome: 'failed',
      code,
      details: { operation: 'Any' },
      machine: 'untouched',
    })
    expect(own.cloud.asked).toEqual(['findInstances'])
  })

  const connecting: readonly (readonly [string, Operation, RescueError])[] = [
    ['to make a console connection', 'createConsoleConnection', fault('oci-unavailable')],
    ['since somebody else has made one', 'createConsoleConnection', fault('console-connection-exists', 'operator')],
    ['the console connection, which becomes FAILED', 'active', fault('console-connection-failed')],
    ['the console connection, which never becomes ACTIVE', 'active', fault('console-connection-slow')],
    ['by showing another host key', 'openSerial', fault('host-key-mismatch')],
    ['by letting in one client at a time', 'openSerial', fault('console-busy', 'operator')],
    ['by closing the gateway', 'openSerial', fault('console-refused')],
    ['by not being reachable', 'openSerial', fault('gateway-unreachable')],
  ]
  it.each(connecting)('%s: the machine is not touched, and no connection is left', async (_, operation, error) => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails(operation, error)
    const worker = own.startWorker()
    await own.approve(1)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: error.code, machine: 'untouched', changed: [] })
    expect(own.machine).toMatchObject({ resets: 0, typed: [] })
    expect(await own.events('noticed')).toEqual([])
    expect(await own.leftovers()).toEqual([])
  })

  it('to reset the machine: it is booted normally as soon as OCI does it, for the order may have been carried out', async () => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()
    own.cloud.fails('reset', fault('oci-unavailable'), 3)
    const worker = own.startWorker()
    await own.approve(1)

    await worker.done

    expect(await own.ended()).toMatchObject({ code: 'oci-unavailable', machine: 'up', changed: [] })
    expect(own.machine.resets).toBe(1)
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('to give back a proof: the repair stands, and the ending says what is not right', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails('proveKey', fault('key-not-accepted', 'machine'))

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'key-not-accepted',
      machine: 'up',
      changed: [{ path: KEYS }],
    })
    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect(await own.leftovers()).toEqual([])
  })
})

describe.runIf(canHaveSandbox).concurrent('a debt', () => {
  it('that can not be paid at once is paid in the end', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails('deleteConsoleConnections', fault('oci-unavailable'), 3)

    expect(await own.run()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(own.cloud.asked.filter((operation) => operation === 'deleteConsoleConnections')).toHaveLength(4)
    expect(await own.leftovers()).toEqual([])
  })

  it('of a machine that is down is paid in the end', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('reset', fault('oci-unavailable'), 3)
    await own.decide(2, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'up' })
    expect(own.machine.resets).toBe(2)
    expect(await own.leftovers()).toEqual([])
  })

  it('that can not be paid at all is named in the ending, and stays in the log', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.fails('deleteConsoleConnections', fault('oci-unavailable'), 50)

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'debts-left',
      details: { owed: 'console-connection', instance: 'web-1', reason: 'oci-unavailable, says OCI' },
      machine: 'up',
      changed: [{ path: KEYS }],
    })
    expect(await own.leftovers()).toEqual(['owes console-connection', 'a console connection'])
  })

  it('that can not be paid does not keep the others from being paid', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('reset', fault('oci-unavailable'), 50)
    await own.decide(2, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({
      code: 'debts-left',
      details: { owed: 'maintenance' },
      machine: 'unknown',
    })
    expect(await own.leftovers()).toEqual(['owes maintenance', 'the machine in shell'])
  })
})

describe.runIf(canHaveSandbox).concurrent('a line that drops', () => {
  /** What was missed while the line was down is not waited for. */
  const QUICK = { missedBootMs: 1500 }
  const MOMENTS = {
    'before GRUB': (own: SimulatedRescue) => own.machine.reaches('firmware'),
    'in GRUB': (own: SimulatedRescue) => own.machine.reaches('grub'),
    'in GRUB’s editor': (own: SimulatedRescue) => own.machine.hears(/^e$/),
    'while the edited kernel boots': (own: SimulatedRescue) => own.machine.reaches('kernel'),
    'in the shell': (own: SimulatedRescue) => own.machine.reaches('shell'),
    'while the playbook looks': (own: SimulatedRescue) => own.machine.hears(/_r [\s\S]*\/etc\/passwd/),
    'at gate 2': async (own: SimulatedRescue) => void (await own.until(({ gates }) => gates[2])),
  }
  it.each(Object.entries(MOMENTS))('%s: is opened again, and the rescue goes on', async (_, moment) => {
    await using own = await SimulatedRescue.requested(log(), { settings: { patience: QUICK } })
    const dropping = moment(own).then(() => own.machine.pull())
    const worker = own.startWorker()
    await Promise.all([own.approve(1), dropping])
    await own.seen((event) => event.type === 'noticed' && event.code === 'line-back')
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect(own.cloud.asked.filter((operation) => operation === 'createConsoleConnection')).toHaveLength(1)
    expect(await own.leftovers()).toEqual([])
  })

  it('at gate 2, with the worker’s slot in other hands: nothing is done before it has one again', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.turnTakesMs = 300
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.machine.pull()
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(worker.actsOutOfTurn).toBe(0)
  })

  it('and is held by the gateway: is waited for until it is free, and the thread counts down', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('openSerial', fault('console-busy', 'operator'), 3)
    own.machine.pull()
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    const held = await own.events('console-held')
    expect(held.map(({ now }) => now)).toEqual(['waiting', 'waiting', 'waiting', 'free'])
    expect(new Set(held.map(({ until }) => until)).size).toBe(1)
  })

  it('and is held for longer than OCI says: it is given up, and the machine is booted without it', async () => {
    await using own = await SimulatedRescue.requested(log(), { settings: { patience: { heldMs: 100 } } })
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('openSerial', fault('console-busy', 'operator'), 50)
    own.machine.pull()

    await worker.done

    expect(await own.ended()).toMatchObject({ code: 'line-dropped', machine: 'reset', changed: [] })
    expect((await own.events('console-held')).at(-1)).toMatchObject({ now: 'given-up' })
    await own.machine.reaches('login')
    expect(await own.leftovers()).toEqual([])
  })

  it('at gate 2, which is denied while the gateway holds the console: the machine does not wait for it', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('openSerial', fault('console-busy', 'operator'), 400)
    own.machine.pull()
    await own.seen((event) => event.type === 'console-held')
    await own.decide(2, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', changed: [] })
    expect((await own.events('console-held')).every(({ now }) => now === 'waiting')).toBe(true)
    await own.machine.reaches('login')
    expect(await own.leftovers()).toEqual([])
  })

  it('together with its console connection: a new one is made', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.disconnect(own.instance, own.id)
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(own.cloud.asked.filter((operation) => operation === 'createConsoleConnection')).toHaveLength(2)
    expect(await own.leftovers()).toEqual([])
  })

  it('at gate 2, and the machine is reset by somebody meanwhile: nothing is typed to what it shows then', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('openSerial', fault('gateway-unreachable'), 2)
    own.machine.pull()
    own.machine.reset()
    await own.machine.reaches('firmware')

    await Promise.all([own.approve(2), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', changed: [] })
    expect(await own.keys()).toBe(`${own.oldKey}\n`)
    expect(own.machine.typed.filter(({ to, keys }) => to === 'grub' && keys.includes('_r '))).toEqual([])
    expect(await own.leftovers()).toEqual([])
  })

  it('while a change is made: what became of it is asked for, and nothing is done twice', async () => {
    await using own = await SimulatedRescue.requested(log())
    const dropping = own.machine.hears(/ln -T|mv -fT/).then(() => own.machine.pull())
    const worker = own.startWorker()
    await Promise.all([own.approve(1), own.approve(2), dropping])

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up', changed: [{ path: KEYS }] })
    expect(await own.keys()).toBe(`${own.newKey}\n`)
    const changing = own.machine.typed.filter(({ keys }) => /ln -T|mv -fT/.test(keys)).map(({ keys }) => keys)
    expect(new Set(changing).size).toBe(changing.length)
    expect(await own.leftovers()).toEqual([])
  })

  it('while a change is made, and can not be had again: which file it is may be in doubt', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    const dropping = own.machine.hears(/ln -T|mv -fT/).then(() => {
      own.cloud.fails('openSerial', fault('gateway-unreachable'), 10_000)
      own.machine.pull()
    })
    await Promise.all([own.approve(1), own.approve(2), dropping])

    await worker.done

    expect(await own.ended()).toMatchObject({ code: 'line-dropped', details: { inDoubt: KEYS } })
    expect([`${own.oldKey}\n`, `${own.newKey}\n`]).toContain(await own.keys())
    await own.machine.reaches('login')
    expect(await own.leftovers()).toEqual([])
  })

  it('during the boot at the end: the machine comes up, if need be once more, and is watched', async () => {
    await using own = await SimulatedRescue.requested(log(), { settings: { patience: QUICK } })
    const dropping = own.machine.hears(/reboot/).then(() => own.machine.pull())
    const worker = own.startWorker()
    await Promise.all([own.approve(1), own.approve(2), dropping])

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up', changed: [{ path: KEYS }] })
    expect(await own.leftovers()).toEqual([])
  })

  it('and can not be had again: the machine is reset all the same, and nobody says that it is up', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.cloud.fails('openSerial', fault('gateway-unreachable'), 50)
    own.machine.pull()

    await worker.done

    expect(await own.ended()).toMatchObject({ code: 'line-dropped', machine: 'reset', changed: [] })
    expect(await own.events('noticed')).toContainEqual({
      type: 'noticed',
      code: 'boot-not-watched',
      details: { cause: 'gateway-unreachable' },
    })
    await own.machine.reaches('login')
    expect(await own.leftovers()).toEqual([])
  })
})
