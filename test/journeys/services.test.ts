/** What a boot starts and what it checks: sshd, file systems. */
import { it } from 'vitest'
import { diagnoseAndRepair } from './broken-journey.ts'

it('starts an sshd again whose configuration it did not understand', async () => {
  await using _ = await diagnoseAndRepair('sshd-config-error')
})

it('repairs the root file system, with a yes to everything only after it was approved', async () => {
  await using _ = await diagnoseAndRepair('fsck-needed')
})
