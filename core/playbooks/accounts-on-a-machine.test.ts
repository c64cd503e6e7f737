/** `reset-password` and `unlock` with the real tools of accounts, on a file system that is read-only until it is remounted. */
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, ID, Machine } from '../../test/helpers/maintenance-machine.ts'
import { changeName } from '../record/changes.ts'
import type { Repair } from '../record/playbooks.ts'
import { applyChanges, checkChanges, lookAndPropose, type Round, sha512Crypt } from './index.ts'

const RESCUE = 'R-7K2M9Q'
const OLD_HASH = sha512Crypt('old password', 'oldsalt')
const NEW_HASH = sha512Crypt('new password', 'newsalt')
const TODAY = Math.floor(Date.now() / 86_400_000)
const { signal } = new AbortController()

const RESET: Repair = { name: 'reset-password', user: 'opc' }
const UNLOCK: Repair = { name: 'unlock', user: 'opc' }

let machine: Machine | undefined
afterEach(() => machine?.close())

/** `fields` follow the user's name in /etc/shadow. */
async function boot(fields = `${OLD_HASH}:19000:0:99999:7:::`, given = 'true'): Promise<Machine> {
  machine = new Machine()
  await machine.given(`
    echo 'root:x:0:0::/root:/bin/bash' >>/etc/passwd; mkdir -p /run /root; echo 'opc:x:${ID}:' >/etc/group
    printf '%s\\n' 'root:*:19000:0:99999:7:::' 'opcx:x:1::::::' 'opc:${fields}' >/etc/shadow
    chown 0:0 /etc/shadow; chmod 0640 /etc/shadow; printf '/bin/sh\\n/bin/gone\\n/bin/bash\\n' >/etc/shells
    ${given}`)
  await machine.isReadOnly()
  return machine
}

const noText = () => Promise.reject(new Error('no text was asked for'))

function look(machine: Machine, repair: Repair): Promise<Round> {
  return lookAndPropose(machine, [repair], { rescueId: RESCUE, askForText: noText, done: [] }, signal)
}

async function change(machine: Machine, repair: Repair, hashOfNewPassword = async () => NEW_HASH) {
  const { plan } = await look(machine, repair)
  if (plan === undefined) throw new Error('nothing was proposed')
  const steps = { began: async () => undefined, finished: async () => undefined }
  await applyChanges(machine, plan, { rescueId: RESCUE, hashOfNewPassword }, steps, signal)
  await checkChanges(machine, plan.changes, signal)
  return plan
}

const shadowOf = (machine: Machine) => machine.given("grep '^opc:' /etc/shadow | cut -d: -f2-")

