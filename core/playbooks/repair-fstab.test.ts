import { describe, expect, it } from 'vitest'
import type { Place, System } from './block-devices.ts'
import { repairFstab } from './repair-fstab.ts'

const RESCUE = 'R-7K2M9Q'
const owner = { uid: 0, gid: 0 }

const root = { name: '/dev/sda1', number: '2049', type: 'ext4', tags: ['UUID=aa'] }
const data = { name: '/dev/sdb1', number: '2065', type: 'xfs', tags: ['UUID=bb', 'LABEL=data'] }

const SYSTEM: System = {
  devices: [root, data],
  sawDisks: true,
  places: new Map([['/dev/sdb1', { kind: 'block', number: '2065' }]]),
  unknownTypes: [],
  mounts: [],
  rootNumber: '2049',
  rootArgument: 'UUID=aa',
  rootIsWritable: false,
  systemd: true,
  selinux: false,
}

const ROOT = '# <file system>\tcomment\nUUID=aa\t/  ext4\terrors=remount-ro\t0 1\n'

/** The lines that are new, of what stands there afterwards; undefined when nothing is to be changed. */
function repaired(lines: string, only: string[] = [], system: Partial<System> = {}): string | undefined {
  const facts = { text: `${ROOT}${lines}`, mode: '0644', owner, system: { ...SYSTEM, ...system } }
  const proposal = repairFstab.propose(facts, { name: 'fstab', only }, RESCUE)
  if (proposal.kind === 'nothing-to-change') return undefined
  const [change] = proposal.plan.changes
  if (change?.kind !== 'replace-file') throw new Error('no file is replaced')
  expect(change).toMatchObject({ path: '/etc/fstab', backup: `/etc/fstab.old-${RESCUE}`, before: facts.text })
  expect(change.after.startsWith(ROOT)).toBe(true)
  return change.after.slice(ROOT.length)
}

const LENIENT = 'nofail,x-systemd.device-timeout=10s'

describe('an entry of fstab', () => {
  it('whose disk is gone stops the boot no longer, and nothing else of its line changes', () => {
    expect(repaired('UUID=dead\t/srv   xfs\tdefaults  0 2 # x\n')).toBe(
      `UUID=dead\t/srv   xfs\tdefaults,${LENIENT}  0 2 # x\n`,
    )
    expect(repaired('/dev/sdz1 none swap sw 0 0\n')).toBe(`/dev/sdz1 none swap sw,${LENIENT} 0 0\n`)
    expect(repaired('LABEL=gone /srv xfs')).toBe(`LABEL=gone /srv xfs ${LENIENT}`)
  })

  it('of a type that is another one, or that nobody knows, stops the boot no longer', () => {
    expect(repaired('UUID=bb /srv ext4 defaults 0 2\n')).toContain(`defaults,${LENIENT}`)
    expect(repaired('UUID=bb /srv zfs defaults 0 0\n', [], { unknownTypes: ['zfs'] })).toContain('nofail')
    expect(repaired('/dev/sdb1 /srv auto defaults 0 0\n')).toBeUndefined()
  })

  it('that nobody understands is commented out', () => {
    expect(repaired('UUID=bb /srv\nUUID=bb /mnt xfs defaults 0 0\n')).toBe(
      `# not understood, rescue ${RESCUE}: UUID=bb /srv\nUUID=bb /mnt xfs defaults 0 0\n`,
    )
  })

  it('that is good, harmless or of another machine is left alone', () => {
    expect(repaired('UUID=bb /srv xfs defaults 0 2\n')).toBeUndefined()
    expect(repaired('UUID=dead /srv xfs defaults,nofail 0 2\n')).toBeUndefined()
    expect(repaired('UUID=dead /srv xfs noauto 0 2\n')).toBeUndefined()
    expect(repaired('nas:/export /srv nfs defaults 0 0\ntmpfs /tmp tmpfs defaults 0 0\n')).toBeUndefined()
  })

  it('is believed to be there when the disks could not be seen', () => {
    expect(repaired('UUID=dead /srv xfs defaults 0 2\n', [], { sawDisks: false })).toBeUndefined()
  })

  it('of the root file system is never touched, whatever names it', () => {
    const facts = { text: ROOT, mode: '0644', owner, system: SYSTEM }
    for (const only of [['/'], ['UUID=aa'], ['/dev/sda1'], []])
      expect(repairFstab.propose(facts, { name: 'fstab', only }, RESCUE).kind).toBe('nothing-to-change')
    expect(repaired('/dev/sda1 /again ext4 bad-option 0 0\n', ['/again'])).toBeUndefined()
  })
})

