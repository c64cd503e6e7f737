/**
 * The playbook against a real bash, real tools and a real file system that is read-only until it is
 * remounted, in namespaces of its own. Without /proc, as a maintenance shell may be.
 */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, ID, Machine } from '../../test/helpers/maintenance-machine.ts'
import { changeName } from '../record/changes.ts'
import type { ReplaceKey } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import type { Shell } from '../shell/shell.ts'
import { applyChanges, checkChanges, lookAndPropose, type Round } from './index.ts'

const RESCUE = 'R-7K2M9Q'
const MEANS = { rescueId: RESCUE, hashOfNewPassword: () => Promise.reject(new Error('no password was asked for')) }
const KEYS = '/home/opc/.ssh/authorized_keys'

let machine: Machine | undefined
afterEach(() => machine?.close())

async function boot(given = ''): Promise<Machine> {
  machine = new Machine()
  if (given !== '') await machine.given(given)
  await machine.isReadOnly()
  return machine
}

function key(seed: string): string {
  const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])
  const blob = Buffer.concat([field(Buffer.from('ssh-ed25519')), field(createHash('sha256').update(seed).digest())])
  return `ssh-ed25519 ${blob.toString('base64')} ${seed}`
}

const request: ReplaceKey = { name: 'replace-key', user: 'opc', publicKey: key('new'), keepExisting: false }
const { signal } = new AbortController()
const NO_TEXT = () => Promise.reject(new Error('no text was asked for'))

function propose(shell: Shell, changed: Partial<ReplaceKey> = {}): Promise<Round> {
  return lookAndPropose(
    shell,
    [{ ...request, ...changed }],
    { rescueId: RESCUE, askForText: NO_TEXT, done: [] },
    signal,
  )
}

async function proposeChanges(shell: Shell, changed: Partial<ReplaceKey> = {}) {
  const { plan } = await propose(shell, changed)
  if (plan === undefined) throw new Error('nothing was proposed')
  return plan
}

/** Applies, and tells what the log would hold. */
async function apply(shell: Shell, plan: Awaited<ReturnType<typeof proposeChanges>>) {
  const log: string[] = []
  const steps = {
    began: async (index: number) => void log.push(`began ${index}`),
    finished: async (index: number) => void log.push(`finished ${index}`),
  }
  const readOnly = await applyChanges(shell, plan, MEANS, steps, signal)
  return { log, readOnly }
}

const OLD_KEYS = `echo '${key('old')}' >${KEYS}; chmod 0600 ${KEYS}; chown ${ID}:${ID} ${KEYS}`
const LISTING = 'cd /home/opc; find . -printf "%p %m %U:%G %s\\n" | sort; find . -type f -exec sha256sum {} + | sort'
const IS_WRITABLE = 'test -w / && echo read-write || echo read-only'

/**
 * The machine with tools of SELinux that write down how they were called, under /opt instead of where they belong: the
 * host's own /usr is not ours to write to.
 */
function withSelinux(machine: Machine): Shell {
  const moved = (word: string) =>
    word
      .replaceAll('/usr/sbin/load_policy', '/opt/tools/load_policy')
      .replaceAll(/\brestorecon\b/g, '/opt/tools/restorecon')
  return {
    run: (command) => machine.run(command.map(moved)),
    readFile: (path) => machine.readFile(path),
    writeFile: (path, bytes) => machine.writeFile(path, bytes),
  }
}

function selinuxTools(loadPolicy: string): string {
  return `echo SELINUX=enforcing >/etc/selinux/config
    printf '#!/bin/bash\\n%s\\n' ${loadPolicy} >/opt/tools/load_policy
    printf '#!/bin/bash\\necho "$@" >>/opt/tools/log\\n' >/opt/tools/restorecon
    chmod +x /opt/tools/*`
}