describe.runIf(canHaveNamespaces)('reset-password on a machine', () => {
  it('shows that a password will be set, and neither the old hash nor a new one', async () => {
    const machine = await boot()
    const whole = await machine.given('cat /etc/shadow')

    const { plan, notices } = await look(machine, RESET)

    const sha256 = createHash('sha256').update(whole).digest('hex')
    const backup = `/etc/shadow.old-${RESCUE}`
    expect(plan?.changes).toMatchObject([{ kind: 'set-password', path: '/etc/shadow', user: 'opc', sha256, backup }])
    expect(notices).toEqual([{ code: 'password-to-be-changed', details: { user: 'opc' } }])
    expect(machine.commands.filter((command) => !command.includes('cat /etc/shadow'))).toHaveLength(2)
    expect(JSON.stringify(plan)).not.toContain('$6$')
  })

  it('sets it for this user alone, to be changed at the first login, and keeps the old file', async () => {
    const machine = await boot()
    const before = await machine.given('cat /etc/shadow')

    await change(machine, RESET)

    expect(await machine.given('cat /etc/shadow')).toBe(before.replace(`opc:${OLD_HASH}:19000:`, `opc:${NEW_HASH}:0:`))
    expect(await machine.given(`cat /etc/shadow.old-${RESCUE}`)).toBe(before)
    expect(await machine.given('stat -c "%a %u:%g" /etc/shadow; ls /etc | grep -c shadow')).toBe('640 0:0\n2\n')
  })

  it('takes the lock away together with the old password', async () => {
    const machine = await boot(`!!${OLD_HASH}:19000:0:99999:7:::`)

    await change(machine, RESET)

    expect(await shadowOf(machine)).toBe(`${NEW_HASH}:0:0:99999:7:::\n`)
  })

  it('says what will keep the user out all the same', async () => {
    const given = "sed -i '/^opc:/s,/bin/bash,/usr/sbin/nologin,' /etc/passwd; touch /etc/nologin"
    const machine = await boot(`${OLD_HASH}:19000:0:99999:7::19001:`, given)

    const { notices } = await look(machine, RESET)

    expect(notices.map(({ code }) => code)).toEqual([
      'password-to-be-changed',
      'account-expired',
      'shell-refuses-login',
      ...(ID === 0 ? [] : ['logins-shut-out']),
    ])
    expect(notices[1]?.details).toEqual({ user: 'opc', since: '2022-01-09' })
  })

  it.each([
    ['a user that is not there', 'true', { ...RESET, user: 'oracle' }, 'user-not-found'],
    ['a user without a line in it', "sed -i '/^opc:/d' /etc/shadow", RESET, 'no-shadow-entry'],
    ['a link in its place', 'mv /etc/shadow /etc/s; ln -s s /etc/shadow', RESET, 'unsafe-path'],
    ['no such file', 'rm /etc/shadow', RESET, 'unsafe-path'],
  ])('refuses %s', async (_, given, repair: Repair, code) => {
    const machine = await boot(undefined, given)

    await expect(look(machine, repair)).rejects.toMatchObject({ responsible: 'operator', code })
  })
})

