/** `fsck` with the real e2fsck on a damaged image, and with tools that say what xfs_repair and fsck.vfat say. */
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, Machine } from '../../test/helpers/maintenance-machine.ts'
import type { Change } from '../record/changes.ts'
import { because } from '../record/reasons.ts'
import { applyChanges, checkChanges, lookAndPropose } from './index.ts'
import type { ProposedChanges } from './playbook.ts'

const { signal } = new AbortController()
const RESCUE = 'R-7K2M9Q'
const NO_TEXT = () => Promise.reject(new Error('no text was asked for'))
const IMAGE = '/opt/disks/data.img'

/** Two files share a block, as in `deploy/local/machines/ext4.ts`. */
const ENTANGLED = `cd /opt/disks; mke2fs -q -F -t ext4 -U 0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e -L data data.img 2M
  debugfs -w -R 'write /etc/passwd one' data.img; debugfs -w -R 'write /etc/fstab two' data.img
  b=$(debugfs -R 'blocks one' data.img 2>/dev/null | tr -dc 0-9); debugfs -w -R "set_inode_field two block[5] $b" data.img`

/** Whatever the computer of the tests has of these, the machine has none. */
const WITHOUT =
  'for t in lvm xfs_repair; do p=$(command -v $t) && mount --bind /dev/null "$(readlink -f "$p")"; done; :'

let machine: Machine | undefined
afterEach(() => machine?.close())

async function boot(given: string): Promise<Machine> {
  machine = new Machine()
  await machine.given(WITHOUT)
  await machine.given('mkdir /opt/disks; mount -t tmpfs -o size=8m tmpfs /opt/disks')
  await machine.given(`{ ${given}; } >/dev/null 2>&1`)
  await machine.isReadOnly()
  return machine
}

/** One that is found first, and writes down how it was called. */
function standIn(tool: string, script: string): string {
  return `printf '%s\\n' '#!/bin/sh' 'echo "$0 $*" >>/opt/disks/log' '${script}' >/opt/tools/${tool}; chmod +x /opt/tools/${tool}`
}

function withTools(on: Machine) {
  const run: Machine['run'] = ([sh = '', c = '', script = '', ...rest]) => {
    return on.run(c === '-c' ? [sh, c, `PATH=/opt/tools:$PATH; ${script}`, ...rest] : [sh, c, script, ...rest])
  }
  return { run, readFile: on.readFile.bind(on), writeFile: on.writeFile.bind(on) }
}

function look(on: Machine, only: string[], made: readonly Change[] = []) {
  return lookAndPropose(
    withTools(on),
    [{ name: 'fsck', only }],
    { rescueId: RESCUE, askForText: NO_TEXT, done: made },
    signal,
  )
}

/** Gives what the log would hold: what was made, and what the tools have said. */
async function apply(on: Machine, plan: ProposedChanges | undefined) {
  const made: Change[] = []
  const said: string[] = []
  const finished = async (index: number, words = '') => {
    made.push(...(plan?.changes.slice(index, index + 1) ?? []))
    said.push(words)
  }
  const means = { rescueId: RESCUE, hashOfNewPassword: () => Promise.reject(new Error('no password')) }
  if (plan === undefined) throw new Error('nothing was proposed')
  await applyChanges(withTools(on), plan, means, { began: async () => undefined, finished }, signal)
  await checkChanges(withTools(on), plan.changes, signal)
  return { made, said }
}

