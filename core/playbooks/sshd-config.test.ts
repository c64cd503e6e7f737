import { describe, expect, it } from 'vitest'
import { chooseKeysFile, MAIN_CONFIG, readKeysSetting } from './sshd-config.ts'

const DROP_INS = '/etc/ssh/sshd_config.d/*.conf'
const user = { name: 'opc', uid: 1000, gid: 1000, home: '/home/opc', shell: '/bin/bash' }

/** The setting for `opc` from the text of the main file, and of others by the pattern that names them. */
function setting(main: string, others: Record<string, readonly string[]> = {}) {
  const file = (path: string, text: string) => ({ path, lines: text.split('\n') })
  const rest = Object.entries(others).map(
    ([pattern, texts]) => [pattern, texts.map((text) => file(pattern, text))] as const,
  )
  return readKeysSetting(new Map([[MAIN_CONFIG, [file(MAIN_CONFIG, main)]], ...rest]), 'opc')
}

describe('readKeysSetting', () => {
  it.each([
    ['nothing', '', ['.ssh/authorized_keys', '.ssh/authorized_keys2']],
    ['a comment', '#AuthorizedKeysFile no', ['.ssh/authorized_keys', '.ssh/authorized_keys2']],
    ['odd case, blanks and a comment behind', '  authorizedKEYSfile\t.ssh/a   .ssh/b # both', ['.ssh/a', '.ssh/b']],
    ['an equals sign', 'AuthorizedKeysFile=.ssh/a', ['.ssh/a']],
    ['quotes', 'AuthorizedKeysFile ".ssh/my keys" "/etc/keys/%u"', ['.ssh/my keys', '/etc/keys/%u']],
    ['Windows line ends', 'AuthorizedKeysFile .ssh/a\r\nUsePAM yes\r', ['.ssh/a']],
    ['two values, of which the first wins', 'AuthorizedKeysFile a\nAuthorizedKeysFile b', ['a']],
    ['a block for the user', 'AuthorizedKeysFile a\nMatch User root,op*\n AuthorizedKeysFile b', ['b']],
    ['a block for the user with an equals sign', 'Match user=opc\n AuthorizedKeysFile b', ['b']],
    ['a block for all', 'AuthorizedKeysFile a\nMatch all\n AuthorizedKeysFile b', ['b']],
    ['a block for others', 'AuthorizedKeysFile a\nMatch User git\n AuthorizedKeysFile b', ['a']],
    [
      'a block for all but the user',
      'Match User !opc,*\n AuthorizedKeysFile b\nMatch User op?\n AuthorizedKeysFile c',
      ['c'],
    ],
    ['a user that is part of a name', 'AuthorizedKeysFile a\nMatch User o.c,opcx\n AuthorizedKeysFile b', ['a']],
    [
      'a block that no one else decides',
      'AuthorizedKeysFile a\nMatch User git Address 10.*\n AuthorizedKeysFile b',
      ['a'],
    ],
  ])('reads %s', (_, text, values) => {
    expect(setting(text)).toEqual({ kind: 'known', values, passedOver: [] })
  })

  it('names the block that it can not decide', () => {
    const text =
      'AuthorizedKeysFile a\nMatch Group sftp\nAuthorizedKeysFile /etc/keys/%u\nMatch User x\nAuthorizedKeysFile c'

    expect(setting(text)).toEqual({
      kind: 'known',
      values: ['a'],
      passedOver: ['Match Group sftp: AuthorizedKeysFile /etc/keys/%u'],
    })
  })

  it('reads included files where they are included, before what follows', () => {
    const main = `Include ${DROP_INS}\nAuthorizedKeysFile main`

    expect(setting(main, { [DROP_INS]: ['UsePAM yes', 'AuthorizedKeysFile drop-in'] })).toMatchObject({
      values: ['drop-in'],
    })
  })

  it('does not let a Match reach out of the file it stands in', () => {
    const main = `Include ${DROP_INS}\nAuthorizedKeysFile main`

    expect(setting(main, { [DROP_INS]: ['Match User git', 'AuthorizedKeysFile drop-in'] })).toMatchObject({
      values: ['drop-in'],
    })
  })

  it('takes an Include in a block as part of that block', () => {
    const text = 'AuthorizedKeysFile a\nMatch User git\n Include git.conf\nMatch User opc\n Include opc.conf'
    const others = { '/etc/ssh/git.conf': ['AuthorizedKeysFile b'], '/etc/ssh/opc.conf': ['AuthorizedKeysFile c'] }

    expect(setting(text, others)).toMatchObject({ values: ['c'] })
  })

  it('asks for files it has not seen, and ends when files include themselves', () => {
    expect(setting('Include extra/*.conf /opt/sshd.conf')).toEqual({
      kind: 'read-more',
      patterns: ['/etc/ssh/extra/*.conf', '/opt/sshd.conf'],
    })
    expect(setting('Include sshd_config\nAuthorizedKeysFile a')).toMatchObject({ values: ['a'] })
  })
})

describe('chooseKeysFile', () => {
  it.each([
    [['.ssh/authorized_keys', '.ssh/authorized_keys2'], '/home/opc/.ssh/authorized_keys'],
    [['%h/.ssh/keys-%u-%U'], '/home/opc/.ssh/keys-opc-1000'],
    [['/etc/ssh/keys/%u', '.ssh/authorized_keys'], '/home/opc/.ssh/authorized_keys'],
    [['/etc/ssh/keys/%u'], '/etc/ssh/keys/opc'],
    [['none', '.ssh/a'], '/home/opc/.ssh/a'],
    [['./.ssh//x/../100%%'], '/home/opc/.ssh/100%'],
    [['../opc-keys'], '/home/opc-keys'],
  ])('of %j it is %s', (values, path) => {
    expect(chooseKeysFile(values, user)).toBe(path)
  })

  it('says when there is none, and when it does not understand', () => {
    expect(() => chooseKeysFile(['none'], user)).toThrow(expect.objectContaining({ code: 'keys-file-none' }))
    expect(() => chooseKeysFile(['.ssh/%k'], user)).toThrow(expect.objectContaining({ code: 'keys-file-unclear' }))
  })
})
