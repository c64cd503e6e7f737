/** From what somebody typed to one instance: found, refused, chosen, locked. No machine is needed for it. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { APPROVER, newInstance, SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

describe.runIf(canHaveSandbox).concurrent('an instance', () => {
  it.each([
    ['that is not there', { target: 'web-2' }, 'instance-not-found', { target: 'web-2' }],
    ['that is stopped', { instance: { lifecycleState: 'STOPPED' } }, 'instance-not-running', { state: 'STOPPED' }],
    ['that is starting', { instance: { lifecycleState: 'STARTING' } }, 'instance-not-running', { state: 'STARTING' }],
    ['that is terminated', { instance: { lifecycleState: 'TERMINATED' } }, 'instance-terminated', { name: 'web-1' }],
    ['that is being terminated', { instance: { lifecycleState: 'TERMINATING' } }, 'instance-terminated', {}],
    [
      'with Windows',
      { instance: { os: { name: 'Windows', version: 'Server 2022' } } },
      'instance-not-linux',
      { os: 'Windows Server 2022' },
    ],
  ])('%s is refused, with nothing done', async (_, wishes, code, details) => {
    await using own = await SimulatedRescue.requested(log(), wishes)

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code, details, machine: 'untouched', changed: [] })
    expect(own.cloud.asked).toEqual(['findInstances'])
    expect(await log().lockedBy(own.instance.id)).toBeUndefined()
  })

  it('is found by its OCID as well, and without an image that says what runs on it', async () => {
    const instance = newInstance({ name: 'db-1', os: null })
    await using own = await SimulatedRescue.requested(log(), { target: instance.id, instance })
    own.startWorker()

    const { plan } = await own.until(({ gates }) => gates[1])

    expect(plan.instance).toEqual({ id: instance.id, name: 'db-1' })
  })

  it('is not confused with terminated ones of the same name', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.instances.unshift(newInstance({ lifecycleState: 'TERMINATED' }))
    own.startWorker()

    const { plan } = await own.until(({ gates }) => gates[1])

    expect(plan.instance.id).toBe(own.instance.id)
    expect((await own.state()).choice).toBeUndefined()
  })

  it('is called terminated, not offered as a choice of none, when all that had the name are', async () => {
    await using own = await SimulatedRescue.requested(log(), { instance: { lifecycleState: 'TERMINATED' } })
    own.cloud.instances.push(newInstance({ lifecycleState: 'TERMINATED' }))

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'instance-terminated' })
    expect((await own.state()).choice).toBeUndefined()
  })

  it.each([
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA', 'private-key'],
    ['no key', 'hello', 'unknown-type'],
    ['a key with options', 'no-pty ssh-ed25519 AAAA', 'has-options'],
  ])('is left alone when the request holds %s: the worker reads it again', async (_, publicKey, why) => {
    await using own = await SimulatedRescue.requested(log(), { request: { publicKey } })

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'key-refused', details: { why } })
    expect(own.cloud.asked).toEqual(['findInstances'])
  })
})

describe.runIf(canHaveSandbox).concurrent('two instances of one name', () => {
  it('are offered, and the one that is chosen is rescued', async () => {
    await using own = await SimulatedRescue.requested(log())
    const twin = newInstance({ lifecycleState: 'STOPPED' })
    own.cloud.instances.push(twin)
    const worker = own.startWorker()
    const { candidates } = await own.until(({ choice }) => choice)
    await own.append(APPROVER, { type: 'chosen', instanceId: own.instance.id })

    await Promise.all([own.approve(1), own.approve(2), worker.done])

    expect(candidates).toEqual([own.instance, twin])
    expect(await own.ended()).toMatchObject({ outcome: 'recovered' })
    expect(await log().lockedBy(twin.id)).toBeUndefined()
  })

  it('are not guessed between: what was not offered can not be chosen, and a choice of one that is stopped is refused', async () => {
    await using own = await SimulatedRescue.requested(log())
    const twin = newInstance({ lifecycleState: 'STOPPED' })
    own.cloud.instances.push(twin)
    const worker = own.startWorker()
    await own.until(({ choice }) => choice)
    await own.append(APPROVER, { type: 'chosen', instanceId: newInstance().id })
    await own.append(APPROVER, { type: 'chosen', instanceId: twin.id })

    await worker.done

    expect(await own.ended()).toMatchObject({ code: 'instance-not-running', machine: 'untouched' })
  })

  it('end the rescue when nobody chooses in time', async () => {
    await using own = await SimulatedRescue.requested(log(), { settings: { gate1ExpiryMs: 50 } })
    own.cloud.instances.push(newInstance())

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'choice-expired', machine: 'untouched' })
  })

  it('can be answered with Stop', async () => {
    await using own = await SimulatedRescue.requested(log())
    own.cloud.instances.push(newInstance())
    const worker = own.startWorker()
    await own.until(({ choice }) => choice)
    await own.askToStop()

    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'stopped', machine: 'untouched' })
  })
})

describe.runIf(canHaveSandbox).concurrent('a second rescue of the same instance', () => {
  it('ends at once and names the first, which goes on undisturbed', async () => {
    await using first = await SimulatedRescue.requested(log())
    await using second = await SimulatedRescue.requested(log(), { instance: first.instance })
    const worker = first.startWorker()
    await first.approve(1)
    await first.until(({ gates }) => gates[2])

    await second.startWorker().done
    await Promise.all([first.approve(2), worker.done])

    expect(await second.ended()).toMatchObject({
      outcome: 'failed',
      code: 'instance-locked',
      details: { by: first.id },
      machine: 'untouched',
    })
    expect(second.cloud.asked).toEqual(['findInstances'])
    expect(await first.ended()).toMatchObject({ outcome: 'recovered' })
  })

  it('may begin when the first has ended', async () => {
    await using first = await SimulatedRescue.requested(log())
    await using second = await SimulatedRescue.requested(log(), { instance: first.instance })
    const worker = first.startWorker()
    await first.decide(1, 'denied')
    await worker.done

    second.startWorker()

    expect((await second.until(({ gates }) => gates[1])).plan.instance.id).toBe(first.instance.id)
  })
})
