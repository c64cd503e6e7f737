/** Accounts that are refused for reasons other than a lost key. */
import { expect, it } from 'vitest'
import type { WayName } from '../../../deploy/local/machines/break/ways.ts'
import { diagnoseInVain, expectRepaired, startBroken } from '../broken-journey.ts'
import { answerAt, takeConsole, wake } from '../people.ts'

const WAYS: readonly WayName[] = ['account-expired', 'no-shell', 'shell-missing']

it.each(WAYS)('lets opc in again: %s', async (way) => {
  await using journey = await startBroken(way)
  await diagnoseInVain(journey)
  await expect(journey.logIn()).rejects.toThrow()

  const { events } = await journey.command('unlock web-1')

  expectRepaired(journey, events)
  await journey.logIn()
})

/** Keys pass all the same, and reset the counter: only the console tells. */
it('lets opc in again whose wrong passwords were counted', async () => {
  await using journey = await startBroken('faillock')
  await diagnoseInVain(journey)

  const { events } = await journey.command('unlock web-1')

  expectRepaired(journey, events)
  await using taken = await takeConsole(journey.running)
  await wake(taken.terminal, /web-1 login: $/)
  let at = await answerAt(taken.terminal, /web-1 login: $/, 'opc')
  at = await answerAt(taken.terminal, /Password: $/, 'oci-rescue', at)
  await answerAt(taken.terminal, /opc@web-1:~\$ $/, 'exit', at)
  await taken.giveBack()
  await journey.logIn()
})
