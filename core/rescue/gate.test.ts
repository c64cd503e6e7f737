/** One gate, without a machine: what it waits for, and what it lets through. */
import { describe, expect, it } from 'vitest'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { APPROVER } from '../../test/helpers/simulated-rescue.ts'
import { newRescueId } from '../base/ids.ts'
import type { RequestPlan } from '../record/plan.ts'
import { planHash } from '../record/plan.ts'
import { RescueLog } from '../record/rescue-log.ts'
import { passGate } from './gate.ts'
import { Journal } from './journal.ts'

const log = useLog()

const plan: RequestPlan = {
  gate: 1,
  instance: { id: 'ocid1.instance.oc1..a', name: 'web-1' },
  request: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
}

/** A rescue that a worker has claimed, and somebody who can decide. */
async function claimed() {
  const people = new RescueLog(log(), newRescueId(), () => new Date())
  const record = (event: Parameters<Journal['append']>[0]) =>
    people.record({ actor: APPROVER, epoch: null }, () => event)
  const playbook = { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false } as const
  await record({ type: 'requested', playbook, target: 'web-1', channel: 'C1' })
  const claim = await Journal.claim(log(), people.rescue, 'w1', () => new Date())
  if (claim === undefined) throw new Error('not claimed')
  return { journal: claim.journal, people, record }
}

function pass(journal: Journal, expiresInMs: number, signal = AbortSignal.timeout(30_000)) {
  return passAt(journal, expiresInMs, () => new Date(0), signal)
}

function passAt(journal: Journal, expiresInMs: number, now: () => Date, signal = AbortSignal.timeout(30_000)) {
  const whileWaiting = <T>(wait: () => Promise<T>) => wait()
  return passGate(journal, plan, { expiresInMs, now, whileWaiting }, signal)
}

describe('a gate', () => {
  it('says until when it is open', async () => {
    const { journal } = await claimed()

    await pass(journal, 20)

    expect(journal.state.gates[1]).toMatchObject({ expiresAt: '1970-01-01T00:00:00.020Z' })
  })

  it('expires once, whoever decides at the same moment: one of them has won, and all read the same', async () => {
    const { journal, people, record } = await claimed()
    const passing = pass(journal, 30)
    await people.until(({ gates }) => gates[1], AbortSignal.timeout(20_000))
    const click = () => record({ type: 'decided', gate: 1, planHash: planHash(plan), decision: 'denied' })
    const clicking = new Promise((resolve) => setTimeout(resolve, 29)).then(click)

    const [passed] = await Promise.all([passing, clicking])
    await people.refresh()

    expect(people.state.gates[1]?.decision?.decision).toBe(passed)
    expect(['denied', 'expired']).toContain(passed)
  })

  it('ends when the policy says, sooner or later than it was opened for', async () => {
    const { journal, people } = await claimed()
    const passing = passAt(journal, 60_000, () => new Date())
    const gate = await people.until(({ gates }) => gates[1], AbortSignal.timeout(20_000))
    const terms = { rule: 'r', count: 1, mayBreakGlass: false, expiresAt: gate.openedAt }
    await people.record({ actor: { kind: 'policy' }, epoch: null }, () => {
      return { type: 'terms-set', gate: 1, planHash: planHash(plan), ...terms }
    })

    expect(await passing).toBe('expired')
  })

  it('is not passed with fewer approvals than the policy wants, whatever the log says of a decision', async () => {
    const { journal, people, record } = await claimed()
    const passing = passAt(journal, 60_000, () => new Date())
    const gate = await people.until(({ gates }) => gates[1], AbortSignal.timeout(20_000))
    const about = { gate: 1, planHash: planHash(plan) } as const
    const terms = { rule: 'r', count: 2, mayBreakGlass: false, expiresAt: gate.expiresAt }
    await people.record({ actor: { kind: 'policy' }, epoch: null }, () => ({ type: 'terms-set', ...about, ...terms }))
    await record({ type: 'decided', ...about, decision: 'approved' })
    await record({ type: 'decided', ...about, decision: 'denied', reason: 'one was not enough' })

    expect(await passing).toBe('denied')
  })

  it('throws the reason of a stop, and is then still undecided', async () => {
    const { journal, people } = await claimed()
    const stopping = new AbortController()
    const passing = pass(journal, 60_000, stopping.signal)
    await people.until(({ gates }) => gates[1], AbortSignal.timeout(20_000))
    stopping.abort(new Error('stop'))

    await expect(passing).rejects.toThrow('stop')
    await people.refresh()
    expect(people.state.gates[1]?.decision).toBeUndefined()
  })

  it('does not let through what is not the plan any more that was approved', async () => {
    const { journal, people, record } = await claimed()
    const mutable = { ...plan }
    const whileWaiting = <T>(wait: () => Promise<T>) => wait()
    const options = { expiresInMs: 60_000, now: () => new Date(), whileWaiting }
    const passing = passGate(journal, mutable, options, AbortSignal.timeout(30_000))
    await people.until(({ gates }) => gates[1], AbortSignal.timeout(20_000))
    mutable.instance = { id: 'ocid1.instance.oc1..b', name: 'web-1' }
    await record({ type: 'decided', gate: 1, planHash: planHash(plan), decision: 'approved' })

    await expect(passing).rejects.toMatchObject({ code: 'plan-changed' })
  })

  it('hears at once that another worker has the rescue', async () => {
    const { journal, people } = await claimed()
    const passing = pass(journal, 60_000)
    await people.until(({ gates }) => gates[1], AbortSignal.timeout(20_000))

    await Journal.claim(log(), people.rescue, 'w2', () => new Date())

    await expect(passing).rejects.toMatchObject({ code: 'fenced-off' })
  })
})

describe('a claim', () => {
  it('is not made of a rescue that nobody asked for, or that has ended', async () => {
    expect(await Journal.claim(log(), newRescueId(), 'w1', () => new Date())).toBeUndefined()
    const { journal, people } = await claimed()
    await journal.append({
      type: 'ended',
      outcome: 'failed',
      code: 'unexpected',
      details: {},
      machine: 'untouched',
      changed: [],
    })
    expect(await Journal.claim(log(), people.rescue, 'w2', () => new Date())).toBeUndefined()
    await expect(journal.append({ type: 'stop-requested' })).rejects.toMatchObject({ code: 'fenced-off' })
  })

  it('of several workers at once counts them one after the other', async () => {
    const { people } = await claimed()

    const claims = await Promise.all(
      ['w2', 'w3', 'w4'].map((id) => Journal.claim(log(), people.rescue, id, () => new Date())),
    )

    expect(claims.map((claim) => claim?.epoch).toSorted()).toEqual([2, 3, 4])
  })
})
