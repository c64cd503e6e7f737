/** Accounts that are refused for reasons other than a lost key. */
import { it } from 'vitest'
import type { WayName } from '../../../deploy/local/machines/break/ways.ts'
import { diagnoseInVain, expectRepaired, startBroken } from '../broken-journey.ts'

const WAYS: readonly WayName[] = ['nologin', 'account-expired', 'no-shell', 'shell-missing', 'faillock']

it.each(WAYS)('lets opc in again: %s', async (way) => {
  await using journey = await startBroken(way)
  await diagnoseInVain(journey)

  const { events } = await journey.command('unlock web-1')

  expectRepaired(journey, events)
  await journey.logIn()
})
