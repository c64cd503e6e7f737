import { describe, expect, it } from 'vitest'
import type { Change } from '../record/changes.ts'
import { type FsckFacts, propose } from './repair-file-system.ts'

const EXT: FsckFacts = {
  device: { name: '/dev/sda1', number: '2049', type: 'ext4', tags: [] },
  family: 'ext',
  isRoot: true,
  tool: '/usr/sbin/e2fsck',
  exitCode: 4,
  said: 'Inode 12 ref count is 2, should be 1.',
  selinux: false,
  done: [],
}
const XFS: FsckFacts = { ...EXT, family: 'xfs', isRoot: false, tool: '/usr/sbin/xfs_repair', exitCode: 1 }

function changesFor(facts: FsckFacts): readonly Change[] {
  const proposal = propose(facts)
  return proposal.kind === 'changes' ? proposal.plan.changes : []
}

const command = (facts: FsckFacts) =>
  changesFor(facts).map((change) => change.kind === 'run' && change.command.join(' '))

describe('an ext file system', () => {
  it('without errors is left alone', () => {
    expect(propose({ ...EXT, exitCode: 0 })).toMatchObject({ kind: 'nothing-to-change' })
  })

  it('is repaired as at boot first, whatever else the check could not do', () => {
    for (const exitCode of [4, 12]) expect(command({ ...EXT, exitCode })).toEqual(['/usr/sbin/e2fsck -f -p /dev/sda1'])
    expect(changesFor(EXT)).toMatchObject([{ device: '/dev/sda1', destructive: false, undo: null }])
  })

  it('is repaired with a yes to everything only after that, in a plan that says that data may be lost', () => {
    const [gently] = changesFor(EXT)
    const facts = { ...EXT, done: gently === undefined ? [] : [gently] }

    expect(command(facts)).toEqual(['/usr/sbin/e2fsck -f -y /dev/sda1'])
    expect(changesFor(facts)).toMatchObject([{ destructive: true }])
    const thoroughly = changesFor(facts)
    expect(() => propose({ ...facts, done: [...facts.done, ...thoroughly] })).toThrow('errors are left')
  })

  it('that can not be checked is not touched', () => {
    for (const exitCode of [8, 16, 32]) expect(() => propose({ ...EXT, exitCode })).toThrow('could not be checked')
  })
})

describe('an XFS file system', () => {
  it('is repaired while it is not mounted, the root file system while it is only read', () => {
    expect(command(XFS)).toEqual(['/usr/sbin/xfs_repair /dev/sda1'])
    expect(command({ ...XFS, isRoot: true })).toEqual(['/usr/sbin/xfs_repair -d /dev/sda1'])
    expect(propose({ ...XFS, exitCode: 0 })).toMatchObject({ kind: 'nothing-to-change' })
  })

  it('with something in its log is mounted once, and its log is never thrown away', () => {
    const facts = { ...XFS, exitCode: 2, said: 'a log which needs to be replayed' }
    const [replay] = changesFor(facts)

    expect(replay).toMatchObject({
      kind: 'run',
      command: ['/bin/sh', '-c', expect.stringContaining('mount -t xfs'), 'sh', '/dev/sda1'],
    })
    expect(() => propose({ ...facts, done: replay === undefined ? [] : [replay] })).toThrow('could not be checked')
    expect(JSON.stringify([changesFor(facts), changesFor(XFS)])).not.toContain('-L')
  })
})
