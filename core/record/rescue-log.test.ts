import { describe, expect, it } from 'vitest'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { newInstance } from '../../test/helpers/simulated-rescue.ts'
import { STOPPED } from '../../test/helpers/thread-events.ts'
import { newRescueId } from '../base/ids.ts'
import type { RescueEvent } from './events.ts'
import { RescueLog, type Writer } from './rescue-log.ts'

const log = useLog()

const PERSON: Writer = { actor: { kind: 'person', enterprise: null, team: 'T1', user: 'U1' }, epoch: null }
const WORKER = { kind: 'worker', id: 'w1' } as const
const REQUESTED: RescueEvent = {
  type: 'requested',
  playbook: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
  target: 'web-1',
  channel: 'C1',
}
const STOP: RescueEvent = { type: 'stop-requested' }

function open(rescue: string): RescueLog {
  return new RescueLog(log(), rescue, () => new Date())
}

/** A rescue that was requested, and one writer's hold on its log. */
async function requested(): Promise<RescueLog> {
  const own = open(newRescueId())
  await own.record(PERSON, () => REQUESTED)
  return own
}

describe('one writer', () => {
  it('keeps the state in step with what it appends', async () => {
    const own = await requested()

    expect(own.state).toMatchObject({ seq: 1, request: { target: 'web-1' } })
    expect((await own.record(PERSON, () => STOP)).kind).toBe('appended')
    expect(own.state).toMatchObject({ seq: 2, stopRequested: { by: PERSON.actor } })
  })

  it('appends nothing when it decides so, on what others have said meanwhile', async () => {
    const own = await requested()
    await open(own.rescue).record(PERSON, () => STOP)
    const once = (state: RescueLog['state']) => (state.stopRequested === undefined ? STOP : undefined)

    expect(await own.record(PERSON, once)).toEqual({ kind: 'declined' })
    expect((await log().read(own.rescue, 0)).entries).toHaveLength(2)
  })

  it('keeps the order of what it says at once', async () => {
    const own = await requested()
    const phases = ['find', 'gate-1', 'connect', 'bootloader'] as const

    await Promise.all(phases.map((phase) => own.record(PERSON, () => ({ type: 'phase-began', phase }))))

    expect(own.state.phases.map(({ phase }) => phase)).toEqual(phases)
  })

  it('goes on after a turn that failed', async () => {
    const own = await requested()
    const failing = own.record(PERSON, () => {
      throw new Error('undecided')
    })

    await expect(failing).rejects.toThrow('undecided')
    expect((await own.record(PERSON, () => STOP)).kind).toBe('appended')
  })
})

describe('several writers', () => {
  it('lose nothing, however they come between each other', async () => {
    const { rescue } = await requested()
    const writers = await Promise.all(Array.from({ length: 5 }, async () => open(rescue)))

    await Promise.all(
      writers.flatMap((own, writer) =>
        Array.from({ length: 6 }, (_, index) =>
          own.record(PERSON, () => ({ type: 'noticed', code: `${writer}`, details: { index: `${index}` } })),
        ),
      ),
    )

    const { entries } = await log().read(rescue, 1)
    expect(entries).toHaveLength(30)
    for (const writer of writers.keys()) {
      const own = entries.map(({ event }) => event).filter((event) => 'code' in event && event.code === `${writer}`)
      expect(own.map((event) => 'details' in event && event.details.index)).toEqual(['0', '1', '2', '3', '4', '5'])
    }
  })

  it('have one winner when each decides on what it sees', async () => {
    const { rescue } = await requested()
    const decisions = await Promise.all(
      Array.from({ length: 10 }, () =>
        open(rescue).record(PERSON, (state) => (state.stopRequested === undefined ? STOP : undefined)),
      ),
    )

    expect(decisions.filter(({ kind }) => kind === 'appended')).toHaveLength(1)
    expect(decisions.filter(({ kind }) => kind === 'declined')).toHaveLength(9)
  })

  it('hear that the rescue is fenced off, ended, or that the instance is another rescue’s', async () => {
    const first = await requested()
    const second = await requested()
    const instance = newInstance()
    await first.record({ actor: WORKER, epoch: null }, () => ({ type: 'claimed', epoch: 1 }))
    await first.record({ actor: WORKER, epoch: 1 }, () => ({ type: 'resolved', instance }))

    expect(await second.record(PERSON, () => ({ type: 'resolved', instance }))).toEqual({
      kind: 'instance-locked',
      by: first.rescue,
    })
    await open(first.rescue).record({ actor: WORKER, epoch: null }, () => ({ type: 'claimed', epoch: 2 }))
    expect(await first.record({ actor: WORKER, epoch: 1 }, () => STOP)).toEqual({ kind: 'fenced-off' })
    await open(first.rescue).record({ actor: WORKER, epoch: 2 }, () => STOPPED)
    expect(await first.record(PERSON, () => STOP)).toEqual({ kind: 'ended' })
  })
})

describe('waiting', () => {
  it('ends with what somebody else appends', async () => {
    const own = await requested()
    const waiting = own.until(({ stopRequested }) => stopRequested, AbortSignal.timeout(30_000))

    await open(own.rescue).record(PERSON, () => STOP)

    expect(await waiting).toMatchObject({ by: PERSON.actor })
  })

  it('ends at once with what is there already', async () => {
    const own = await requested()

    expect(await own.until(({ request }) => request?.target, AbortSignal.timeout(30_000))).toBe('web-1')
  })

  it('ends with the reason of its signal', async () => {
    const own = await requested()
    const stopping = new AbortController()
    const waiting = own.until(() => undefined, stopping.signal)
    stopping.abort(new Error('enough'))

    await expect(waiting).rejects.toThrow('enough')
  })

  it('does not keep others from appending', async () => {
    const own = await requested()
    const waiting = own.until(({ stopRequested }) => stopRequested, AbortSignal.timeout(30_000))

    expect((await own.record(PERSON, () => STOP)).kind).toBe('appended')
    await waiting
  })

  it('reads what is new, and only that', async () => {
    const own = await requested()
    await open(own.rescue).record(PERSON, () => STOP)

    expect((await own.refresh()).map(({ event }) => event)).toEqual([STOP])
    expect(await own.refresh()).toEqual([])
  })
})
