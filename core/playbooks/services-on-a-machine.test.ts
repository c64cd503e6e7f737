/**
 * `sshd` and `sudoers` on a machine. sshd and visudo are stand-ins that find the faults which these tests make and say
 * what the real ones say of them.
 */
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, ID, Machine } from '../../test/helpers/maintenance-machine.ts'
import type { Change } from '../record/changes.ts'
import type { Repair } from '../record/playbooks.ts'
import { applyChanges, checkChanges, lookAndPropose } from './index.ts'

const RESCUE = 'R-7K2M9Q'
const { signal } = new AbortController()
const OPC: Repair = { name: 'sshd', user: 'opc' }
const SUDO: Repair = { name: 'sudoers' }

const SSHD = `#!/bin/bash
c=/etc/ssh/sshd_config
[ -e $c ] || { echo "$c: No such file or directory"; exit 1; }
for f in $c $(sed -n 's/^Include //p' $c); do
  [ -f "$f" ] && n=$(grep -n '^[^#]*Bogus' "$f" | head -n 1 | cut -d: -f1) && [ -n "$n" ] &&
    { echo "$f: line $n: Bad configuration option: Bogus"; echo "$f: terminating, 1 bad configuration options"; exit 255; }
done
[ -e /etc/ssh/ssh_host_ed25519_key ] || { echo 'sshd: no hostkeys available -- exiting.'; exit 1; }
echo 'Missing privilege separation directory: /run/sshd'; exit 255`

const VISUDO = `#!/bin/bash
e=0
for f in /etc/sudoers $(ls /etc/sudoers.d | grep -v '[.~]' | sed 's,^,/etc/sudoers.d/,'); do
  n=$(grep -n '^[^#].*NOPASSWD ALL' "$f" | cut -d: -f1)
  [ -n "$n" ] && { echo "$f:$n:21: syntax error"; e=1; }
done
exit $e`

/** Each is kept in a file, and put over a tool of its name. */
const STUBS = `
mkdir -p /opt/sbin
cat >/opt/sbin/sshd <<'END'
${SSHD}
END
cat >/opt/sbin/visudo <<'END'
${VISUDO}
END
chmod 0755 /opt/sbin/*
mount --bind /opt/sbin /usr/sbin
touch /etc/ssh/ssh_host_ed25519_key; chmod 0600 /etc/ssh/ssh_host_ed25519_key
echo 'root:x:0:0::/root:/bin/sh' >>/etc/passwd; echo 'opc:x:${ID}:' >/etc/group
printf 'Include /etc/ssh/sshd_config.d/*.conf\\nUsePAM yes\\n' >/etc/ssh/sshd_config
mkdir -p /etc/tmpfiles.d; echo 'd /run/sshd 0755 root root' >/etc/tmpfiles.d/openssh.conf
mkdir -p /etc/sudoers.d; chmod 0750 /etc/sudoers.d
echo 'root ALL=(ALL) ALL' >/etc/sudoers; chmod 0440 /etc/sudoers
`

let machine: Machine | undefined
afterEach(() => machine?.close())

async function boot(given: string): Promise<Machine> {
  machine = new Machine()
  await machine.given(`${STUBS}\n${given}`)
  await machine.isReadOnly()
  return machine
}

async function look(on: Machine, repair: Repair, done: readonly Change[] = []) {
  const askForText = () => Promise.reject(new Error('no text was asked for'))
  return await lookAndPropose(on, [repair], { rescueId: RESCUE, askForText, done }, signal)
}

/** Rounds until there is nothing more to change. */
async function mend(on: Machine, repair: Repair): Promise<readonly Change[]> {
  const done: Change[] = []
  for (;;) {
    const { plan } = await look(on, repair, done)
    if (plan === undefined) return done
    expect(done.length).toBeLessThan(9)
    const steps = { began: async () => undefined, finished: async () => undefined }
    const means = { rescueId: RESCUE, hashOfNewPassword: () => Promise.reject(new Error('no password')) }
    await applyChanges(on, plan, means, steps, signal)
    await checkChanges(on, plan.changes, signal)
    done.push(...plan.changes)
  }
}