describe.runIf(canHaveNamespaces)('unlock on a machine', () => {
  it('finds nothing to do for an account that lets its user in', async () => {
    for (const fields of [`${OLD_HASH}:19000:0:99999:7:::`, '*:19000:0:99999:7:::', `${OLD_HASH}:::::::`]) {
      const machine = await boot(fields)
      expect(await look(machine, UNLOCK)).toMatchObject({ plan: undefined, notices: [] })
      machine.close()
    }
  })

  it.each(['!', '!!'])('takes %s away from before a password, and finds its work done', async (lock) => {
    const machine = await boot(`${lock}${OLD_HASH}:19000:0:99999:7:::`)

    const plan = await change(machine, UNLOCK)

    expect(plan.changes.map(changeName)).toEqual(Array(lock.length).fill('/usr/sbin/usermod -U opc'))
    expect(await shadowOf(machine)).toBe(`${OLD_HASH}:19000:0:99999:7:::\n`)
    expect(await look(machine, UNLOCK)).toMatchObject({ plan: undefined })
  })

  it('leaves a lock alone that keeps nobody out, and opens one that keeps keys out where sshd has no PAM', async () => {
    const withPam = await boot('!:19000:0:99999:7:::', "echo 'UsePAM yes' >/etc/ssh/sshd_config")
    expect(await look(withPam, UNLOCK)).toMatchObject({ plan: undefined })
    withPam.close()

    const without = await boot('!!:19000:0:99999:7:::')
    await change(without, UNLOCK)
    expect(await shadowOf(without)).toBe(`*:${TODAY}:0:99999:7:::\n`)
    expect(await look(without, UNLOCK)).toMatchObject({ plan: undefined })
  })

  it('prolongs an account that has expired, and a password that is too old; both can be taken back', async () => {
    const fields = `${OLD_HASH}:19000:0:90:7:30:19100:`
    const machine = await boot(fields)

    const { changes } = await change(machine, UNLOCK)

    expect(await shadowOf(machine)).toBe(`${OLD_HASH}:${TODAY}:0:90:7:30::\n`)
    expect(await look(machine, UNLOCK)).toMatchObject({ plan: undefined })
    await machine.given('mount -o remount,rw /')
    for (const one of changes) if (one.kind === 'run') await machine.run(one.undo ?? [])
    expect(await shadowOf(machine)).toBe(`${fields}\n`)
  })

  it.each(['/sbin/nologin', '/bin/false', '/bin/never-installed'])(
    'gives a shell in the place of %s',
    async (shell) => {
      const machine = await boot(undefined, `sed -i '/^opc:/s,/bin/bash,${shell},' /etc/passwd`)

      await change(machine, UNLOCK)

      expect(await machine.given("grep '^opc:' /etc/passwd | cut -d: -f7")).toBe('/bin/bash\n')
      expect(await look(machine, UNLOCK)).toMatchObject({ plan: undefined })
    },
  )

  it.skipIf(ID === 0)('moves nologin aside', async () => {
    const machine = await boot(undefined, 'echo closed >/etc/nologin; echo closed >/run/nologin')

    await change(machine, UNLOCK)

    expect(await machine.given('ls /etc /run | grep nologin')).toBe(`nologin.old-${RESCUE}\nnologin.old-${RESCUE}\n`)
  })

  it('forgets failed logins where they are counted on the disk', async () => {
    const machine = await boot(
      undefined,
      'mkdir -p /etc/security /var/faillock; echo "dir = /var/faillock" >/etc/security/faillock.conf; echo x >/var/faillock/opc',
    )
    const { plan } = await look(machine, UNLOCK)

    expect(plan?.changes.map(changeName)).toEqual([
      expect.stringMatching(/^\/\S*faillock --dir \/var\/faillock --user opc --reset$/),
    ])
  })

  it.each([
    ['by an argument of the module', 'auth required pam_faillock.so preauth dir=/var/faillock deny=3', 'true'],
    [
      'by a configuration that an argument names',
      'auth required pam_faillock.so authfail conf=/etc/other.conf',
      'echo "dir=/var/faillock" >/etc/other.conf',
    ],
  ])('finds where failed logins are counted %s', async (_, line, given) => {
    const machine = await boot(
      undefined,
      `mkdir -p /etc/pam.d /var/faillock; echo x >/var/faillock/opc; ${given}
       printf '%s\\n' '# dir=/commented pam_faillock.so' 'other required pam_env.so dir=/other' '${line}' >/etc/pam.d/sshd`,
    )
    const { plan } = await look(machine, UNLOCK)

    expect(plan?.changes.map(changeName)).toEqual([
      expect.stringMatching(/^\/\S*faillock --dir \/var\/faillock --user opc --reset$/),
    ])
  })

  it('forgets what pam_tally2 has counted, in each file that it counts in', async () => {
    const tally = '#!/bin/sh\\n[ "$1" = --file ] || exit 1; echo "Login Failures Latest"; cat "$2"\\n'
    const machine = await boot(
      undefined,
      `printf '${tally}' >/usr/local/sbin/pam_tally2; chmod 0755 /usr/local/sbin/pam_tally2; mkdir -p /etc/pam.d /var/log
       echo 'auth required pam_tally2.so file=/var/tallies onerr=fail deny=5' >/etc/pam.d/login
       echo 'opc  7 11/01/26 03:00:00 ttyS0' >/var/tallies; echo 'opc  0' >/var/log/tallylog`,
    )
    const { plan } = await look(machine, UNLOCK)

    expect(plan?.changes.map(changeName)).toEqual(['/usr/local/sbin/pam_tally2 --file /var/tallies --user opc --reset'])
  })

  it('says that there is no shell to give, and which tool is not there', async () => {
    const shut = "sed -i '/^opc:/s,/bin/bash,/bin/false,' /etc/passwd"
    const machine = await boot(undefined, `${shut}; echo /bin/gone >/etc/shells`)

    await expect(look(machine, UNLOCK)).rejects.toMatchObject({ code: 'no-shell', details: { user: 'opc' } })
  })
})