describe('a bind', () => {
  const FOLDER = { kind: 'directory', number: '2049' } as const
  const FILE = { kind: 'other', number: '2049' } as const
  const NONE = { kind: 'none', number: '' } as const
  const at = (places: Record<string, Place>) => ({
    places: new Map([['/', FOLDER as Place], ...Object.entries(places)]),
  })
  const bind = (source: string, where: string) => `${source} ${where} none bind 0 0\n`

  it('of a folder that is missing stops no boot where systemd makes it', () => {
    const system = at({ '/opt': FOLDER, '/opt/app': NONE, '/srv': FOLDER })
    expect(repaired(bind('/opt/app', '/srv'), [], system)).toBeUndefined()
    expect(repaired(bind('/opt/app', '/srv'), [], { ...system, systemd: false })).toBe(
      '/opt/app /srv none bind,nofail 0 0\n',
    )
    expect(repaired(bind('/opt/app', '/srv'), ['/opt/app'], system)).toBe('/opt/app /srv none bind,nofail 0 0\n')
  })

  it('of what can not be made stops the boot no longer', () => {
    const lenient = '/opt/app /srv none bind,nofail 0 0\n'
    expect(repaired(bind('/opt/app', '/srv'), [], at({ '/opt': FILE, '/opt/app': NONE, '/srv': FOLDER }))).toBe(lenient)
    expect(repaired(bind('/opt/app', '/srv'), [], at({ '/opt': FOLDER, '/opt/app': NONE, '/srv': FILE }))).toBe(lenient)
    const facts = {
      text: `UUID=aa / ext4 ro 0 1\n${bind('/opt/app', '/srv')}`,
      ...{ mode: '0644', owner, system: { ...SYSTEM, ...at({ '/opt': FOLDER, '/opt/app': NONE, '/srv': FOLDER }) } },
    }
    expect(repairFstab.propose(facts, { name: 'fstab', only: [] }, RESCUE).kind).toBe('changes')
  })

  it('of a folder onto a file, which systemd has made in the place of a file that is missing, stops it no longer', () => {
    const onto = (there: Place, here: Place) =>
      repaired(
        bind('/opt/a.conf', '/etc/a.conf'),
        [],
        at({ '/opt': FOLDER, '/opt/a.conf': there, '/etc/a.conf': here }),
      )
    expect(onto(FOLDER, FILE)).toContain('bind,nofail')
    expect(onto(FILE, FOLDER)).toContain('bind,nofail')
    expect(onto(FILE, FILE)).toBeUndefined()
    expect(onto(FOLDER, FOLDER)).toBeUndefined()
    expect(onto(FILE, NONE)).toBeUndefined()
  })

  it('of what another file system brings, or what each boot makes, is left alone', () => {
    const system = { ...at({ '/mnt': FOLDER, '/mnt/app': NONE, '/run/x': NONE, '/srv': FOLDER }), systemd: false }
    const mounted = 'UUID=bb /mnt xfs defaults 0 2\n'
    expect(repaired(mounted + bind('/mnt/app', '/srv'), [], system)).toBeUndefined()
    expect(repaired(bind('/run/x', '/srv'), [], system)).toBeUndefined()
  })

  it('of a file system that is missing stops the boot no longer, and neither does what stands on that', () => {
    const lines = `UUID=dead /mnt xfs defaults 0 2\n${bind('/mnt/app', '/srv')}${bind('/srv/www', '/var/www')}`
    const lenient = `UUID=dead /mnt xfs defaults,${LENIENT} 0 2\n/mnt/app /srv none bind,nofail 0 0\n/srv/www /var/www none bind,nofail 0 0\n`
    expect(repaired(lines)).toBe(lenient)
    expect(repaired(lines, ['UUID=dead'])).toBe(lenient)
  })

  it('of one that may be missing, too: systemd requires it all the same', () => {
    const gone = 'UUID=dead /mnt xfs defaults,nofail 0 2\n'
    expect(repaired(`${gone}${bind('/mnt/app', '/srv')}UUID=bb /mnt/b xfs defaults 0 2\n`)).toBe(
      `${gone}/mnt/app /srv none bind,nofail 0 0\nUUID=bb /mnt/b xfs defaults,nofail 0 2\n`,
    )
  })

  it('of the root file system, or onto what it needs, is never touched', () => {
    const gone = 'UUID=dead /mnt xfs defaults 0 2\n'
    expect(repaired(`${gone}/mnt/usr /usr none bind 0 0\n/ /mnt/root none bind 0 0\n`)).toBe(
      `${gone.replace('defaults', `defaults,${LENIENT}`)}/mnt/usr /usr none bind 0 0\n/ /mnt/root none bind 0 0\n`,
    )
  })
})

