import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { newOneTimePassword } from './one-time-password.ts'
import { sha512Crypt } from './sha512-crypt.ts'

it('gives the hash of the specification’s own example', () => {
  expect(sha512Crypt('Hello world!', 'saltstring')).toBe(
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  )
})

const openssl = (password: string, salt: string) =>
  spawnSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], { input: `${password}\n`, encoding: 'utf8' })
const hasOpenssl = openssl('x', 'salt').status === 0

it.runIf(hasOpenssl)('gives what OpenSSL gives, for passwords of every length', () => {
  const lengths = [1, 15, 16, 17, 63, 64, 65, 127, 128, 129]
  for (const password of [newOneTimePassword(), 'schlüssel', ...lengths.map((length) => 'x'.repeat(length))])
    expect(sha512Crypt(password, 'a./Z09salt')).toBe(openssl(password, 'a./Z09salt').stdout.trim())
})

it('takes another salt each time, of the full length', () => {
  const [one, other] = [sha512Crypt('same'), sha512Crypt('same')]

  expect(one).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/)
  expect(one).not.toBe(other)
})

it('makes passwords of four groups that nobody misreads', () => {
  const made = Array.from({ length: 200 }, newOneTimePassword)

  for (const password of made) expect(password).toMatch(/^(?:[a-hjkmnp-z2-9]{5}-){3}[a-hjkmnp-z2-9]{5}$/)
  expect(new Set(made).size).toBe(200)
})
