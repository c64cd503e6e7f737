/** Everything that keeps sshd from starting or from letting opc in, and sudo from working. */
import { expect, it } from 'vitest'
import { WAYS, type WayName } from '../../../deploy/local/machines/break/ways.ts'
import {
  type BrokenJourney,
  diagnoseAndRepair,
  diagnoseInVain,
  expectRepaired,
  startBroken,
} from '../broken-journey.ts'

const SSHD: readonly WayName[] = [
  'sshd-no-host-keys',
  'sshd-host-key-modes',
  'sshd-home-modes',
  'sshd-no-privsep-dir',
  'sshd-not-enabled',
  'sshd-deny-users',
  'sshd-allow-users',
]

it.each(SSHD)('lets opc in again: %s', async (way) => {
  await using _ = await (WAYS[way].shows === undefined ? repairByName(way, 'sshd web-1') : diagnoseAndRepair(way))
})

it.each<WayName>(['sudoers-modes', 'sudoers-owner'])('lets sudo work again: %s', async (way) => {
  await using journey = await repairByName(way, 'sudoers web-1')

  expect(await journey.logIn(['sudo', '-n', 'id', '-un'])).toBe('root\n')
})

it('puts a broken rule of sudo aside', async () => {
  await using journey = await repairByName('sudoers-syntax', 'sudoers web-1')

  await expect(journey.logIn(['sudo', '-n', 'id', '-un'])).rejects.toThrow(/password is required(?![\s\S]*syntax)/)
})

/** The boot looks as if nothing were wrong; people go by what they see. */
async function repairByName(way: WayName, command: string): Promise<BrokenJourney> {
  await using undo = new AsyncDisposableStack()
  const journey = undo.use(await startBroken(way))
  await diagnoseInVain(journey)
  const { events } = await journey.command(command)
  expectRepaired(journey, events)
  await journey.logIn()
  undo.move()
  return journey
}
