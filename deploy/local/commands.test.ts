import { expect, it } from 'vitest'
import { findCommand, runCommand } from './commands.ts'

it('gives what a command wrote', async () => {
  expect(await runCommand('printf', ['%s\n', 'a b'])).toBe('a b\n')
})

it('shows what a failed command said', async () => {
  const failed = runCommand('bash', ['-c', 'echo no such disk >&2; exit 4'])

  await expect(failed).rejects.toThrow(/^bash -c .*\nfailed: no such disk$/)
})

it('ends a command with the reason of the signal', async () => {
  const stopped = new Error('the person went home')
  const controller = new AbortController()
  const running = runCommand('sleep', ['1000'], {}, controller.signal)
  await Promise.resolve()

  controller.abort(stopped)

  await expect(running).rejects.toBe(stopped)
})

it("finds the administrator's commands without them on the PATH", () => {
  expect(findCommand('mke2fs', { PATH: '/nowhere' })).toMatch(/sbin\/mke2fs$/)
  expect(findCommand('no-such-command', { PATH: '/usr/bin' })).toBeUndefined()
})
