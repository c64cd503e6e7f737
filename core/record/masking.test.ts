import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MASK, mask, secretsIn } from './masking.ts'

describe('mask', () => {
  it.each([
    ['a named password', 'db_password=hunter2 next', `db_password=${MASK} next`],
    ['a quoted value with blanks', '"secret_key": "a b c", x', `"secret_key": "${MASK}", x`],
    ['a shell variable', 'export API_TOKEN=zzz; ls', `export API_TOKEN=${MASK}; ls`],
    ['an option', 'useradd --password x1y2 opc', `useradd --password ${MASK} opc`],
    ['a bearer token', 'Authorization: Bearer abcdef123456', `Authorization: Bearer ${MASK}`],
    ['the hash of a password', `opc:$6$${'salt'}$${'x'.repeat(86)}:19000:0:::`, `opc:$6$${MASK}:19000:0:::`],
    ['the password in an address', 'https://ann:pw@host/x', `https://ann:${MASK}@host/x`],
    [
      'passwords that cloud-init made up',
      "Set the following 'random' passwords\nopc:Ab12cD\nroot:zz99\n[ 9.1] done",
      `Set the following 'random' passwords\n${MASK}\n\n[ 9.1] done`,
    ],
    [
      'what is typed when GRUB asks who it is',
      'Enter username: \nadm\nEnter password:\nnext',
      `Enter username: \n${MASK}\nEnter password:\nnext`,
    ],
    ['the same on one row', '  Enter username: admin', `  Enter username: ${MASK}`],
  ])('hides %s', (_, text, masked) => {
    expect(mask(text)).toBe(masked)
  })

  it('hides only what it is told to', () => {
    const text = 'a_password=one\n{"token": "two"} https://ann:three@host/x\n--password four'
    expect([...secretsIn(text)]).toEqual(['one', 'two', 'four', 'three'])
    expect(mask(text, (secret) => secret === 'two')).toBe(text.replace('two', MASK))
  })

  it('is done with any text, however long: the machine decides what stands there', () => {
    const heads = ['', 'password', '-----BEGIN ', 'eyJ', "Set the following 'random' passwords\n", 'a://', 'Bearer ']
    const parts = ['a-', 'a', 'password', 'token-', 'eyJ-', 'a.', 'a+', '://', ' ', '\n', 'A ', '$6$', '-----BEGIN ']
    for (const head of heads) for (const part of parts) mask(head + part.repeat(2 ** 20 / part.length))
  })

  it('hides a private key, also while its end has not come yet', () => {
    const head = `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----`
    const tail = `-----END OPENSSH ${'PRIVATE'} KEY-----`

    expect(mask(`a\n${head}\nAAAA\nBBBB\n${tail}\nb`)).toBe(`a\n${head}${MASK}\n\n\n${tail}\nb`)
    expect(mask(`a\n${head}\nAAAA\nBB`)).toBe(`a\n${head}${MASK}\n\n`)
  })

  it.each([
    'web-1 login: opc\nPassword: \n\nLogin incorrect',
    'linux /vmlinuz root=UUID=12 ro console=ttyS0,115200 init=/bin/bash',
    '[    1.2] systemd[1]: Started Forward Password Requests to Wall.',
    'Enter password:\n',
    'Enter username: \n\n',
    'Enter username:\nEnter password:\n',
  ])('leaves a healthy line as it is: %j', (text) => {
    expect(mask(text)).toBe(text)
  })

  it('never lets a secret through, whatever stands around it', () => {
    const words = fc.stringMatching(/^[a-z0-9 .]{0,20}$/)
    fc.assert(
      fc.property(words, words, fc.stringMatching(/^[A-Z0-9]{12,24}$/), (before, after, secret) => {
        expect(mask(`${before} password=${secret}\n${after}`)).not.toContain(secret)
      }),
    )
  })

  it('keeps the number of lines', () => {
    const words = fc.constantFrom(
      'password=x',
      '-----BEGIN RSA PRIVATE KEY-----',
      'AAAA',
      "Set the following 'random' passwords",
      'opc:aB',
      '',
    )
    fc.assert(
      fc.property(fc.array(words), (lines) => {
        expect(mask(lines.join('\n')).split('\n')).toHaveLength(Math.max(1, lines.length))
      }),
    )
  })

  it('hides the beginning of a token that is still being written', () => {
    expect(mask('Authorization: Bearer abc\n\n')).toBe(`Authorization: Bearer ${MASK}\n\n`)
    expect(mask('Basic setup of web-1')).toBe('Basic setup of web-1')
  })

  it('hides generated passwords also where they are the last lines, and adds none', () => {
    const head = "Set the following 'random' passwords"
    expect(mask(`${head}\nopc:Xy12ab\nroot:Zz34cd`)).toBe(`${head}\n${MASK}\n`)
  })

  it('changes nothing when it is applied twice', () => {
    const text = 'password=one\ntoken: "two"\nAuthorization: Bearer threethree'
    expect(mask(mask(text))).toBe(mask(text))
  })
})
