/** Undo against a real bash, real tools and a real file system: what was changed goes back, and nothing else. */
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, Machine } from '../../test/helpers/maintenance-machine.ts'
import { sha256 } from '../base/sha256.ts'
import type { Change } from '../record/changes.ts'
import { because } from '../record/reasons.ts'
import { applyChanges, checkChanges, lookAndPropose, type Round } from './index.ts'

const OF = 'R-0AAAAA'
const RESCUE = 'R-7K2M9Q'
const MEANS = { rescueId: RESCUE, hashOfNewPassword: () => Promise.resolve('$6$new$hash') }
const STEPS = { began: async () => undefined, finished: async () => undefined }
const root = { uid: 0, gid: 0 }
const { signal } = new AbortController()
const NO_TEXT = () => Promise.reject(new Error('no text was asked for'))

let machine: Machine | undefined
afterEach(() => machine?.close())

/** With all this changed by another rescue, as its log has it. */
async function changedBy(changes: readonly Change[], given: string): Promise<Machine> {
  machine = new Machine()
  await machine.given(given)
  await machine.isReadOnly()
  await applyChanges(machine, { changes: [...changes], selinux: false }, { ...MEANS, rescueId: OF }, STEPS, signal)
  return machine
}

function look(on: Machine, changes: readonly Change[]): Promise<Round> {
  return lookAndPropose(
    on,
    [{ name: 'undo', of: OF, changes: [...changes] }],
    { rescueId: RESCUE, askForText: NO_TEXT, done: [] },
    signal,
  )
}

async function undoAll(on: Machine, changes: readonly Change[]): Promise<Round> {
  const round = await look(on, changes)
  if (round.plan === undefined) throw new Error('nothing was proposed')
  await applyChanges(on, round.plan, MEANS, STEPS, signal)
  await checkChanges(on, round.plan.changes, signal)
  return round
}

/** Writes behind the rescue's back, as a running system does. */
async function meanwhile(on: Machine, script: string): Promise<void> {
  await on.given(`mount -o remount,rw /; ${script}; mount -o remount,ro /`)
}

const HOSTS: Change = {
  kind: 'replace-file',
  path: '/etc/hosts',
  before: 'old\n',
  after: 'new\n',
  backup: `/etc/hosts.old-${OF}`,
  mode: '0644',
  owner: root,
  why: [because('edited-by-hand')],
}
const MOTD: Change = { ...HOSTS, path: '/etc/motd', before: null, after: 'hello\n', backup: null }
const MODE: Change = {
  kind: 'set-attributes',
  path: '/etc/ssh',
  before: { mode: '0777', owner: root },
  after: { mode: '0755', owner: root },
  why: [because('edited-by-hand')],
}
const MADE: Change = {
  kind: 'ensure-directory',
  path: '/etc/made',
  before: null,
  after: MODE.after,
  why: [because('edited-by-hand')],
}
const ASIDE: Change = {
  kind: 'move-aside',
  path: '/etc/broken',
  sha256: sha256('broken\n'),
  backup: `/etc/broken.old-${OF}`,
  why: [because('edited-by-hand')],
}
const RUN: Change = {
  kind: 'run',
  command: ['/bin/touch', '/etc/flag'],
  succeeds: [0],
  destructive: false,
  device: null,
  undo: ['/bin/rm', '/etc/flag'],
  why: [because('edited-by-hand')],
}
const GIVEN = 'echo old >/etc/hosts; chmod 0600 /etc/hosts; chmod 0777 /etc/ssh; echo broken >/etc/broken'
const LISTING = 'cd /etc; find . ! -name "*.old-*" ! -name made -printf "%p %m %U:%G\\n" | sort; cat hosts broken'

