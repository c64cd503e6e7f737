import { describe, expect, it } from 'vitest'
import { AbsolutePath, PlaybookRequest, repairsOf, userOf } from './playbooks.ts'
import { because } from './reasons.ts'

const WHY = [because('only-root-may-log-in')]

describe('the repairs of a request', () => {
  it('are made in an order in which each can stand on the one before', () => {
    const names = ['undo', 'replace-key', 'unlock', 'fstab', 'fsck'] as const
    const repairs = {
      undo: {
        ...{ name: 'undo', of: 'R-7K2M9Q' },
        changes: [{ kind: 'move-aside', path: '/etc/nologin', sha256: 'a'.repeat(64), backup: '/etc/x', why: WHY }],
      },
      unlock: { name: 'unlock', user: 'opc' },
      'replace-key': { name: 'replace-key', user: 'opc', publicKey: 'ssh-ed25519 AAAA', keepExisting: true },
      fstab: { name: 'fstab', only: [] },
      fsck: { name: 'fsck', only: [] },
    }
    const request = PlaybookRequest.parse({ name: 'repair', repairs: names.map((name) => repairs[name]) })

    expect(repairsOf(request).map(({ name }) => name)).toEqual(names.toReversed())
  })

  it('are none where nothing is repaired', () => {
    expect(repairsOf({ name: 'diagnose' })).toEqual([])
    expect(repairsOf({ name: 'reboot', how: 'hard' })).toEqual([])
  })

  it('tell whom it is about', () => {
    expect(userOf({ name: 'unlock', user: 'opc' })).toBe('opc')
    expect(userOf({ name: 'fstab', only: [] })).toBeUndefined()
  })
})

describe('the path of a file to edit', () => {
  it.each(['/etc/fstab', '/etc/ssh/sshd_config.d/50 mine.conf', '/a/..b', '/boot/...'])('can be %s', (path) => {
    expect(AbsolutePath.safeParse(path).success).toBe(true)
  })

  it.each(['etc/fstab', '/etc/../shadow', '/etc/./x', '/', '', '/etc//x', '/etc/x/', '/etc/a\nb', '/etc/\u202ex'])(
    'can not be %j',
    (path) => {
      expect(AbsolutePath.safeParse(path).success).toBe(false)
    },
  )
})