describe.runIf(canHaveNamespaces)('on a machine', () => {
  it('looking changes nothing, needs few round trips and leaves the file system read-only', async () => {
    const machine = await boot(OLD_KEYS)

    const proposal = await propose(machine)

    expect(proposal).toEqual({
      notices: [],
      found: {},
      planned: [request],
      texts: [],
      plan: {
        user: 'opc',
        selinux: false,
        changes: [
          {
            kind: 'replace-file',
            path: KEYS,
            before: `${key('old')}\n`,
            after: `${key('new')}\n`,
            backup: `${KEYS}.old-${RESCUE}`,
            mode: '0600',
            owner: { uid: ID, gid: ID },
            why: [because('key-only', { fingerprint: expect.stringContaining('SHA256:'), user: 'opc' })],
          },
        ],
      },
    })
    expect(machine.commands.filter((command) => !command.startsWith('base64'))).toHaveLength(2)
    expect(await machine.given(IS_WRITABLE)).toBe('read-only\n')
  })

  it('replaces the key, keeps the old file whole, and is read-only again', async () => {
    const machine = await boot(`${OLD_KEYS}; chmod 0644 ${KEYS}`)
    const plan = await proposeChanges(machine)

    expect(await apply(machine, plan)).toEqual({ log: ['began 0', 'finished 0'], readOnly: true })

    await checkChanges(machine, plan.changes, signal)
    expect(await machine.given(`cat ${KEYS}; cat ${KEYS}.old-${RESCUE}`)).toBe(`${key('new')}\n${key('old')}\n`)
    expect(await machine.given(`cd /home/opc/.ssh; stat -c '%n %a %u %h' *; ls -A | wc -l`)).toBe(
      `authorized_keys 600 ${ID} 1\nauthorized_keys.old-${RESCUE} 644 ${ID} 1\n2\n`,
    )
    expect(await machine.given(IS_WRITABLE)).toBe('read-only\n')
  })

  it('makes what is missing, and mends what sshd would refuse', async () => {
    const machine = await boot('rmdir /home/opc/.ssh; chmod 0777 /home/opc')
    const plan = await proposeChanges(machine, { keepExisting: true })

    expect(plan.changes).toMatchObject([
      { kind: 'ensure-directory', path: '/home/opc', before: { mode: '0777' }, after: { mode: '0755' } },
      { kind: 'ensure-directory', path: '/home/opc/.ssh', before: null, after: { mode: '0700', owner: { uid: ID } } },
      { kind: 'replace-file', path: KEYS, before: null, backup: null },
    ])
    expect(await apply(machine, plan)).toMatchObject({ log: expect.arrayContaining(['finished 2']), readOnly: true })
    await checkChanges(machine, plan.changes, signal)
    expect(await machine.given("stat -c '%a' /home/opc /home/opc/.ssh")).toBe('755\n700\n')
  })

  it('finds its own work done: the second time there is nothing to do, and nothing to propose', async () => {
    const machine = await boot(OLD_KEYS)
    const plan = await proposeChanges(machine)
    await apply(machine, plan)
    const before = await machine.given(LISTING)

    expect(await apply(machine, plan)).toMatchObject({ log: ['began 0', 'finished 0'] })

    expect(await machine.given(LISTING)).toBe(before)
    expect(await propose(machine)).toMatchObject({ plan: undefined, found: { path: KEYS } })
  })

  it('begins again where a worker died in the middle', async () => {
    const machine = await boot(OLD_KEYS)
    const plan = await proposeChanges(machine)
    const backup = `${KEYS}.old-${RESCUE}`
    await machine.given(`mount -o remount,rw /; ln ${KEYS} ${backup}; echo hal >${KEYS}.new-${RESCUE}`)

    await apply(machine, plan)

    await checkChanges(machine, plan.changes, signal)
    expect(await machine.given(`ls /home/opc/.ssh; cat ${backup}`)).toBe(
      `authorized_keys\nauthorized_keys.old-${RESCUE}\n${key('old')}\n`,
    )
  })

  it('refuses when the file is no longer the one that was shown', async () => {
    const machine = await boot(OLD_KEYS)
    const plan = await proposeChanges(machine)
    await machine.given(`mount -o remount,rw /; echo '# hello' >>${KEYS}; mount -o remount,ro /`)
    const before = await machine.given(LISTING)

    await expect(apply(machine, plan)).rejects.toMatchObject({
      code: 'file-changed',
      details: { path: KEYS, changed: '', notChanged: KEYS },
    })
    expect(await machine.given(LISTING)).toBe(before)
  })

  it('refuses a backup name that is taken by another file', async () => {
    const machine = await boot(`${OLD_KEYS}; echo precious >${KEYS}.old-${RESCUE}`)
    const plan = await proposeChanges(machine)

    await expect(apply(machine, plan)).rejects.toMatchObject({ code: 'backup-differs', details: { notChanged: KEYS } })
    expect(await machine.given(`cat ${KEYS}.old-${RESCUE} ${KEYS}; ${IS_WRITABLE}`)).toBe(
      `precious\n${key('old')}\nread-only\n`,
    )
  })

  it('says that the disk is full, takes its traces away, and goes back to read-only', async () => {
    const machine = await boot(
      `echo 'AuthorizedKeysFile /var/full/keys' >/etc/ssh/sshd_config; echo '${key('old')}' >/var/full/keys
       dd if=/dev/zero of=/var/full/rest bs=1k 2>/dev/null || true`,
    )
    const plan = await proposeChanges(machine)

    await expect(apply(machine, plan)).rejects.toMatchObject({
      responsible: 'operator',
      code: 'cannot-write',
      details: { reason: 'full', changed: '', notChanged: '/var/full/keys', inDoubt: '', readOnlyAgain: 'yes' },
    })
    expect(await machine.given(`ls /var/full; cat /var/full/keys; ${IS_WRITABLE}`)).toBe(
      `keys\nrest\n${key('old')}\nread-only\n`,
    )
  })

  it('says which changes were made when a later one fails', async () => {
    const machine = await boot(`${OLD_KEYS}; chmod 0755 /home/opc/.ssh; echo x >${KEYS}.old-${RESCUE}`)
    const plan = await proposeChanges(machine)

    await expect(apply(machine, plan)).rejects.toMatchObject({
      details: { changed: '/home/opc/.ssh', notChanged: KEYS, inDoubt: '' },
    })
  })

  it('does nothing more once the log refuses a change', async () => {
    const machine = await boot(OLD_KEYS)
    const plan = await proposeChanges(machine)
    const refusal = new Error('another worker has taken over')
    const steps = { began: () => Promise.reject(refusal), finished: () => Promise.resolve() }

    await expect(applyChanges(machine, plan, MEANS, steps, signal)).rejects.toBe(refusal)
    expect(await machine.given(`cat ${KEYS}; ls /home/opc/.ssh; ${IS_WRITABLE}`)).toBe(
      `${key('old')}\nauthorized_keys\nread-only\n`,
    )
  })

  it('reads back what it wrote, and says when it is something else', async () => {
    const machine = await boot(OLD_KEYS)
    const plan = await proposeChanges(machine)
    await apply(machine, plan)
    await machine.given(`mount -o remount,rw /; chmod 0644 ${KEYS}`)

    await expect(checkChanges(machine, plan.changes, signal)).rejects.toMatchObject({
      code: 'check-failed',
      details: { path: KEYS },
    })
  })

  it("loads SELinux's policy before it writes, and restores the contexts of what it wrote", async () => {
    const loadPolicy = `'[ "$1" = -i ] && [ ! -w / ]'`
    const machine = await boot(`${OLD_KEYS}; chmod 0755 /home/opc/.ssh; ${selinuxTools(loadPolicy)}`)
    const plan = await proposeChanges(withSelinux(machine))
    expect(plan.selinux).toBe(true)

    await apply(withSelinux(machine), plan)

    expect(await machine.given('cat /opt/tools/log')).toBe(`-F -- /home/opc/.ssh\n-F -- ${KEYS}\n`)
  })

  it.each([
    ['is loaded already', `'echo "load_policy:  Policy is already loaded and initial load requested" >&2; exit 2'`],
    ['is switched off in the kernel', `"echo \\"load_policy:  Can't load policy:  No such device\\" >&2; exit 2"`],
  ])('goes on when the policy %s', async (_, loadPolicy) => {
    const machine = await boot(`${OLD_KEYS}; ${selinuxTools(loadPolicy)}`)
    const shell = withSelinux(machine)

    await expect(apply(shell, await proposeChanges(shell))).resolves.toMatchObject({ readOnly: true })
  })

  it('changes nothing when the policy can not be loaded', async () => {
    const machine = await boot(`${OLD_KEYS}; ${selinuxTools(`'echo "Invalid argument"; exit 3'`)}`)
    const shell = withSelinux(machine)
    const before = await machine.given(LISTING)

    await expect(apply(shell, await proposeChanges(shell))).rejects.toMatchObject({
      responsible: 'machine',
      code: 'selinux-policy-failed',
      details: { said: 'Invalid argument', notChanged: KEYS, readOnlyAgain: 'yes' },
    })
    expect(await machine.given(LISTING)).toBe(before)
  })

  it('follows sshd to another file, through drop-ins in unusual places', async () => {
    const machine = await boot(
      `echo 'Include /opt/*.conf' >/etc/ssh/sshd_config
       echo 'AuthorizedKeysFile .keys/%u /etc/keys' >/opt/10.conf; echo 'AuthorizedKeysFile no' >/opt/20.conf`,
    )

    const plan = await proposeChanges(machine)

    expect(plan.changes.map(changeName)).toEqual(['/home/opc/.keys', '/home/opc/.keys/opc'])
  })

  it('follows a link to the home, and none below it', async () => {
    const machine = await boot(`${OLD_KEYS}; mv /home /opt/home; ln -s opt/home /home`)
    expect((await proposeChanges(machine)).changes).toMatchObject([{ path: `/opt${KEYS}` }])
    machine.close()

    const other = await boot('rmdir /home/opc/.ssh; ln -s /etc/ssh /home/opc/.ssh')
    await expect(propose(other)).rejects.toMatchObject({ code: 'unsafe-path', details: { path: '/home/opc/.ssh' } })
  })

  it.each([
    ['a user that is not there', 'true', { user: 'oracle' }, 'user-not-found'],
    ['a user whose home is not there', 'rm -r /home/opc', {}, 'user-without-home'],
    ['a home that is a file', 'rm -r /home/opc; touch /home/opc', {}, 'user-without-home'],
    ['a home that is not mounted', "echo '/dev/nowhere /home xfs defaults 0 0' >>/etc/fstab", {}, 'not-mounted'],
    ['a home on the network', "echo 'nfs:/home /home nfs defaults 0 0' >>/etc/fstab", {}, 'not-mounted'],
    ['a link where the file should be', `ln -s /etc/passwd ${KEYS}`, {}, 'unsafe-path'],
    ['a FIFO, which would never end', `mkfifo ${KEYS}`, {}, 'unsafe-path'],
    ['a file that is no text', `printf 'caf\\351' >${KEYS}`, {}, 'unsuitable-file'],
    ['a file that is too large', `truncate -s 1048577 ${KEYS}`, {}, 'unsuitable-file'],
    ['no file at all for sshd', 'echo "AuthorizedKeysFile none" >/etc/ssh/sshd_config', {}, 'keys-file-none'],
    ['a key that is none', 'true', { publicKey: 'ssh-rsa no' }, 'key-refused'],
  ])('refuses %s, with nothing changed', async (_, given, changed, code) => {
    const machine = await boot(given)
    const before = await machine.given(LISTING).catch(() => 'no home')

    await expect(propose(machine, changed)).rejects.toMatchObject({ responsible: 'operator', code })
    expect(await machine.given(LISTING).catch(() => 'no home')).toBe(before)
    expect(await machine.given(IS_WRITABLE)).toBe('read-only\n')
  })
})
