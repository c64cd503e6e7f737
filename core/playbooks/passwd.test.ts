import { describe, expect, it } from 'vitest'
import { findUser, homeOf, refusesLogin } from './passwd.ts'

const OPC = 'opc:x:1000:1000:Oracle Public Cloud User:/home/opc:/bin/bash'

describe('findUser', () => {
  it('takes the first line of exactly this name', () => {
    const lines = ['xopc:x:5:5::/a:/bin/sh', 'opc.old:x:6:6::/b:/bin/sh', OPC, 'opc:x:0:0::/c:/bin/sh']

    expect(findUser(lines, 'opc')).toEqual({ name: 'opc', uid: 1000, gid: 1000, home: '/home/opc', shell: '/bin/bash' })
  })

  it.each([
    'opc:x:1000:1000:/home/opc:/bin/bash',
    'opc:x:-1:1000::/home/opc:/bin/bash',
    'opc:x:1000:::/home/opc:/bin/bash',
    '[  12.3] usb 1-1: new device',
    '',
  ])('does not make a user out of %j', (line) => {
    expect(findUser([line], 'opc')).toBeUndefined()
  })
})

describe('homeOf', () => {
  const entry = findUser([OPC], 'opc') ?? expect.fail()

  it.each(['', '/', '//', '/nonexistent', '/dev/null', 'home/opc', '/home/o\u001bpc'])(
    'knows that %j is no home',
    (home) => {
      expect(() => homeOf({ ...entry, home })).toThrow(expect.objectContaining({ code: 'user-without-home' }))
    },
  )

  it('takes every other absolute path', () => {
    expect(homeOf({ ...entry, home: '/srv/deploy user' })).toBe('/srv/deploy user')
  })
})

it('knows the shells that refuse a login', () => {
  const shells = ['/sbin/nologin', '/usr/sbin/nologin', '/bin/false', '/bin/bash', '']
  const entry = findUser([OPC], 'opc') ?? expect.fail()

  expect(shells.filter((shell) => refusesLogin({ ...entry, shell }))).toEqual(shells.slice(0, 3))
})
