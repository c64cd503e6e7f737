import { expect, it } from 'vitest'
import { withoutUnitName } from './status-line.ts'

it.each([
  [
    '[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.',
    '[FAILED] Failed to start OpenBSD Secure Shell server.',
  ],
  [
    '[FAILED] Failed to start ssh.servic… - OpenBSD Secure Shell server.',
    '[FAILED] Failed to start OpenBSD Secure Shell server.',
  ],
  [
    '[DEPEND] Dependency failed for loca…s.target - Local File Systems.',
    '[DEPEND] Dependency failed for Local File Systems.',
  ],
  ['[DEPEND] Dependency failed for data.mount - /data.', '[DEPEND] Dependency failed for /data.'],
  [
    '[ TIME ] Timed out waiting for device dev-sdq1.device - /dev/sdq1.',
    '[ TIME ] Timed out waiting for device /dev/sdq1.',
  ],
  [
    '[FAILED] Failed to start LSB: Bring up/down networking.',
    '[FAILED] Failed to start LSB: Bring up/down networking.',
  ],
  ['error: not a status line - at all', 'error: not a status line - at all'],
])('reads %s as %s', (line, said) => {
  expect(withoutUnitName(line)).toBe(said)
})
