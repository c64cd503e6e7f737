import { describe, expect, it } from 'vitest'
import { inventoryOf, listed } from '../../test/helpers/inventory.ts'
import { directoryOf } from '../instances/directory.ts'
import type { Askable } from '../read-request.ts'
import { beginsWithName, understand } from './understand.ts'

const WEB = listed('web-1', { addresses: ['10.0.0.7'] })
const DB = listed('db-1')
const MAIL = listed('Mail Server')
const SHELL = listed('shell')
const directory = directoryOf({ inventory: inventoryOf(WEB, DB, MAIL, SHELL), listedAt: new Date(0) })
const NEW = 'ocid1.instance.oc1.phx.abuw4ljrnew'

/** What is said of it besides what nobody said. */
function told(
  typed: string,
  { command, list = directory }: { command?: Askable; list?: typeof directory | null } = {},
) {
  const { found, task, said, unclear } = understand(list ?? undefined, typed.split(' '), command)
  const names = found.unlisted === undefined ? found.instances.map(({ name }) => name) : [found.unlisted]
  return { names, task, ...said, ...(unclear.length > 0 ? { unclear } : {}) }
}

describe('words are understood in any order', () => {
  it.each([
    ['web-1', { names: ['web-1'] }],
    ['web-1 fsck', { names: ['web-1'], task: 'fsck' }],
    ['WEB-1 FSCK /dev/sdb1', { names: ['web-1'], task: 'fsck', only: ['/dev/sdb1'] }],
    ['/dev/sdb1 fsck web-1', { names: ['web-1'], task: 'fsck', only: ['/dev/sdb1'] }],
    ['10.0.0.7 unlock deploy', { names: ['web-1'], task: 'unlock', user: 'deploy' }],
    ['deploy unlock web-1', { names: ['web-1'], task: 'unlock', user: 'deploy' }],
    ['web-1 replace-key deploy', { names: ['web-1'], task: 'replace-key', user: 'deploy' }],
    ['web-1 edit /etc/fstab', { names: ['web-1'], task: 'edit', path: '/etc/fstab' }],
    ['web-1 edit /etc/my file', { names: ['web-1'], task: 'edit', path: '/etc/my file' }],
    ['/etc/fstab web-1', { names: ['web-1'], task: 'edit', path: '/etc/fstab' }],
    ['/etc/fstab', { names: [], task: 'edit', path: '/etc/fstab' }],
    ['web-1 reboot hard', { names: ['web-1'], task: 'reboot-hard', how: 'hard' }],
    ['web-1 reboot', { names: ['web-1'], task: 'reboot' }],
    ['R-ABC123 undo', { names: [], task: 'undo', of: 'R-ABC123' }],
    ['mail server kernel', { names: ['Mail Server'], task: 'kernel' }],
    [`${WEB.id} connect`, { names: ['web-1'], task: 'connect' }],
    [`history ${NEW}`, { names: [NEW], task: 'history' }],
  ])('%s', (typed, expected) => {
    expect(told(typed)).toEqual(expected)
  })

  it.each([
    ['an instance comes before a command', 'web-1 shell', { names: ['web-1'], task: 'shell' }],
    ['of two instances the first one counts', 'shell shell', { names: ['shell'], task: 'shell' }],
    ['a name that is in no list may be one', 'new-1 kernel', { names: ['new-1'], task: 'kernel' }],
    ['so may one beside a user', 'new-1 unlock deploy', { names: ['new-1'], task: 'unlock', user: 'deploy' }],
    ['names that are like it are offered first', 'web kernel', { names: ['web-1'], task: 'kernel' }],
    [
      'a domain belongs to its host',
      'please kernel web-1.prod:22',
      { names: ['web-1'], task: 'kernel', unclear: ['please'] },
    ],
    ['a rescue says itself on which instance', 'web-1 undo', { names: [], task: 'undo', unclear: ['web-1'] }],
  ])('%s: %s', (_, typed, expected) => {
    expect(told(typed)).toEqual(expected)
  })

  it.each([
    ['web-1 sudoers now please', { names: ['web-1'], task: 'sudoers', unclear: ['now', 'please'] }],
    ['web-1 unlock 0day;reboot', { names: ['web-1'], task: 'unlock', unclear: ['0day;reboot'] }],
    ['please fsck web-1 /dev/sdb1 a b c d e f g h', { names: ['web-1'], task: 'fsck', only: ['/dev/sdb1'] }],
    ['web-1 edit etc/fstab', { names: ['web-1'], task: 'edit', unclear: ['etc/fstab'] }],
    ['please look at 10.0.0.7', { names: ['web-1'], unclear: ['please', 'look', 'at'] }],
    ['please look at web-1.prod', { names: ['web-1'], unclear: ['please', 'look', 'at'] }],
    ['nobody knows', { names: [], unclear: ['nobody', 'knows'] }],
  ])('and what is not is named: %s', (typed, expected) => {
    expect(told(typed)).toMatchObject(expected)
  })

  it('and where there is no list, all the same', () => {
    expect(told('web-1 fsck', { list: null })).toEqual({ names: ['web-1'], task: 'fsck' })
    expect(told('web-1', { list: null })).toEqual({ names: [], unclear: ['web-1'] })
  })

  it('of thousands of words only the first are looked at', () => {
    const { names, unclear } = told(`web-1 ${'word '.repeat(2000)}fsck`)
    expect(names).toEqual(['web-1'])
    expect(unclear).toHaveLength(2001)
  })
})

describe('words behind a command', () => {
  it.each<[Askable, string, object]>([
    ['edit', 'web-1', { names: ['web-1'] }],
    ['edit', '/etc/fstab', { names: [], path: '/etc/fstab' }],
    ['edit', '/etc/fstab web-1', { names: ['web-1'], path: '/etc/fstab' }],
    ['edit', '/etc/fstab new-1', { names: ['new-1'], path: '/etc/fstab' }],
    ['edit', 'web-1 etc/fstab', { names: ['web-1'], unclear: ['etc/fstab'] }],
    ['fsck', '/dev/sdb1', { names: [], only: ['/dev/sdb1'] }],
    ['reboot', 'hard', { names: [], task: 'reboot-hard' }],
    ['sudoers', 'mail server', { names: ['Mail Server'] }],
    ['unlock', 'web-1 deploy now', { names: ['web-1'], unclear: ['deploy', 'now'] }],
    ['unlock', 'web-1 sshd', { names: ['web-1'], task: 'unlock', user: 'sshd' }],
  ])('%s %s', (command, typed, expected) => {
    expect(told(typed, { command })).toMatchObject({ task: command, ...expected })
  })
})

it('a name at the beginning is none that was mistyped', () => {
  expect(beginsWithName(directory, ['Mail', 'Server', 'fsck'])).toBe(true)
  expect(beginsWithName(directory, ['fsckk', 'web-1'])).toBe(false)
  expect(beginsWithName(undefined, ['web-1'])).toBe(false)
})