describe('an option', () => {
  it.each([
    ['defualts', 'defaults,nofail'],
    ['deafults,noatim', 'defaults,noatime,nofail'],
    ['default', 'defaults,nofail'],
    ['rw,erors=remount-ro', 'rw,errors=remount-ro,nofail'],
    ['defaults,nofial', 'defaults,nofail'],
    ['defaults,netdev', 'defaults,_netdev,nofail'],
  ])('that is misspelt is spelt as it was meant: %s', (options, meant) => {
    expect(repaired(`UUID=bb /srv xfs ${options} 0 2\n`)).toBe(`UUID=bb /srv xfs ${meant} 0 2\n`)
  })

  it('that is misspelt is corrected also where the disk is missing', () => {
    expect(repaired('UUID=dead /srv xfs defaults,nofial 0 2\n')).toBe('UUID=dead /srv xfs defaults,nofail 0 2\n')
  })

  it.each([
    ['that is known', 'xfs', 'inode64,logbufs=8,noquota'],
    ['that is systemd’s or libmount’s', 'xfs', 'x-systemd.automuont,X-mount.mkdri'],
    ['that could be meant so or so', 'xfs', 'xquota'],
    ['that nobody could mean', 'xfs', 'frobnicate'],
  ])('%s is left alone', (_, type, options) => {
    expect(repaired(`UUID=bb /srv ${type} ${options} 0 2\n`)).toBeUndefined()
  })

  it('of a file system whose options are not known here is left alone', () => {
    expect(repaired('u@h:/ /m fuse.sshfs defualts 0 0\nnas:/x /n nfs defualts 0 0\n')).toBeUndefined()
  })

  it('that is misspelt for the root file system is never touched', () => {
    expect(repaired('UUID=aa /again ext4 defualts 0 0\n')).toBeUndefined()
  })

  it('that the evidence names alone is found in its entry', () => {
    const lines = 'UUID=bb /srv xfs frobnicate=1 0 2\nUUID=dead /mnt xfs defaults 0 2\n'
    expect(repaired(lines, ['frobnicate=1'])).toBe(lines.replace('frobnicate=1', `frobnicate=1,${LENIENT}`))
    expect(repaired(lines, ['frobnicate'])).toBe(lines.replace('frobnicate=1', `frobnicate=1,${LENIENT}`))
    // Others have it rightly.
    expect(repaired(lines, ['defaults'])).toBeUndefined()
  })
})