describe.runIf(canHaveNamespaces)('sshd on a machine', () => {
  it('that has nothing wrong is left alone; its directory in /run is missing in every maintenance shell', async () => {
    expect(await look(await boot(''), OPC)).toMatchObject({ plan: undefined, notices: [] })
  })

  it('goes on without lines that it does not understand, with all that stands under a Match of them', async () => {
    const on = await boot(`
      printf 'Match Bogus x\\r\\n  X11Forwarding no\\r\\n\\r\\nMatch User y\\r\\n' >>/etc/ssh/sshd_config
      printf '# mine\\nBogus yes\\nPort 22\\n' >'/etc/ssh/sshd_config.d/1.conf'`)

    const changes = await mend(on, OPC)

    expect(changes.map((change) => 'path' in change && change.path)).toEqual([
      '/etc/ssh/sshd_config',
      '/etc/ssh/sshd_config.d/1.conf',
    ])
    const note = `# not understood, rescue ${RESCUE}`
    expect(await on.given('cat /etc/ssh/sshd_config.d/1.conf')).toBe(`# mine\n${note}: Bogus yes\nPort 22\n`)
    expect(await on.given('tail -n 4 /etc/ssh/sshd_config')).toBe(
      `${note}: Match Bogus x\r\n${note}:   X11Forwarding no\r\n\r\nMatch User y\r\n`,
    )
  })

  it('lets the named user in again, and nobody when nobody is named', async () => {
    const on = await boot("printf 'AllowUsers admin\\n' >/etc/ssh/sshd_config.d/1.conf")

    expect(await look(on, { name: 'sshd', user: null })).toMatchObject({ plan: undefined })
    await mend(on, OPC)

    expect(await on.given('cat /etc/ssh/sshd_config.d/1.conf')).toBe('AllowUsers admin opc\n')
  })

  it('gets host keys when there are none, and keeps those that only were too open', async () => {
    const none = await boot('rm /etc/ssh/ssh_host_*')
    await mend(none, OPC)
    expect(await none.given('ls /etc/ssh | grep -c "^ssh_host_.*_key$"')).toMatch(/^[234]\n$/)
    none.close()

    const open = await boot('echo key >/etc/ssh/ssh_host_rsa_key; chmod 0644 /etc/ssh/ssh_host_rsa_key')
    await mend(open, OPC)
    expect(await open.given('stat -c %a /etc/ssh/ssh_host_rsa_key; cat /etc/ssh/ssh_host_rsa_key')).toBe('600\nkey\n')
  })

  it('reads the keys of a home that others could write to, once they no longer can', async () => {
    const on = await boot(
      'touch /home/opc/.ssh/authorized_keys; chmod 0777 /home/opc; chmod 0664 /home/opc/.ssh/authorized_keys',
    )

    await mend(on, OPC)

    expect(await on.given('stat -c %a /home/opc /home/opc/.ssh /home/opc/.ssh/authorized_keys')).toBe('755\n700\n644\n')
  })

  it('is told of where the file that keeps it from starting is moved aside', async () => {
    const on = await boot('touch /etc/ssh/sshd_not_to_be_run')

    await mend(on, OPC)

    expect(await on.given('ls /etc/ssh | grep not_to')).toBe(`sshd_not_to_be_run.old-${RESCUE}\n`)
  })

  it('gets its directory at each boot when nothing makes it', async () => {
    const on = await boot('rm /etc/tmpfiles.d/openssh.conf')

    await mend(on, OPC)

    expect(await on.given('cat /etc/tmpfiles.d/*')).toBe('d /run/sshd 0755 root root -\n')
  })

  it('that is not there can not be repaired', async () => {
    const on = await boot('rm /opt/sbin/sshd')

    await expect(look(on, OPC)).rejects.toMatchObject({ code: 'tool-missing', details: { tool: '/usr/sbin/sshd' } })
  })
})

describe.runIf(canHaveNamespaces)('sudo on a machine', () => {
  it('that has nothing wrong is left alone', async () => {
    expect(await look(await boot(''), SUDO)).toMatchObject({ plan: undefined })
  })

  it('no longer reads a broken file of its directory, and goes on without a broken line of its own', async () => {
    const on = await boot(`
      echo 'opc ALL=(ALL) NOPASSWD ALL' >/etc/sudoers.d/90-opc; echo 'NOPASSWD ALL' >/etc/sudoers.d/x.bak
      chmod 0640 /etc/sudoers; printf 'a ALL = \\\\\\n b NOPASSWD ALL\\nlast ALL=(ALL) ALL\\n' >>/etc/sudoers; chmod 0440 /etc/sudoers`)

    await mend(on, SUDO)

    const note = `# not understood, rescue ${RESCUE}`
    expect(await on.given('ls /etc/sudoers.d')).toBe(`90-opc.old-${RESCUE}\nx.bak\n`)
    expect(await on.given('cat /etc/sudoers; stat -c %a /etc/sudoers')).toBe(
      `root ALL=(ALL) ALL\n${note}: a ALL = \\\n${note}:  b NOPASSWD ALL\nlast ALL=(ALL) ALL\n440\n`,
    )
  })

  it('gets the owners and modes that it wants', async () => {
    const on = await boot(
      'echo x >/etc/sudoers.d/a; chmod 0666 /etc/sudoers /etc/sudoers.d/a; chmod 0777 /etc/sudoers.d',
    )

    await mend(on, SUDO)

    expect(await on.given('stat -c %a /etc/sudoers /etc/sudoers.d/a /etc/sudoers.d')).toBe('440\n440\n750\n')
  })

  it('that has no configuration at all is left to people', async () => {
    await expect(look(await boot('rm -f /etc/sudoers'), SUDO)).rejects.toMatchObject({ code: 'sudoers-gone' })
  })
})
