/** Entries of fstab that stop a boot, in every way that we can write them. */
import { it } from 'vitest'
import type { WayName } from '../../../deploy/local/machines/break/ways.ts'
import { diagnoseAndRepair } from '../broken-journey.ts'

const WAYS: readonly WayName[] = ['fstab-bad-option', 'fstab-wrong-type', 'fstab-malformed', 'emergency-shell']

it.each(WAYS)('lets a machine boot in spite of it: %s', async (way) => {
  await using _ = await diagnoseAndRepair(way)
})
