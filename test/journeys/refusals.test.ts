/** Whoever says no, and whenever: the machine boots normally, and its keys are what they were, byte for byte. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Played, press, untilEnded } from '../../deploy/local/unattended.ts'
import { endOf, greetingOfSshd, type Journey, KEYS_FILE, startJourney, untilGate } from './journey.ts'

/** Long enough to press a button in, short enough to wait for. */
const EXPIRY = '45'
const never = new AbortController().signal
let journey: Journey
const rescues: string[] = []

beforeAll(async () => {
  journey = await startJourney({ GATE_1_EXPIRY_SECONDS: EXPIRY, GATE_2_EXPIRY_SECONDS: EXPIRY })
})

afterAll(async () => {
  await journey[Symbol.asyncDispose]()
})

async function toTheEnd(played: Played) {
  rescues.push(played.rescue)
  await untilEnded(journey.running, played, never)
  return endOf(await journey.events(played))
}

it('leaves the machine alone when gate 1 is denied', async () => {
  const played = await journey.ask()
  await press(journey.running, played, 1, 'deny', never)

  expect(await toTheEnd(played)).toMatchObject({ outcome: 'denied', machine: 'untouched', changed: [] })
})

it('leaves the machine alone when nobody comes to gate 1', async () => {
  const played = await journey.ask()

  expect(await toTheEnd(played)).toMatchObject({ outcome: 'expired', machine: 'untouched', changed: [] })
})

it('boots the machine normally when gate 2 is denied', async () => {
  const played = await journey.ask()
  await press(journey.running, played, 1, 'approve', never)
  await press(journey.running, played, 2, 'deny', never)

  expect(await toTheEnd(played)).toMatchObject({ outcome: 'denied', machine: 'up', changed: [] })
  expect(await greetingOfSshd(journey)).toMatch(/^SSH-2\.0-/)
})

it('boots the machine normally when nobody comes to gate 2', async () => {
  const played = await journey.ask()
  await press(journey.running, played, 1, 'approve', never)

  expect(await toTheEnd(played)).toMatchObject({ outcome: 'expired', machine: 'up', changed: [] })
  expect(await greetingOfSshd(journey)).toMatch(/^SSH-2\.0-/)
})

it('boots the machine normally when somebody stops the rescue while it is down', async () => {
  const { running } = journey
  const requester = running.slack.person(running.people.requester)
  const played = await journey.ask()
  await press(running, played, 1, 'approve', never)
  await untilGate(journey, played, 2)

  await requester.command(running.channel, `/oci-rescue stop ${played.rescue}`)

  expect(await toTheEnd(played)).toMatchObject({ outcome: 'stopped', machine: 'up', changed: [] })
  expect(await greetingOfSshd(journey)).toMatch(/^SSH-2\.0-/)
})

it('has left no console connection, no backup, and the keys byte for byte', async () => {
  const backups = rescues.map((rescue) => `${KEYS_FILE}.old-${rescue}`)

  expect(journey.running.oci.consoleConnections()).toEqual([])
  expect(rescues).toHaveLength(5)
  const [keys, ...copies] = await journey.readDisk([KEYS_FILE, ...backups])
  expect(keys).toBeDefined()
  expect(keys).toBe(journey.before[0])
  expect(copies).toEqual(backups.map(() => undefined))
})
