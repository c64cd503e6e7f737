import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change, ChangeOf } from '../record/changes.ts'
import type { Fsck } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import { type Checked, propose } from './fsck-proposal.ts'

const RESCUE = 'R-7K2M9Q'
const REQUEST: Fsck = { name: 'fsck', only: [] }

const EXT4: Checked = {
  ...{ device: '/dev/sdb1', name: 'UUID=bb', type: 'ext4', isRoot: false, tool: '/sbin/e2fsck' },
  ...{ mountTool: '/bin/mount', umountTool: '/bin/umount', place: '/data', exitCode: 4, report: 'Fix? no' },
}
const XFS: Checked = { ...EXT4, type: 'xfs', tool: '/sbin/xfs_repair', exitCode: 1, report: 'would clear inode 132' }
const FAT: Checked = { ...EXT4, type: 'vfat', tool: '/sbin/fsck.vfat', exitCode: 1, report: 'Dirty bit is set.' }
const DIRTY = {
  report:
    'ALERT: The filesystem has valuable metadata changes in a log which is being\nignored because the -n option was used.',
}

function plan(checked: readonly Checked[], made: readonly Change[] = []): ChangeOf<'run'>[] | undefined {
  const proposal = propose({ checked, made }, REQUEST, RESCUE)
  if (proposal.kind === 'nothing-to-change') return undefined
  return proposal.plan.changes.map((change) => {
    if (change.kind !== 'run') throw new Error('it is no tool')
    return change
  })
}

const commands = (...args: Parameters<typeof plan>) => plan(...args)?.map(({ command }) => command.join(' '))

describe('an ext4 file system', () => {
  it('is mended first where nothing can be lost, with the report of its tool', () => {
    expect(plan([EXT4])).toEqual([
      {
        ...{ kind: 'run', command: ['/sbin/e2fsck', '-f', '-p', '/dev/sdb1'], device: 'UUID=bb', undo: null },
        ...{ succeeds: [0, 1, 2, 3, 4, 5, 6, 7, 12], destructive: false, evidence: 'Fix? no' },
        why: [because('fsck-errors', { device: '/dev/sdb1' })],
      },
    ])
  })

  it('is asked for once more, loudly, where that has left errors; then a person has to look', () => {
    const first = plan([EXT4]) ?? []
    const second = plan([EXT4], first) ?? []

    expect(second).toMatchObject([
      { command: ['/sbin/e2fsck', '-f', '-y', '/dev/sdb1'], destructive: true, succeeds: [0, 1, 2, 3] },
    ])
    expect(() => plan([EXT4], [...first, ...second])).toThrow('still has errors')
  })

  it('is known again by its UUID, whatever its disk is called in the next boot', () => {
    const first = plan([EXT4]) ?? []

    expect(commands([{ ...EXT4, device: '/dev/sda1' }], first)).toEqual(['/sbin/e2fsck -f -y /dev/sda1'])
    expect(commands([{ ...EXT4, name: 'UUID=cc' }], first)).toEqual(['/sbin/e2fsck -f -p /dev/sdb1'])
  })

  it('is left alone when it is in order', () => {
    expect(plan([{ ...EXT4, exitCode: 0 }])).toBeUndefined()
  })

  it('of the root is mended while it is mounted read-only, and the machine booted at once', () => {
    expect(plan([{ ...EXT4, isRoot: true }])?.[0]?.why).toContainEqual(because('fsck-root-booted-after'))
  })

  it.each([8, 16, 32, 40, 127])('is refused when its tool could not do its work: %d', (exitCode) => {
    expect(() => plan([{ ...EXT4, exitCode }])).toThrow('could not check')
  })

  it('is mended when its tool could not go on because of an error: 12', () => {
    expect(commands([{ ...EXT4, exitCode: 12 }])).toEqual(['/sbin/e2fsck -f -p /dev/sdb1'])
  })
})

