import { expect, it } from 'vitest'
import { opensshVersion, readOpensshVersion } from './openssh-version.ts'

it.each([
  ['OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19 27 Jan 2026', true],
  ['OpenSSH_10.0p2, LibreSSL 3.3.6', true],
  ['OpenSSH_8.5p1, OpenSSL 1.1.1k', true],
  ['OpenSSH_8.4p1, OpenSSL 1.1.1k', false],
  ['OpenSSH_7.9p1', false],
])('reads %s', (words, isEnough) => {
  expect(readOpensshVersion(`${words}\n`)).toEqual({ words, isEnough })
})

it('takes nothing else for OpenSSH', () => {
  expect(readOpensshVersion('Dropbear v2022.83')).toBeUndefined()
  expect(readOpensshVersion('')).toBeUndefined()
})

it('asks the one of this computer', async () => {
  expect(await opensshVersion(AbortSignal.timeout(30_000))).toMatchObject({ words: expect.stringMatching(/^OpenSSH_/) })
})
