/** What a boot starts and what it checks: sshd, sudo, file systems. */
import { expect, it } from 'vitest'
import { diagnoseAndRepair, diagnoseInVain, expectRepaired, startBroken } from './broken-journey.ts'

it('starts an sshd again whose configuration it did not understand', async () => {
  await using _ = await diagnoseAndRepair('sshd-config-error')
})

it('lets sudo work again', async () => {
  await using journey = await startBroken('sudoers-modes')
  await diagnoseInVain(journey)
  await expect(journey.logIn(['sudo', '-n', 'id', '-un'])).rejects.toThrow()

  const { events } = await journey.command('sudoers web-1')

  expectRepaired(journey, events)
  expect(await journey.logIn(['sudo', '-n', 'id', '-un'])).toBe('root\n')
})

it('repairs the root file system, with a yes to everything only after it was approved', async () => {
  await using _ = await diagnoseAndRepair('fsck-needed')
})