describe('an XFS', () => {
  it('has no gentle way, and says so', () => {
    expect(plan([XFS])).toMatchObject([
      { command: ['/sbin/xfs_repair', '/dev/sdb1'], destructive: true, succeeds: [0], evidence: XFS.report },
    ])
    expect(() => plan([XFS], plan([XFS]))).toThrow('still has errors')
  })

  it('of the root is mended while it is mounted read-only', () => {
    expect(commands([{ ...XFS, isRoot: true }])).toEqual(['/sbin/xfs_repair -d /dev/sdb1'])
  })

  it('whose log is dirty is mounted first, whatever the rest looks like', () => {
    for (const exitCode of [0, 1]) {
      expect(commands([{ ...XFS, ...DIRTY, exitCode }])).toEqual([
        '/bin/mount -t xfs -o ro /dev/sdb1 /data',
        '/bin/umount /dev/sdb1',
      ])
    }
    expect(commands([XFS], plan([{ ...XFS, ...DIRTY }]))).toEqual(['/sbin/xfs_repair /dev/sdb1'])
  })

  it('whose log can not be replayed is refused', () => {
    const dirty = { ...XFS, ...DIRTY }

    expect(() => plan([dirty], plan([dirty]))).toThrow('can not be replayed')
    expect(() => plan([{ ...dirty, isRoot: true }])).toThrow('can not be replayed')
  })

  it('that could not even be read is refused', () => {
    expect(() => plan([{ ...XFS, report: 'fatal error -- Input/output error' }])).toThrow('could not check')
    expect(() => plan([{ ...XFS, exitCode: 2 }])).toThrow('could not check')
  })
})

it('a FAT file system is mended once', () => {
  expect(plan([FAT])).toMatchObject([{ command: ['/sbin/fsck.vfat', '-a', '/dev/sdb1'], destructive: true }])
  expect(plan([{ ...FAT, exitCode: 0 }])).toBeUndefined()
  expect(() => plan([{ ...FAT, exitCode: 2 }])).toThrow('could not check')
  expect(() => plan([FAT], plan([FAT]))).toThrow('still has errors')
})

describe('several file systems', () => {
  const other = { ...EXT4, device: '/dev/sdc1', name: 'UUID=cc' }

  it('are mended together where nothing can be lost', () => {
    expect(commands([EXT4, other, { ...EXT4, exitCode: 0 }])).toEqual([
      '/sbin/e2fsck -f -p /dev/sdb1',
      '/sbin/e2fsck -f -p /dev/sdc1',
    ])
  })

  it('are never in one plan where one of them may lose data, and never with -L', () => {
    const fs = fc.record({
      kind: fc.constantFrom(EXT4, XFS, FAT),
      exitCode: fc.constantFrom(0, 1, 4, 12),
      isRoot: fc.boolean(),
      report: fc.constantFrom('bad', DIRTY.report),
      number: fc.nat(9),
    })
    const property = fc.property(fc.uniqueArray(fs, { selector: ({ number }) => number, maxLength: 4 }), (some) => {
      const checked = some.map(({ kind, exitCode, isRoot, report, number }) => {
        const known = kind === EXT4 || exitCode < 2
        return { ...kind, exitCode: known ? exitCode : 1, report, isRoot, name: `UUID=${number}` }
      })
      if (checked.some(({ type, isRoot, report }) => type === 'xfs' && isRoot && report === DIRTY.report)) return
      const made: Change[] = []
      for (let changes = plan(checked, made); changes !== undefined; ) {
        if (changes.some(({ destructive }) => destructive)) expect(changes).toHaveLength(1)
        expect(changes.flatMap(({ command }) => command)).not.toContain('-L')
        made.push(...changes)
        const done = made.map((change) => (change.kind === 'run' ? change.device : ''))
        const left = checked.filter(({ name }) => !done.includes(name))
        changes = plan(left, made)
      }
    })
    fc.assert(property)
  })
})
