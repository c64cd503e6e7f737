/** Whole rescues of a machine whose boot loader asks who we are. */
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { useHandOver } from '../../test/helpers/hand-over.ts'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { APPROVER, SimulatedRescue, type Wishes } from '../../test/helpers/simulated-rescue.ts'
import { newTicket } from '../base/ids.ts'
import type { GrubCredentials } from '../record/grub-credentials.ts'
import { openAsk } from '../record/state.ts'

const desk = useHandOver()

/** Any piece of a secret this long in an event is a leak. */
const PIECE = 6

function newCredentials(): GrubCredentials {
  return { username: `grub${newTicket()}`, password: randomBytes(12).toString('base64') }
}

async function locked(superuser: GrubCredentials, settings: Wishes['settings'] = {}): Promise<SimulatedRescue> {
  const own = await SimulatedRescue.requested(desk().log, { temper: { superuser }, settings })
  own.cloud.takeAnswer = (place) => desk().answers.take(place)
  return own
}

/** Somebody enters these, one after the other, as they are asked. */
async function enter(own: SimulatedRescue, all: readonly GrubCredentials[]): Promise<void> {
  for (const [index, credentials] of all.entries()) {
    const ask = await own.until((state) => (openAsk(state)?.attempt === index + 1 ? openAsk(state) : undefined))
    await desk().answer(own.id, ask, APPROVER, credentials)
  }
}

async function leaks(own: SimulatedRescue, all: readonly GrubCredentials[]): Promise<string[]> {
  const events = (await own.entries()).map(({ event }) => ({ type: event.type, text: JSON.stringify(event) }))
  const secrets = all.flatMap(({ username, password }) => [username, password])
  const pieces = secrets.flatMap((secret) =>
    Array.from({ length: secret.length - PIECE + 1 }, (_, at) => secret.slice(at, at + PIECE)),
  )
  return pieces.flatMap((piece) =>
    events.filter(({ text }) => text.includes(piece)).map(({ type }) => `${piece} in ${type}`),
  )
}

describe.runIf(canHaveSandbox).concurrent('a boot loader that asks for a password', () => {
  it('is given it, and the rescue goes on; no event has a part of it', async () => {
    const credentials = newCredentials()
    await using own = await locked(credentials)
    const worker = own.startWorker()

    await Promise.all([own.approve(1), enter(own, [credentials]), own.approve(2), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'recovered', machine: 'up' })
    expect(await leaks(own, [credentials])).toEqual([])
    expect(await desk().left(own.id)).toEqual([])
    expect(worker.actsOutOfTurn).toBe(0)
    expect(await own.leftovers()).toEqual([])
  })

  it('asks again when it has refused, and says so', async () => {
    const [wrong, right] = [newCredentials(), newCredentials()]
    await using own = await locked(right)
    const worker = own.startWorker()

    await Promise.all([own.approve(1), enter(own, [wrong, right]), own.approve(2), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'recovered' })
    expect((await own.events('asked')).map(({ attempt }) => attempt)).toEqual([1, 2])
    expect(await leaks(own, [wrong, right])).toEqual([])
  })

  it('is not asked a fourth time: the machine boots normally, unchanged', async () => {
    const all = Array.from({ length: 3 }, newCredentials)
    await using own = await locked(newCredentials())
    const before = await own.home()
    const worker = own.startWorker()

    await Promise.all([own.approve(1), enter(own, all), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'grub-password', machine: 'up', changed: [] })
    expect(await own.events('asked')).toHaveLength(3)
    expect(await own.home()).toBe(before)
    expect(await leaks(own, all)).toEqual([])
    expect(await own.leftovers()).toEqual([])
  })

  it('is not given anything when nobody comes in time: the machine boots normally, unchanged', async () => {
    await using own = await locked(newCredentials(), { passwordExpiryMs: 200 })
    const before = await own.home()
    const worker = own.startWorker()

    await Promise.all([own.approve(1), worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'password-not-entered', machine: 'up' })
    expect(await own.events('withdrawn')).toMatchObject([{ why: 'expired' }])
    expect(await own.home()).toBe(before)
    expect(await own.leftovers()).toEqual([])
  })

  it('is left alone when somebody stops the rescue while it asks', async () => {
    await using own = await locked(newCredentials())
    const worker = own.startWorker()
    const stopping = own.until(openAsk).then(() => own.askToStop())

    await Promise.all([own.approve(1), stopping, worker.done])

    expect(await own.ended()).toMatchObject({ outcome: 'stopped', machine: 'up', changed: [] })
    expect(await own.leftovers()).toEqual([])
  })

  it('is not given what another worker was told: whoever takes over boots the machine normally', async () => {
    await using own = await locked(newCredentials())
    const lost = own.startWorker('lost')
    await Promise.all([own.approve(1), own.until(openAsk)])
    lost.freeze()
    await own.startWorker('next').done
    lost.thaw()

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'worker-lost', machine: 'up' })
    expect((await own.state()).asks).toMatchObject([{ over: 'gone-on' }])
    expect(await own.leftovers()).toEqual([])
  })
})