describe('what must not be touched, however it looks', () => {
  const untouched = (text: string, only: string[] = [], system: Partial<System> = {}) => {
    const facts = { text, mode: '0644', owner, system: { ...SYSTEM, ...system } }
    expect(repairFstab.propose(facts, { name: 'fstab', only }, RESCUE).kind, text).toBe('nothing-to-change')
  }

  it('is the root file system in a line that is malformed itself', () => {
    for (const line of [
      ...[
        'UUID=aa /',
        'UUID=aa/ xfs defaults 0 0',
        '/dev/sda1',
        '/dev/sda1/ ext4 defaults',
        'LABEL=x / ',
        '/dev/root /',
      ],
    ]) {
      untouched(`${line}\n`)
      untouched(`${line}\n`, ['UUID=aa', '/'])
    }
  })

  it('is what the kernel was told to be its root, also where its disk was not recognised', () => {
    untouched('/dev/mapper/ocivolume-root\n', [], { devices: [], rootArgument: '/dev/mapper/ocivolume-root' })
  })

  it('is swap space, a bind mount or a FUSE file system, whose types are no drivers', () => {
    const unknownTypes = ['swap', 'none', 'auto', 'fuse.sshfs']
    untouched('/swapfile none swap sw 0 0\n', [], {
      unknownTypes,
      places: new Map([['/swapfile', { kind: 'other', number: '1' }]]),
    })
    untouched('/a /b none bind 0 0\n/c /d auto rbind 0 0\nu@h:/ /m fuse.sshfs defaults 0 0\n', [], { unknownTypes })
  })

  it('is a disk that the maintenance shell can not see: over the network, RAID, encrypted', () => {
    untouched(
      'UUID=far /srv xfs defaults,_netdev 0 2\n/dev/md0 /md xfs defaults 0 2\n/dev/mapper/secret /s xfs defaults 0 2\n',
    )
  })

  it('is a file system of one of several types', () => {
    untouched('UUID=bb /srv ext4,xfs defaults 0 2\n')
  })
})

describe('what the evidence names', () => {
  it('is touched also where it can not be seen from here', () => {
    expect(repaired('UUID=far /srv xfs defaults,_netdev 0 2\n', ['UUID=far'])).toContain('_netdev,nofail')
  })

  const BOTH = 'UUID=dead /srv xfs defaults 0 2\nUUID=bb /mnt xfs bad-option 0 2\n'

  it('is all that is touched, by whatever name: a tag, a link, a mount point, a unit', () => {
    const onlyFirst = BOTH.replace('defaults', `defaults,${LENIENT}`)
    for (const name of [
      ...['UUID=dead', '/dev/disk/by-uuid/dead', '/srv', 'srv.mount', 'dev-disk-by\\x2duuid-dead.device'],
    ])
      expect(repaired(BOTH, [name]), name).toBe(onlyFirst)
  })

  it('is found by what systemd left of its name, if only one can be meant', () => {
    const [one, other] = ['1cf6c9b0-5bbd-42bc-b7ba-e62c6da5da5c', '0000c9b0-5bbd-42bc-b7ba-e62c6da5da5c']
    const entry = (uuid: string) => `UUID=${uuid} /srv xfs defaults 0 2\n`
    for (const name of [
      '…6c9b0-5bbd-42bc-b7ba-e62c6da5da5c',
      'dev-disk-by\\x2duu...5bbd-42bc-b7ba-e62c6da5da5c.device',
    ])
      expect(repaired(entry(one), [name]), name).toBe(entry(one).replace('defaults', `defaults,${LENIENT}`))
    expect(repaired(entry(one), ['…da5c'])).toBeUndefined()
    expect(repaired(entry(one) + entry(other), ['…42bc-b7ba-e62c6da5da5c'])).toBeUndefined()
  })

  it('is lenient afterwards, also when the fault can not be seen from here', () => {
    expect(repaired(BOTH, ['/dev/sdb1'])).toBe(BOTH.replace('bad-option', `bad-option,${LENIENT}`))
  })

  it('is said to be missing when no entry is called so', () => {
    const facts = { text: ROOT, mode: '0644', owner, system: SYSTEM }

    expect(repairFstab.propose(facts, { name: 'fstab', only: ['/nowhere'] }, RESCUE)).toMatchObject({
      kind: 'nothing-to-change',
      notices: [{ code: 'fstab-has-no-such-entry', details: { name: '/nowhere' } }],
    })
  })
})

describe('a system without systemd', () => {
  it('gets the option that mount(8) itself knows', () => {
    expect(repaired('UUID=dead /srv xfs defaults 0 2\n', [], { systemd: false })).toBe(
      'UUID=dead /srv xfs defaults,nofail 0 2\n',
    )
  })
})