describe.runIf(canHaveNamespaces)('fsck on a machine', () => {
  it('mends with e2fsck what may not be mended without a word: in two rounds, and is then content', async () => {
    const on = await boot(ENTANGLED)
    const before = await on.given(`sha256sum ${IMAGE}`)

    const first = await look(on, [IMAGE])
    expect(await on.given(`sha256sum ${IMAGE}`)).toBe(before)
    expect(first.plan?.changes).toMatchObject([
      {
        command: [expect.stringMatching(/^\/.*e2fsck$/), '-f', '-p', IMAGE],
        device: 'UUID=0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e',
        evidence: expect.stringContaining('Multiply-claimed block(s) in inode'),
      },
    ])
    const preened = await apply(on, first.plan)
    expect(preened.said.join()).toContain('RUN fsck MANUALLY')

    const second = await look(on, [IMAGE], preened.made)
    expect(second.plan?.changes).toMatchObject([{ command: [expect.anything(), '-f', '-y', IMAGE], destructive: true }])
    const mended = await apply(on, second.plan)
    expect(mended.said.join()).toContain('FILE SYSTEM WAS MODIFIED')

    const third = await look(on, [IMAGE], [...preened.made, ...mended.made])
    expect(third).toMatchObject({ plan: undefined, found: { path: IMAGE } })
  })

  it('finds a file system by its place in fstab', async () => {
    const on = await boot(`${ENTANGLED}; echo '${IMAGE} /data ext4 defaults 0 2' >>/etc/fstab`)

    for (const name of ['/data', 'data.mount'])
      expect((await look(on, [name])).plan?.changes).toMatchObject([{ command: expect.arrayContaining([IMAGE]) }])
  })

  it('checks the root file system when nothing is named, and only while it is read-only', async () => {
    const on = await boot(`${ENTANGLED}; echo '${IMAGE} / ext4 defaults 0 1' >/etc/fstab`)
    await on.given('mount -o remount,rw /')

    expect((await look(on, [])).plan?.changes).toMatchObject([
      { why: expect.arrayContaining([because('fsck-root-booted-after')]) },
    ])
    expect(await on.given('test -w / && echo read-write || echo read-only')).toBe('read-only\n')
  })

  it('checks what the boot checks when nothing is named, and no disk that is not there', async () => {
    const fstab = [
      '/opt/disks/root.img / ext4 defaults 0 1',
      `${IMAGE} /data ext4 defaults 0 2`,
      '/opt/disks/gone.img /gone ext4 defaults 0 2',
      '/opt/disks/unchecked.img /unchecked ext4 defaults 0 0',
    ].join('\n')
    const on = await boot(
      `${ENTANGLED}; cp data.img unchecked.img; mke2fs -q -F -t ext4 root.img 2M; echo '${fstab}' >/etc/fstab`,
    )

    const { plan } = await look(on, [])

    expect(plan?.changes).toMatchObject([{ command: [expect.anything(), '-f', '-p', IMAGE] }])
  })

  it('refuses the root file system when it can not be made read-only', async () => {
    const on = await boot(
      `${ENTANGLED}; echo '${IMAGE} / ext4 defaults 0 1' >/etc/fstab; ${standIn('mount', 'exit 32')}`,
    )
    await on.given('mount -o remount,rw /')

    await expect(look(on, ['/'])).rejects.toMatchObject({ code: 'fsck-mounted', details: { mount: '/' } })
  })

  it.each([
    ['vgchange', 'vgchange -ay --sysinit'],
    ['lvm', 'lvm vgchange -ay --sysinit'],
  ])('makes the volumes of LVM appear, also where only %s is there', async (tool, called) => {
    const on = await boot(`${ENTANGLED}; ${standIn(tool, 'exit 0')}`)

    await look(on, [IMAGE])

    expect(await on.given('cat /opt/disks/log')).toBe(`/opt/tools/${called}\n`)
  })

  it('shortens a long report, and keeps its end', async () => {
    const on = await boot(`${ENTANGLED}; ${standIn('e2fsck', 'seq -f "Inode %g is wrong. Fix? no" 1 20000; exit 4')}`)

    const [change] = (await look(on, [IMAGE])).plan?.changes ?? []
    const { evidence = '' } = change?.kind === 'run' ? change : {}

    expect(evidence).toMatch(/^Inode 1 is wrong[\s\S]*\n…\n[\s\S]*Inode 20000 is wrong. Fix\? no$/)
    expect(evidence.length).toBeLessThan(2100)
  })

  it('keeps the end of what a tool says, and how it ended', async () => {
    const on = await boot(`${ENTANGLED}; ${standIn('e2fsck', 'seq 1 200000; exit 4')}`)
    const { plan } = await look(on, [IMAGE])

    expect((await apply(on, plan)).said.join().endsWith('199999\n200000')).toBe(true)
  })

  it('replays the log of an XFS before it mends it, and mends it without -L', async () => {
    const dirty = `case $* in *-n*) [ -e /opt/disks/replayed ] || echo "ALERT: The filesystem has valuable metadata changes in a log"; echo "would clear inode"; [ -e /opt/disks/mended ];; *) touch /opt/disks/mended;; esac`
    const on = await boot(
      `${standIn('xfs_repair', dirty)}; ${standIn('mount', '[ "$2" = xfs ] && touch /opt/disks/replayed; exit 0')}
       ${standIn('umount', 'exit 0')}; truncate -s 1M ${IMAGE}; mkdir -p /mnt
       ${standIn('blkid', `echo DEVNAME=${IMAGE}; echo TYPE=xfs; echo UUID=bb`)}`,
    )

    const replay = await look(on, [IMAGE])
    const replayed = await apply(on, replay.plan)
    const repair = await look(on, [IMAGE], replayed.made)
    const repaired = await apply(on, repair.plan)

    expect(await look(on, [IMAGE], [...replayed.made, ...repaired.made])).toMatchObject({ plan: undefined })
    const log = await on.given('grep -v " -n \\|remount\\|proc\\|sysfs\\|devtmpfs\\|blkid" /opt/disks/log')
    expect(log.trim().split('\n')).toEqual([
      `/opt/tools/mount -t xfs -o ro ${IMAGE} /mnt`,
      `/opt/tools/umount ${IMAGE}`,
      `/opt/tools/xfs_repair ${IMAGE}`,
    ])
  })

  it.each([
    ['a device that is not there', [], ['/dev/nowhere'], 'fsck-device-missing'],
    ['a root file system on no disk', [], [], 'fsck-device-missing'],
    ['a type that is not mended here', ['btrfs'], [IMAGE], 'fsck-unknown-type'],
    ['a type whose tool is not there', ['xfs'], [IMAGE], 'tool-missing'],
  ])('refuses %s', async (_, types, only, code) => {
    const types_ = types.map((type) => `${standIn('blkid', `echo DEVNAME=${IMAGE}; echo TYPE=${type}`)}`)
    const on = await boot([`truncate -s 1M ${IMAGE}`, ...types_].join('; '))

    await expect(look(on, only)).rejects.toMatchObject({ responsible: 'operator', code })
  })
})
