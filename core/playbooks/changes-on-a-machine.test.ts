/** Each kind of change on a machine: made, found made, refused when something else stands there, and read back. */
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, ID, Machine } from '../../test/helpers/maintenance-machine.ts'
import { sha256 } from '../base/sha256.ts'
import type { Change } from '../record/changes.ts'
import { because } from '../record/reasons.ts'
import { applyChanges, checkChanges } from './index.ts'

const { signal } = new AbortController()
const RESCUE = 'R-7K2M9Q'
const hash = '$6$salt$hash'
const root = { uid: 0, gid: 0 }

let machine: Machine | undefined
afterEach(() => machine?.close())

async function boot(given: string): Promise<Machine> {
  machine = new Machine()
  await machine.given(given)
  await machine.isReadOnly()
  return machine
}

async function apply(on: Machine, ...changes: Change[]): Promise<readonly string[]> {
  const log: string[] = []
  const steps = {
    began: async (index: number) => void log.push(`began ${index}`),
    finished: async (index: number, said?: string) => void log.push(`finished ${index}${said ? `: ${said}` : ''}`),
  }
  const means = { rescueId: RESCUE, hashOfNewPassword: async () => hash }
  await applyChanges(on, { changes, selinux: false }, means, steps, signal)
  await checkChanges(on, changes, signal)
  return log
}

const run = (changed: Partial<Change & { kind: 'run' }>): Change => ({
  kind: 'run',
  command: ['/bin/true'],
  succeeds: [0],
  destructive: false,
  device: null,
  undo: null,
  why: [because('edited-by-hand')],
  ...changed,
})

const NOLOGIN_ASIDE = {
  kind: 'move-aside',
  path: '/etc/nologin',
  sha256: sha256('no\n'),
  backup: `/etc/nologin.old-${RESCUE}`,
  why: [because('edited-by-hand')],
} satisfies Change

describe.runIf(canHaveNamespaces)('a change on a machine', () => {
  it('sets mode and owner, once', async () => {
    const on = await boot('echo x >/etc/sudoers; chmod 0666 /etc/sudoers')
    const before = { mode: '0666', owner: root }
    const change: Change = {
      kind: 'set-attributes',
      path: '/etc/sudoers',
      before,
      after: { mode: '0440', owner: root },
      why: [because('edited-by-hand')],
    }

    await apply(on, change)
    await apply(on, change)

    expect(await on.given('stat -c %a /etc/sudoers; cat /etc/sudoers')).toBe('440\nx\n')
  })

  it('refuses to set the mode of what is not as it was shown', async () => {
    const on = await boot('echo x >/etc/sudoers; chmod 0600 /etc/sudoers')
    const before = { mode: '0666', owner: root }
    const change: Change = {
      kind: 'set-attributes',
      path: '/etc/sudoers',
      before,
      after: { mode: '0440', owner: root },
      why: [because('edited-by-hand')],
    }

    await expect(apply(on, change)).rejects.toMatchObject({ code: 'file-changed', details: { path: '/etc/sudoers' } })
    expect(await on.given('stat -c %a /etc/sudoers')).toBe('600\n')
  })

  it('moves a file aside, with all that it holds', async () => {
    const on = await boot('echo no >/etc/nologin')
    const { backup } = NOLOGIN_ASIDE

    await apply(on, NOLOGIN_ASIDE)
    await apply(on, NOLOGIN_ASIDE)

    expect(await on.given(`cat ${backup}; [ ! -e /etc/nologin ] && echo gone`)).toBe('no\ngone\n')
  })

  it('never moves a file over another one', async () => {
    const on = await boot(`echo no >/etc/nologin; echo old >/etc/nologin.old-${RESCUE}`)
    const { backup } = NOLOGIN_ASIDE

    await expect(apply(on, NOLOGIN_ASIDE)).rejects.toMatchObject({ code: 'file-changed' })
    expect(await on.given(`cat ${backup}`)).toBe('old\n')
  })

  it('sets the password of one user, and keeps the file, its mode and its other lines', async () => {
    const shadow = 'root:*:1:0:99999:7:::\nopc:!:1:0:99999:7:::\nopc2:x:1::::::\n'
    const on = await boot(`printf '${shadow}' >/etc/shadow; chmod 0640 /etc/shadow; chown 0:${ID} /etc/shadow`)
    const backup = `/etc/shadow.old-${RESCUE}`
    const change: Change = {
      kind: 'set-password',
      path: '/etc/shadow',
      user: 'opc',
      sha256: sha256(shadow),
      backup,
      why: [because('edited-by-hand')],
    }

    await apply(on, change)

    expect(await on.given('cat /etc/shadow; stat -c "%a %g" /etc/shadow')).toBe(
      `${shadow.replace('opc:!:1:', `opc:${hash}:0:`)}640 ${ID}\n`,
    )
    expect(await on.given(`cat ${backup}`)).toBe(shadow)
  })

  it('sets no password of a user who is not there, and leaves no trace', async () => {
    const on = await boot("printf 'root:*:1:0:99999:7:::\\n' >/etc/shadow")
    const shadow = 'root:*:1:0:99999:7:::\n'
    const backup = `/etc/shadow.old-${RESCUE}`
    const change: Change = {
      kind: 'set-password',
      path: '/etc/shadow',
      user: 'opc',
      sha256: sha256(shadow),
      backup,
      why: [because('edited-by-hand')],
    }

    await expect(apply(on, change)).rejects.toMatchObject({
      code: 'cannot-write',
      details: { notChanged: '/etc/shadow' },
    })
    expect(await on.given('ls /etc | grep shadow; cat /etc/shadow')).toBe(`shadow\n${shadow}`)
  })

  it('runs a tool and tells what it said; its exit code is a success only when that was approved', async () => {
    const on = await boot(':')
    const said = ['/bin/sh', '-c', 'echo fixed; exit 1']

    expect(await apply(on, run({ command: said, succeeds: [0, 1] }))).toEqual(['began 0', 'finished 0: fixed'])
    await expect(apply(on, run({ command: said }))).rejects.toMatchObject({
      code: 'tool-failed',
      details: { exitCode: '1', said: 'fixed', inDoubt: said.join(' ') },
    })
  })

  it('runs what needs a file system that nobody writes to before anything is writable', async () => {
    const on = await boot('mkdir /etc/d')
    const test = ['/bin/sh', '-c', 'test -w / && echo read-write || echo read-only']
    const directory: Change = {
      ...{ kind: 'ensure-directory', path: '/etc/d', before: { mode: '0755', owner: root } },
      ...{ after: { mode: '0700', owner: root }, why: [because('edited-by-hand')] },
    }

    const log = await apply(on, directory, run({ command: test, device: '/dev/sda1' }), run({ command: test }))

    expect(log).toEqual([
      ...['began 1', 'finished 1: read-only', 'began 0', 'finished 0', 'began 2', 'finished 2: read-write'],
    ])
  })
})
