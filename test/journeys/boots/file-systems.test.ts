/** File systems that a boot waits for, and that have errors. */
import { it } from 'vitest'
import { diagnoseAndRepair } from '../broken-journey.ts'

it('repairs a data disk', async () => {
  await using _ = await diagnoseAndRepair('fsck-needed-data')
})
