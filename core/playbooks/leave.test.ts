import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { rebootCommand } from './leave.ts'

// Only read, never run: under a test's own root it would be this computer that reboots. The journeys run it.
it('is a shell command that writes everything back before it reboots, and ends with what always works', () => {
  const [shell, flag, script = ''] = rebootCommand()

  expect([shell, flag]).toEqual(['/bin/sh', '-c'])
  expect(spawnSync('/bin/sh', ['-n', '-c', script], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
  expect(script).toMatch(/^sync; mount -o remount,ro \/.*\/usr\/sbin\/reboot \/sbin\/reboot.* -f;.*sysrq-trigger$/)
  // A line of a terminal holds 4095 bytes; what is longer loses its end without a word.
  expect(script.length).toBeLessThan(1000)
})
