import { expect, it } from 'vitest'
import type { Shell } from '../shell/shell.ts'
import { inspect, onTheWay } from './inspect.ts'

const HASH = 'a'.repeat(64)

/** A machine that gives one answer to whatever it is asked. */
function saying(output: string): Shell {
  return {
    run: () => Promise.resolve({ output, exitCode: 0 }),
    readFile: () => Promise.resolve(undefined),
    writeFile: () => Promise.resolve(),
  }
}

const { signal } = new AbortController()

it('reads what stands at each path', async () => {
  const output = [
    'at 41c0 1000 1001 2049 4096 <--------------e-------> <> /home/opc/.ssh',
    `at 81a4 0 0 2049 12 <----i---------e-------> <${HASH}> /home/opc/my keys`,
    'at a1ff 0 0 2049 7 <> <> /bin',
    'none /home/ann',
    'end',
  ].join('\r\n')

  const found = await inspect(saying(output), ['/home/opc/.ssh', '/home/opc/my keys', '/bin', '/home/ann'], signal)

  const [owner, device] = [{ uid: 0, gid: 0 }, '2049']
  expect(found('/home/opc/.ssh')).toMatchObject({ kind: 'directory', mode: '0700', owner: { uid: 1000, gid: 1001 } })
  expect(found('/home/opc/my keys')).toEqual({
    kind: 'file',
    mode: '0644',
    owner,
    device,
    bytes: 12,
    fixed: true,
    sha256: HASH,
  })
  expect(found('/bin')).toMatchObject({ kind: 'symlink', fixed: false, sha256: null })
  expect(found('/home/ann')).toEqual({ kind: 'none' })
})

it.each([
  '',
  'end',
  'at 41c0 1000 1001 2049\nend',
  `at 41c0 1000 1001 20[  12.345] usb 1-1: new device\n49 4096 <> <> /etc\nend`,
  'fail stat: cannot statx /etc: Input/output error\nend',
])('does not take %j for an answer', async (output) => {
  await expect(inspect(saying(output), ['/etc'], signal)).rejects.toMatchObject({
    responsible: 'machine',
    code: 'look-unreadable',
  })
})

it('knows the way to a path', () => {
  expect(onTheWay('/home/opc/.ssh')).toEqual(['/', '/home', '/home/opc', '/home/opc/.ssh'])
})
