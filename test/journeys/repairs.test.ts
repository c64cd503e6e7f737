/** A machine that is broken, repaired by people who were not told what is wrong. */
import { it } from 'vitest'
import { diagnoseAndRepair } from './broken-journey.ts'

it('lets a machine boot whose fstab names a disk that is gone', async () => {
  await using _ = await diagnoseAndRepair('fstab-missing-device')
})
