/** Boots that never come to our own shell, for the initramfs has stopped in its own. */
import { expect, it } from 'vitest'
import { expectRepaired, startBroken } from '../broken-journey.ts'
import { editFile } from '../people.ts'

it('mounts the root file system from the shell of the initramfs, and edits what made it stop', async () => {
  await using journey = await startBroken('break-left-behind')
  const { events } = await journey.command('edit web-1 /boot/grub/grub.cfg', (played) =>
    editFile(journey.running, played, (text) => text.replace(' break=mount', '')),
  )

  expectRepaired(journey, events)
  const noticed = events.map(({ event }) => event).filter(({ type }) => type === 'noticed')
  expect(noticed).toContainEqual({ type: 'noticed', code: 'root-entered', details: { device: '/dev/vda1' } })
  await journey.logIn()
})