describe.runIf(canHaveNamespaces)('undo', () => {
  it('gives everything its old text, name, mode and owner, newest first; a directory that was made stays', async () => {
    const changes = [HOSTS, MOTD, MODE, MADE, ASIDE, RUN]
    machine = new Machine()
    await machine.given(GIVEN)
    const before = await machine.given(LISTING)
    await machine.isReadOnly()
    await applyChanges(machine, { changes, selinux: false }, { ...MEANS, rescueId: OF }, STEPS, signal)

    const { plan, notices } = await undoAll(machine, changes)

    expect(plan?.changes.map(({ kind }) => kind)).toEqual([
      ...['move-aside', 'set-attributes', 'move-aside', 'replace-file', 'run'],
    ])
    expect(await machine.given(LISTING)).toBe(before)
    expect(notices).toEqual([{ code: 'undo-leaves-directory', details: { path: '/etc/made' } }])
    expect(await machine.given(`cat /etc/motd.old-${RESCUE} /etc/hosts.old-${RESCUE}`)).toBe('hello\nnew\n')
  })

  it('finds its work done when it is asked for twice', async () => {
    const changes = [HOSTS, MOTD, MODE, MADE, ASIDE]
    const on = await changedBy(changes, GIVEN)
    await undoAll(on, changes)

    expect(await look(on, changes)).toMatchObject({ plan: undefined, found: { of: OF } })
  })

  it.each([
    [HOSTS, 'echo other >/etc/hosts', 'file-changed'],
    [HOSTS, 'rm /etc/hosts', 'file-changed'],
    [HOSTS, 'rm /etc/hosts.old-*', 'backup-gone'],
    [HOSTS, 'echo other >/etc/hosts.old-R-0AAAAA', 'backup-gone'],
    [MOTD, 'echo other >/etc/motd', 'file-changed'],
    [MODE, 'chmod 0700 /etc/ssh', 'file-changed'],
    [ASIDE, 'echo other >/etc/broken', 'file-changed'],
    [ASIDE, 'rm /etc/broken.old-*', 'backup-gone'],
  ])('refuses %o after `%s`: %s', async (change, script, code) => {
    const on = await changedBy([change], GIVEN)
    await meanwhile(on, script)

    await expect(look(on, [change])).rejects.toMatchObject({ code, details: { path: change.path } })
  })

  it('gives a user the old line of /etc/shadow back, and leaves those of others as they are now', async () => {
    const shadow = 'root:*:1::::::\nopc:$6$old$hash:19000::::::\n'
    const change: Change = {
      kind: 'set-password',
      path: '/etc/shadow',
      user: 'opc',
      sha256: sha256(shadow),
      backup: `/etc/shadow.old-${OF}`,
      why: [because('edited-by-hand')],
    }
    const on = await changedBy(
      [change],
      `mkdir /etc/alternatives; ln -s /usr/bin/mawk /etc/alternatives/awk; printf '${shadow.replaceAll('\n', '\\n')}' >/etc/shadow`,
    )
    expect(await on.given('cat /etc/shadow')).toContain('opc:$6$new$hash:')
    await meanwhile(on, 'sed -i "s/^root:.:1/root:x:2/" /etc/shadow; echo "eve:!:3::::::" >>/etc/shadow')

    const { plan } = await undoAll(on, [change])

    expect(JSON.stringify(plan)).not.toContain('$6$')
    expect(on.commands.join()).not.toContain('$6$old')
    expect(await on.given('cat /etc/shadow')).toBe('root:x:2::::::\nopc:$6$old$hash:19000::::::\neve:!:3::::::\n')
    expect(await look(on, [change])).toMatchObject({ plan: undefined })
  })

  it('takes two changes of one file back in two rounds, and what tools have done in the last', async () => {
    const again: Change = { ...MODE, before: MODE.after, after: { mode: '0700', owner: root } }
    const on = await changedBy([MODE, RUN], GIVEN)
    await applyChanges(on, { changes: [again], selinux: false }, { ...MEANS, rescueId: OF }, STEPS, signal)
    const changes = [MODE, RUN, again]

    const first = await undoAll(on, changes)
    const second = await undoAll(on, changes)

    expect([first, second].map(({ planned }) => planned.length)).toEqual([0, 1])
    expect([first, second].map(({ plan }) => plan?.changes.map(({ kind }) => kind))).toEqual([
      ['set-attributes'],
      ['set-attributes', 'run'],
    ])
    expect(await on.given('stat -c %a /etc/ssh')).toBe('777\n')
  })

  it('says what no tool can take back', async () => {
    const change: Change = { ...RUN, undo: null }
    const on = await changedBy([change], GIVEN)

    expect(await look(on, [change])).toMatchObject({
      plan: undefined,
      notices: [{ code: 'undo-not-possible', details: { command: '/bin/touch /etc/flag' } }],
    })
  })

  it('is itself undone like every other rescue', async () => {
    const on = await changedBy([HOSTS, MOTD, MODE, ASIDE], GIVEN)
    const changed = await on.given(LISTING.replace(' broken', ''))
    const { plan } = await undoAll(on, [HOSTS, MOTD, MODE, ASIDE])
    const next = { name: 'undo', of: RESCUE, changes: plan?.changes ?? [] } as const

    const { plan: redo } = await lookAndPropose(
      on,
      [next],
      { rescueId: 'R-0BBBBB', askForText: NO_TEXT, done: [] },
      signal,
    )
    await applyChanges(on, redo ?? { changes: [], selinux: false }, { ...MEANS, rescueId: 'R-0BBBBB' }, STEPS, signal)

    expect(await on.given(LISTING.replace(' broken', ''))).toBe(changed)
  })
})
