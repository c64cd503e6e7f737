/** Entries of fstab that stop a boot, in every way that we can write them. */
import { expect, it } from 'vitest'
import type { WayName } from '../../../deploy/local/machines/break/ways.ts'
import { diagnoseAndRepair } from '../broken-journey.ts'

const WAYS: readonly WayName[] = [
  ...(['fstab-bad-option', 'fstab-wrong-type', 'fstab-malformed', 'emergency-shell'] as const),
  ...(['fstab-bind-without-disk', 'fstab-bind-without-source'] as const),
]

it.each(WAYS)('lets a machine boot in spite of it: %s', async (way) => {
  await using _ = await diagnoseAndRepair(way)
})

it('mounts what was misspelt, as it was meant: fstab-misspelt-option', async () => {
  await using journey = await diagnoseAndRepair('fstab-misspelt-option')

  // Nothing waits for what may fail, sshd neither.
  const mounted = 'timeout 120 sh -c "until findmnt -n -o TARGET /data; do sleep 1; done"'
  expect(await journey.logIn([mounted])).toBe('/data\n')
})
