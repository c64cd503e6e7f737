/** A worker that dies, and one that freezes and wakes up, while the machine is down. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LoggedEvent } from '../../deploy/local/rescue-events.ts'
import { press, untilEnded } from '../../deploy/local/unattended.ts'
import { endOf, greetingOfSshd, type Journey, KEYS_FILE, startJourney, untilGate } from './journey.ts'

/** BullMQ gives a job away when its worker has been silent for so long. */
const LOCK = '5'
const never = new AbortController().signal
let journey: Journey

beforeAll(async () => {
  journey = await startJourney({ WORKER_LOCK_SECONDS: LOCK })
})

afterAll(async () => {
  await journey[Symbol.asyncDispose]()
})

function phases(events: readonly LoggedEvent[]): readonly unknown[] {
  return events.flatMap(({ event }) => (event.type === 'phase-began' ? [event.phase] : []))
}

it('boots the machine normally after a worker was killed, and does not repeat the playbook', async () => {
  const { running } = journey
  const played = await journey.ask()
  await press(running, played, 1, 'approve', never)
  await untilGate(journey, played, 2)

  running.worker.signal('SIGKILL')
  await running.startWorker('worker-2')
  await untilEnded(running, played, never)

  const events = await journey.events(played)
  expect(endOf(events)).toMatchObject({ outcome: 'failed', code: 'worker-lost', machine: 'up', changed: [] })
  expect(phases(events).filter((phase) => phase === 'bootloader')).toHaveLength(1)
  expect(running.oci.consoleConnections()).toEqual([])
  expect(await greetingOfSshd(journey)).toMatch(/^SSH-2\.0-/)
})

it('lets a worker that was frozen past its lock type not one more byte', async () => {
  const { running } = journey
  const frozen = running.processes.running().find(({ name }) => name === 'worker-2')
  const machine = running.machines.get('web-1')
  if (frozen === undefined || machine === undefined) throw new Error('worker-2 or web-1 is not there')
  const played = await journey.ask()
  await press(running, played, 1, 'approve', never)
  await untilGate(journey, played, 2)

  // Approved while it sleeps: awake, it would go on and change the machine.
  frozen.signal('SIGSTOP')
  await press(running, played, 2, 'approve', never)
  await running.startWorker('worker-3')
  await untilEnded(running, played, never)
  const typed: Uint8Array[] = []
  const write = machine.serial.write.bind(machine.serial)
  Object.assign(machine.serial, {
    write: (bytes: Uint8Array) => {
      typed.push(bytes)
      write(bytes)
    },
  })
  frozen.signal('SIGCONT')
  // Longer than it needs to wake up, find its line dropped, and try to clean up after itself.
  await sleep(15_000)

  const events = await journey.events(played)
  expect(endOf(events)).toMatchObject({ outcome: 'failed', code: 'worker-lost', machine: 'up', changed: [] })
  expect(typed).toEqual([])
  expect(frozen.isRunning()).toBe(true)
  expect(running.oci.consoleConnections()).toEqual([])
})

it('has left the keys byte for byte', async () => {
  const [keys] = await journey.readDisk([KEYS_FILE])

  expect(keys).toBeDefined()
  expect(keys).toBe(journey.before[0])
})
