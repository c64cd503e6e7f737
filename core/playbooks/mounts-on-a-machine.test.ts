/** Homes and files on other file systems than the root: mounted to look, writable to change, and read-only again. */
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, ID, Machine } from '../../test/helpers/maintenance-machine.ts'
import type { Change } from '../record/changes.ts'
import type { Repair } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import { applyChanges, checkChanges, lookAndPropose } from './index.ts'
import { mountFor, mountForChanges } from './mounts.ts'

const { signal } = new AbortController()
const RESCUE = 'R-7K2M9Q'
const KEYS = '/home/opc/.ssh/authorized_keys'
const EDIT: Repair = { name: 'edit', path: '/srv/app/app.conf' }

let machine: Machine | undefined
afterEach(() => machine?.close())

/** A disk that is a place of its own: bound where fstab says, as a partition is mounted. */
const DISK = (name: string, where: string) =>
  `mkdir -p /opt/${name} ${where}; mount -t tmpfs -o size=1m tmpfs /opt/${name}
   echo '/opt/${name} ${where} none bind 0 0' >>/etc/fstab`

async function boot(given: string): Promise<Machine> {
  machine = new Machine()
  await machine.given(given)
  await machine.isReadOnly()
  return machine
}

const writable = (place: string) => `test -w ${place} && echo read-write || echo read-only`

describe.runIf(canHaveNamespaces)('another file system', () => {
  it('is mounted to look, made writable for the change, and left read-only', async () => {
    const on = await boot(
      `${DISK('srv', '/srv')}; ${DISK('app', '/srv/app')}; mkdir /opt/srv/app; echo a=1 >/opt/app/app.conf`,
    )

    const { plan } = await lookAndPropose(
      on,
      [EDIT],
      { rescueId: RESCUE, askForText: async () => 'a=2\n', done: [] },
      signal,
    )
    expect(await on.given(`${writable('/srv/app')}; ${writable('/')}`)).toBe('read-only\nread-only\n')
    if (plan === undefined) throw new Error('nothing was proposed')
    const means = { rescueId: RESCUE, hashOfNewPassword: () => Promise.reject(new Error('no password')) }
    const seen: string[] = []
    const steps = {
      began: async () => void seen.push(await on.given(writable('/srv/app'))),
      finished: async () => undefined,
    }

    expect(await applyChanges(on, plan, means, steps, signal)).toBe(true)
    await checkChanges(on, plan.changes, signal)

    expect(seen).toEqual(['read-write\n'])
    expect(await on.given(`cat /opt/app/app.conf; ${writable('/srv/app')}; ${writable('/')}`)).toBe(
      'a=2\nread-only\nread-only\n',
    )
  })

  it('is mounted again for changes that were proposed in another boot', async () => {
    const disk = DISK('boot', '/boot')
    const on = await boot(`${disk}; echo saved_entry=a >/opt/boot/grubenv`)
    const owner = { uid: 0, gid: 0 }
    const [path, before, after] = ['/boot/grubenv', 'saved_entry=a\n', 'saved_entry=b\n']
    const change: Change = {
      kind: 'replace-file',
      path,
      before,
      after,
      mode: '0644',
      owner,
      backup: null,
      why: [because('edited-by-hand')],
    }
    const plan = { changes: [change], selinux: false }
    const means = { rescueId: RESCUE, hashOfNewPassword: () => Promise.reject(new Error('no password')) }
    const steps = { began: async () => undefined, finished: async () => undefined }

    await expect(applyChanges(on, plan, means, steps, signal)).rejects.toMatchObject({ code: 'file-changed' })
    await mountForChanges(on, plan.changes, signal)
    await applyChanges(on, plan, means, steps, signal)

    expect(await on.given('cat /opt/boot/grubenv')).toBe(after)
  })

  it('has the home of a user, and is mounted for it', async () => {
    const on = await boot(
      `${DISK('homes', '/home')}; mkdir -p /opt/homes/opc/.ssh; echo 'ssh-rsa AAAA old' >/opt/homes/opc/.ssh/authorized_keys
       chown -R ${ID}:${ID} /opt/homes/opc; chmod -R go= /opt/homes/opc; rm -r /home/opc`,
    )
    const publicKey = `ssh-ed25519 ${Buffer.concat([
      ...[Buffer.from([0, 0, 0, 11]), Buffer.from('ssh-ed25519')],
      ...[Buffer.from([0, 0, 0, 32]), Buffer.alloc(32, 7)],
    ]).toString('base64')}`
    const repair: Repair = { name: 'replace-key', user: 'opc', publicKey, keepExisting: true }

    const { plan } = await lookAndPropose(
      on,
      [repair],
      { rescueId: RESCUE, askForText: async () => '', done: [] },
      signal,
    )

    expect(plan?.changes).toMatchObject([{ path: KEYS, before: 'ssh-rsa AAAA old\n' }])
    expect(await on.given(writable('/home'))).toBe('read-only\n')
  })

  it('is mounted once, however often it is asked for', async () => {
    const on = await boot(`mkdir /proc; ${DISK('srv', '/srv')}`)

    await mountFor(on, ['/srv/a', '/srv/b'], signal)
    await mountFor(on, ['/srv'], signal)

    expect(await on.given('grep -c " /srv " /proc/mounts')).toBe('1\n')
  })

  it.each(['defaults', 'defaults,nofail'])(
    'that can not be mounted is named, and nothing is changed: %s',
    async (options) => {
      const on = await boot(`mkdir /proc /srv; echo 'UUID=dead-beef /srv ext4 ${options} 0 2' >>/etc/fstab`)

      await expect(mountFor(on, ['/srv/app.conf'], signal)).rejects.toMatchObject({
        responsible: 'operator',
        code: 'not-mounted',
        details: {
          device: 'UUID=dead-beef',
          mountPoint: '/srv',
          said: expect.stringMatching(/dead-beef|is not there/),
        },
      })
      expect(await on.given(writable('/'))).toBe('read-only\n')
    },
  )

  it('that nothing is needed of is not mounted', async () => {
    const on = await boot(`${DISK('srv', '/srv')}; touch /opt/srv/there`)

    await mountFor(on, ['/etc/fstab', '/srvx'], signal)

    expect(await on.given('ls /srv')).toBe('')
  })
})
