/** The suite that every event log passes, whatever keeps it. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newRescueId } from '../../core/base/ids.ts'
import type { Actor, Instance, RescueEvent } from '../../core/record/events.ts'
import type { AppendResult, Draft, EventLog, Head } from '../../core/record/log.ts'

export const EMPTY: Head = { seq: 0, hash: '' }
export const PERSON: Actor = { kind: 'person', enterprise: null, team: 'T1', user: 'U1' }
export const WORKER: Actor = { kind: 'worker', id: 'w1' }

export const REQUESTED: RescueEvent = {
  type: 'requested',
  playbook: { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: false },
  target: 'web-1',
  channel: 'C1',
}
export const STOP: RescueEvent = { type: 'stop-requested' }
export const ENDED: RescueEvent = {
  type: 'ended',
  outcome: 'failed',
  code: 'unexpected',
  details: {},
  machine: 'untouched',
  changed: [],
}

export function draft(event: RescueEvent, actor: Actor = PERSON): Draft {
  return { at: new Date(), actor, event }
}

export function claimed(epoch: number): Draft {
  return draft({ type: 'claimed', epoch }, WORKER)
}

export function resolved(id: string): Draft {
  const instance: Instance = {
    id,
    name: 'web-1',
    compartmentId: 'ocid1.compartment.oc1..a',
    region: 'eu-frankfurt-1',
    lifecycleState: 'RUNNING',
    shape: 'VM.Standard.E5.Flex',
    os: null,
  }
  return draft({ type: 'resolved', instance }, WORKER)
}

/** Appends after whatever is there; fails the test unless it was appended. */
export async function append(log: EventLog, rescue: string, what: Draft, epoch: number | null = null): Promise<Head> {
  const { head } = await log.read(rescue, 0)
  return demandAppended(await log.append(rescue, what, { head, epoch }))
}

export function demandAppended(result: AppendResult): Head {
  if (result.kind !== 'appended') throw new Error(`not appended: ${result.kind}`)
  return result.head
}

async function requested(log: EventLog): Promise<string> {
  const rescue = newRescueId()
  await append(log, rescue, draft(REQUESTED))
  return rescue
}

/** An id that no other test has locked. */
function newInstanceId(): string {
  return `ocid1.instance.oc1..${randomUUID()}`
}

