import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { describeAuthorizedKey, LONGEST_KEY_BYTES, readPastedKey } from './public-key.ts'

const directory = mkdtempSync(join(tmpdir(), 'keys-'))
afterAll(() => rmSync(directory, { recursive: true }))

let made = 0

/** A fresh key pair's public line, its private text, and ssh-keygen's own word on its fingerprint. */
function makeKey(type: string, bits?: number) {
  made += 1
  const file = join(directory, `key-${made}`)
  const size = bits === undefined ? [] : ['-b', String(bits)]
  execFileSync('ssh-keygen', ['-q', '-t', type, ...size, '-N', '', '-C', 'ann@laptop', '-f', file])
  const listing = execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' })
  const [size_ = '', fingerprint = ''] = listing.split(' ')
  return {
    line: readFileSync(`${file}.pub`, 'utf8').trim(),
    secret: readFileSync(file, 'utf8'),
    bits: Number(size_),
    fingerprint,
  }
}

const good = makeKey('ed25519')

describe('readPastedKey', () => {
  it.each([
    ['ed25519', undefined],
    ['rsa', 2048],
    ['rsa', 3072],
    ['ecdsa', 256],
    ['ecdsa', 521],
  ])('takes %s %s and agrees with ssh-keygen about it', (type, bits) => {
    const key = makeKey(type, bits)

    const read = readPastedKey(`\n  ${key.line}\r\n`)

    expect(read).toMatchObject({
      kind: 'key',
      line: key.line,
      facts: { fingerprint: key.fingerprint, bits: key.bits, comment: 'ann@laptop' },
    })
  })

  it.each([
    ['nothing', ' \n', 'empty'],
    ['a private key', good.secret, 'private-key'],
    ['a public and a private key', `${good.line}\n${good.secret}`, 'private-key'],
    ['a private key that is very long', `${good.secret}${'x'.repeat(LONGEST_KEY_BYTES)}`, 'private-key'],
    ['a PuTTY private key', 'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none', 'private-key'],
    ['too much text', 'x'.repeat(LONGEST_KEY_BYTES + 1), 'too-long'],
    ['two keys', `${good.line}\n${makeKey('ed25519').line}`, 'several-keys'],
    ['two keys on one line', `${good.line} ${makeKey('ed25519').line}`, 'several-keys'],
    ['options', `command="ls",no-pty ${good.line}`, 'has-options'],
    ['a short RSA key', makeKey('rsa', 1024).line, 'rsa-too-short'],
    ['DSA', 'ssh-dss AAAAB3NzaC1kc3M= ann', 'dsa'],
    ['a certificate', 'ssh-ed25519-cert-v01@openssh.com AAAA ann', 'certificate'],
    ['RFC 4716', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n---- END SSH2 PUBLIC KEY ----', 'not-openssh-format'],
    ['words', 'please let me in', 'unknown-type'],
    ['a cut key', good.line.slice(0, 60), 'broken-base64'],
    ['a key of another type than it says', good.line.replace('ssh-ed25519 ', 'ssh-rsa '), 'broken-base64'],
    ['a wrapped key', good.line.replace(/(?<=AAAAC3Nza.{10})/, '\n'), 'broken-base64'],
  ])('refuses %s', (_, text, why) => {
    expect(readPastedKey(text)).toEqual({ kind: 'refused', why })
  })
})

describe('describeAuthorizedKey', () => {
  it('finds the key behind options with blanks in quotes', () => {
    const options = 'from="10.0.0.0/8",command="echo \\"ssh-rsa no\\" x"'
    const key = { fingerprint: good.fingerprint, comment: 'ann@laptop' }
    expect(describeAuthorizedKey(` ${options}\t ${good.line}`)).toMatchObject({ ...key, options })
    expect(describeAuthorizedKey(good.line)).toMatchObject({ ...key, options: '' })
  })

  it('passes over comments and blank lines, and says when it can not read one', () => {
    expect(describeAuthorizedKey('# old keys')).toBeUndefined()
    expect(describeAuthorizedKey('   ')).toBeUndefined()
    expect(describeAuthorizedKey('ssh-rsa oops')).toBe('unreadable')
  })
})
