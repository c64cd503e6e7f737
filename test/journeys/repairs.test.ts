/** Machines that are broken, repaired by people who were not told what is wrong. */
import { it } from 'vitest'
import { diagnoseAndRepair } from './broken-journey.ts'

it('lets a machine boot whose fstab names a disk that is gone', async () => {
  await using _ = await diagnoseAndRepair('fstab-missing-device')
})

it('boots the kernel before the one that is broken, and makes it the default', async () => {
  await using _ = await diagnoseAndRepair('kernel-bad')
})