export function eventLogContract(name: string, open: () => EventLog): void {
  describe(`event log: ${name}`, () => {
    it('is empty before anything happened', async () => {
      expect(await open().read(newRescueId(), 0)).toEqual({ entries: [], head: EMPTY })
    })

    it('gives back what was appended, numbered, chained and in order', async () => {
      const log = open()
      const rescue = await requested(log)
      await append(log, rescue, draft(STOP))

      const { entries, head } = await log.read(rescue, 0)

      expect(entries.map(({ seq, event }) => [seq, event])).toEqual([
        [1, REQUESTED],
        [2, STOP],
      ])
      expect(entries[0]?.prev).toBe('')
      expect(entries[1]?.prev).toMatch(/^[0-9a-f]{64}$/)
      expect(head.seq).toBe(2)
    })

    it('gives only what is new when asked so, with the same head', async () => {
      const log = open()
      const rescue = await requested(log)
      const head = await append(log, rescue, draft(STOP))

      const news = await log.read(rescue, 1)

      expect(news.entries.map(({ event }) => event)).toEqual([STOP])
      expect(news.head).toEqual(head)
      expect(await log.read(rescue, 2)).toEqual({ entries: [], head })
    })

    it('lets exactly one of fifty rivals win', async () => {
      const log = open()
      const rescue = await requested(log)
      const { head } = await log.read(rescue, 0)
      const same = draft(STOP)

      const results = await Promise.all(
        Array.from({ length: 50 }, () => log.append(rescue, same, { head, epoch: null })),
      )

      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1)
      expect(results.filter(({ kind }) => kind === 'conflict')).toHaveLength(49)
      expect((await log.read(rescue, 0)).entries).toHaveLength(2)
    })

    it('refuses an append that knows the right length with the wrong history', async () => {
      const log = open()
      const rescue = await requested(log)

      const result = await log.append(rescue, draft(STOP), { head: { seq: 1, hash: 'f'.repeat(64) }, epoch: null })

      expect(result).toEqual({ kind: 'conflict' })
    })

    it('counts the workers that claim a rescue, and fences off all but the newest', async () => {
      const log = open()
      const rescue = await requested(log)
      expect(await log.epoch(rescue)).toBe(0)
      await append(log, rescue, claimed(1))
      await append(log, rescue, draft(STOP, WORKER), 1)
      const head = await append(log, rescue, claimed(2))

      expect(await log.epoch(rescue)).toBe(2)
      expect(await log.append(rescue, draft(STOP, WORKER), { head, epoch: 1 })).toEqual({ kind: 'fenced-off' })
      expect((await log.append(rescue, draft(STOP, WORKER), { head, epoch: 2 })).kind).toBe('appended')
    })

    it('says fenced-off, not conflict, to a worker that has missed everything since', async () => {
      const log = open()
      const rescue = await requested(log)
      const stale = await append(log, rescue, claimed(1))
      await append(log, rescue, claimed(2))

      expect(await log.append(rescue, draft(STOP, WORKER), { head: stale, epoch: 1 })).toEqual({ kind: 'fenced-off' })
    })

    it('lets one of two workers claim at the same time, and does not take a claim that skips one', async () => {
      const log = open()
      const rescue = await requested(log)
      const { head } = await log.read(rescue, 0)

      const results = await Promise.all([1, 2, 3].map(() => log.append(rescue, claimed(1), { head, epoch: null })))

      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1)
      await expect(append(log, rescue, claimed(3))).rejects.toMatchObject({ code: 'wrong-epoch' })
    })

    it('gives an instance to one live rescue, and back when that has ended', async () => {
      const log = open()
      const instance = newInstanceId()
      const first = await requested(log)
      const second = await requested(log)
      await append(log, first, resolved(instance))
      const { head } = await log.read(second, 0)

      expect(await log.append(second, resolved(instance), { head, epoch: null })).toEqual({
        kind: 'instance-locked',
        by: first,
      })
      expect((await log.read(second, 0)).head).toEqual(head)
      expect(await log.lockedBy(instance)).toBe(first)

      await append(log, first, resolved(instance))
      await append(log, first, draft(ENDED))

      expect(await log.lockedBy(instance)).toBeUndefined()
      await append(log, second, resolved(instance))
      expect(await log.lockedBy(instance)).toBe(second)
    })

    it('gives one instance to one of many that ask at once', async () => {
      const log = open()
      const instance = newInstanceId()
      const rescues = await Promise.all(Array.from({ length: 20 }, () => requested(log)))

      const results = await Promise.all(
        rescues.map(async (rescue) => {
          const { head } = await log.read(rescue, 0)
          return log.append(rescue, resolved(instance), { head, epoch: null })
        }),
      )

      expect(results.filter(({ kind }) => kind === 'appended')).toHaveLength(1)
      expect(results.filter(({ kind }) => kind === 'instance-locked')).toHaveLength(19)
    })

    it('takes nothing more after the end', async () => {
      const log = open()
      const rescue = await requested(log)
      const head = await append(log, rescue, draft(ENDED))

      expect(await log.append(rescue, draft(STOP), { head, epoch: null })).toEqual({ kind: 'ended' })
      expect(await log.append(rescue, claimed(1), { head, epoch: null })).toEqual({ kind: 'ended' })
      expect((await log.read(rescue, 0)).head).toEqual(head)
    })

    it('lists the rescues that have not ended, oldest first', async () => {
      const log = open()
      const before = new Set(await log.live())
      const first = newRescueId()
      const second = newRescueId()
      const third = newRescueId()
      await append(log, second, { ...draft(REQUESTED), at: new Date(2000) })
      await append(log, first, { ...draft(REQUESTED), at: new Date(1000) })
      await append(log, third, { ...draft(REQUESTED), at: new Date(3000) })
      await append(log, second, draft(ENDED))

      expect((await log.live()).filter((rescue) => !before.has(rescue))).toEqual([first, third])
    })

    it('wakes whoever waits for a log to grow', async () => {
      const log = open()
      const rescue = await requested(log)
      const waits = Array.from({ length: 20 }, () => log.grown(rescue, 1, AbortSignal.timeout(30_000)))
      const other = log.grown(await requested(log), 1, AbortSignal.timeout(1000))
      const disappointed = expect(other).rejects.toMatchObject({ name: 'TimeoutError' })

      await append(log, rescue, draft(STOP))

      await Promise.all(waits)
      await disappointed
    })

    it('does not wait for what is there already', async () => {
      const log = open()
      const rescue = await requested(log)

      await log.grown(rescue, 0, AbortSignal.timeout(30_000))
    })

    it('ends a wait with the reason of its signal', async () => {
      const log = open()
      const rescue = await requested(log)
      const controller = new AbortController()
      const wait = log.grown(rescue, 1, controller.signal)

      controller.abort(new Error('enough'))

      await expect(wait).rejects.toThrow('enough')
      await expect(log.grown(rescue, 1, controller.signal)).rejects.toThrow('enough')
    })

    it('refuses an event that its readers would refuse', async () => {
      const event = { ...REQUESTED, playbook: { name: 'replace-key', user: 'not a name' } }
      // @ts-expect-error: what a caller without types could hand over
      const wrong: Draft = { at: new Date(), actor: PERSON, event }

      await expect(open().append(newRescueId(), wrong, { head: EMPTY, epoch: null })).rejects.toMatchObject({
        code: 'invalid-entry',
      })
    })
  })
}
