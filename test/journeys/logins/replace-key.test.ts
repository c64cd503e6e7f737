/** Lost keys, where sshd looks for them in places that are less usual. */
import { expect, it } from 'vitest'
import type { WayName } from '../../../deploy/local/machines/break/ways.ts'
import { diagnoseInVain, expectRepaired, startBroken } from '../broken-journey.ts'

const WAYS: readonly WayName[] = ['lost-key-home-elsewhere', 'lost-key-file-elsewhere']

it.each(WAYS)('gives opc a new key: %s', async (way) => {
  await using journey = await startBroken(way, { hasKey: false })
  await diagnoseInVain(journey)
  await expect(journey.logIn()).rejects.toThrow('Permission denied')

  const { events } = await journey.command('replace-key web-1')

  expectRepaired(journey, events)
  await journey.logIn()
})
