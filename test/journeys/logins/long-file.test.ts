/** A file that is too long for a form: over a serial line, to a person, back, and undone again. */
import { expect, it } from 'vitest'
import { diagnoseInVain, expectRepaired, startBroken } from '../broken-journey.ts'
import { sendFile } from '../people.ts'

it('lets opc in after a long file was edited, and is undone out of its backup', async () => {
  await using journey = await startBroken('sshd-allow-users-in-a-long-file')
  await diagnoseInVain(journey)
  await expect(journey.logIn()).rejects.toThrow('Permission denied')

  const edited = await journey.command('edit web-1 /etc/ssh/sshd_config.d/20-access.conf', (played) =>
    sendFile(journey.running, played, (text) => text.replace('AllowUsers deploy', 'AllowUsers deploy opc')),
  )
  expectRepaired(journey, edited.events)
  expect(edited.events.filter(({ event }) => event.type === 'transferring').length).toBeGreaterThan(5)
  await journey.logIn()

  const undone = await journey.press(edited.played, 'undo')
  expectRepaired(journey, undone.events)
  await expect(journey.logIn()).rejects.toThrow('Permission denied')
})
