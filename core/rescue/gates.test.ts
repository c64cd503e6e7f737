/** Both gates in a whole rescue: who says no, nobody says anything, and what is said counts only for what was shown. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { APPROVER, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import { planHash } from '../record/plan.ts'

const log = useLog()

describe.runIf(canHaveSandbox).concurrent('gate 1', () => {
  it('denied: ends there, and OCI was only asked which instance it is', async () => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()
    const worker = own.startWorker()
    await own.decide(1, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({
      outcome: 'denied',
      code: 'denied',
      details: { gate: '1' },
      machine: 'untouched',
      changed: [],
    })
    expect(own.cloud.asked).toEqual(['findInstances'])
    expect(own.machine).toMatchObject({ resets: 0, typed: [] })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('ends as expired when nobody decides, by the worker', async () => {
    await using own = await SimulatedRescue.requested(log(), { settings: { gate1ExpiryMs: 50 } })

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'expired', details: { gate: '1' }, machine: 'untouched' })
    expect((await own.state()).gates[1]?.decision).toMatchObject({ decision: 'expired', by: { kind: 'worker' } })
    expect(own.cloud.asked).toEqual(['findInstances'])
  })

  it('shows what was asked for, whole, and of which instance', async () => {
    await using own = await SimulatedRescue.requested(log(), { request: { keepExisting: true } })
    own.startWorker()

    const gate = await own.until(({ gates }) => gates[1])

    const request = { name: 'replace-key', user: 'opc', publicKey: own.newKey, keepExisting: true }
    expect(gate.plan).toEqual({ gate: 1, instance: { id: own.instance.id, name: 'web-1' }, request })
    expect(gate.planHash).toBe(planHash(gate.plan))
  })

  it('is not passed by a decision about another plan, whatever it says', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.decide(1, 'approved', 'f'.repeat(64))
    await own.decide(1, 'denied', 'f'.repeat(64))
    await own.decide(1, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'untouched' })
    expect(own.machine.resets).toBe(0)
  })

  it('takes the first decision: an approval after a denial changes nothing, nor one that comes before the gate', async () => {
    await using own = await SimulatedRescue.requested(log())
    await own.append(APPROVER, { type: 'decided', gate: 1, planHash: 'f'.repeat(64), decision: 'approved' })
    const worker = own.startWorker()
    const { planHash: hash } = await own.until(({ gates }) => gates[1])
    await own.append(APPROVER, { type: 'decided', gate: 1, planHash: hash, decision: 'denied' })
    await own.append(APPROVER, { type: 'decided', gate: 1, planHash: hash, decision: 'approved' })

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'untouched' })
  })

  it('lets through only once more those who can still be rescued: the instance was stopped meanwhile', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.until(({ gates }) => gates[1])
    own.cloud.instances.splice(0, 1, { ...own.instance, lifecycleState: 'STOPPED' })
    await own.approve(1)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'instance-not-running', machine: 'untouched' })
    expect(own.machine.resets).toBe(0)
  })
})

describe.runIf(canHaveSandbox).concurrent('gate 2', () => {
  it('denied: the machine boots normally, with its disk byte for byte as before', async () => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()
    const worker = own.startWorker()
    await own.approve(1)
    await own.decide(2, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', details: { gate: '2' }, machine: 'up', changed: [] })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('expired: the machine boots normally, with its disk byte for byte as before', async () => {
    await using own = await SimulatedRescue.requested(log(), { settings: { gate2ExpiryMs: 50 } })
    const before = await own.home()
    const worker = own.startWorker()
    await own.approve(1)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'expired', details: { gate: '2' }, machine: 'up', changed: [] })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('shows the file before and after, and is approved by the hash of exactly that', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.startWorker()
    await own.approve(1)

    const gate = await own.until(({ gates }) => gates[2])

    expect(gate.plan).toMatchObject({
      gate: 2,
      instance: { id: own.instance.id, name: 'web-1' },
      user: 'opc',
      selinux: false,
      changes: [{ kind: 'replace-file', before: `${own.oldKey}\n`, after: `${own.newKey}\n`, mode: '0600' }],
    })
    expect(gate.planHash).toBe(planHash(gate.plan))
  })

  it('is not passed by an approval of another plan', async () => {
    await using own = await SimulatedRescue.requested(log())
    const before = await own.home()
    const worker = own.startWorker()
    await own.approve(1)
    const { planHash: ofGate1 } = await own.until(({ gates }) => gates[1])
    await own.decide(2, 'approved', ofGate1)
    await own.decide(2, 'denied')

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', changed: [] })
    expect(await own.events('change-began')).toEqual([])
    expect(await own.home()).toBe(before)
  })

  it('does not apply what was approved to a file that has become another one since', async () => {
    await using own = await SimulatedRescue.requested(log())
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    await own.machine.disk.given('mount -o remount,rw /; echo "# mine" >>/home/opc/.ssh/authorized_keys')
    const before = await own.home()
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'file-changed', machine: 'up', changed: [] })
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('goes on however long the worker has to wait for its turn after the approval', async () => {
    await using own = await SimulatedRescue.requested(log(), { settings: { gate2ExpiryMs: 1500 } })
    const worker = own.startWorker()
    await own.approve(1)
    await own.until(({ gates }) => gates[2])
    own.turnTakesMs = 3200
    await own.approve(2)

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'recovered' })
  })
})
