/** Machines that are broken, repaired by people who were not told what is wrong. */
import { expect, it } from 'vitest'
import { diagnoseAndRepair, expectRepaired, startBroken } from './broken-journey.ts'
import { endOf } from './journey.ts'

it('lets a machine boot whose fstab names a disk that is gone, and takes it back', async () => {
  await using journey = await diagnoseAndRepair('fstab-missing-device', /^fstab-missing-device$/)

  expect(journey.running.machines.get('web-1')?.power()).toBe('on')
})

it('boots the kernel before the one that is broken, and makes it the default', async () => {
  await using journey = await startBroken('kernel-bad')

  const { events } = await journey.command('kernel web-1')

  expectRepaired(journey, events)
  expect(endOf(events).code).toBe('kernel-default')
  await journey.logIn()
})
