/** Newest kernels that do not boot; the one before does. */
import { it } from 'vitest'
import type { WayName } from '../../../deploy/local/machines/break/ways.ts'
import { diagnoseAndRepair } from '../broken-journey.ts'

const WAYS: readonly WayName[] = ['kernel-bad', 'kernel-bad-initrd', 'kernel-missing-initrd']

it.each(WAYS)('boots the kernel before, and makes it the default: %s', async (way) => {
  await using _ = await diagnoseAndRepair(way)
})
