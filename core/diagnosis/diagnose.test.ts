import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { recording, recordings } from '../../test/helpers/recordings.ts'
import { diagnose } from './diagnose.ts'

const LOGS = new URL('../../test/logs/', import.meta.url).pathname
const log = (name: string) => readFileSync(`${LOGS}${name}.log`)
const classes = (text: Uint8Array | string) => diagnose(text).findings.map((finding) => finding.class)

const BOOT = '[    0.000000] Linux version 6.1.0\n[    1.900000] Run /init as init process\n'
const UP = '[  OK  ] Reached target Multi-User System.\n\napp-7 login: '

/** The names of whole logs begin with what is wrong in them. */
const names = readdirSync(LOGS).flatMap((file) => /^(?<name>.+)\.log$/.exec(file)?.groups?.name ?? [])
const wrong = names.filter((name) => !/^(?:healthy|other)/.test(name))
const healthy = names.filter((name) => name.startsWith('healthy'))

describe('the log of a whole boot', () => {
  it.each(wrong)('%s: shows first what the machine suffers from', (name) => {
    const [first = ''] = classes(log(name))

    expect(name.startsWith(first) && first !== '', `${first} in ${name}`).toBe(true)
  })

  it.each(healthy)('%s: shows nothing', (name) => {
    expect(diagnose(log(name))).toMatchObject({ log: 'linux', reached: 'login-prompt', sshd: 'up', findings: [] })
  })

  it('shows nothing as long as it goes well, wherever it is cut', () => {
    const lines = log('healthy-ubuntu-22').toString().split('\n')

    for (let to = 1; to <= lines.length; to += 1) {
      expect(classes(lines.slice(0, to).join('\n')), `lines 1 to ${to}`).toEqual([])
      expect(classes(lines.slice(to - 1).join('\n')), `lines from ${to}`).toEqual([])
    }
  })

  it.each([
    ['with other line ends', (text: string) => text.replaceAll('\r\n', '\n')],
    ['with doubled line ends', (text: string) => text.replaceAll('\r\n', '\r\r\n')],
    ['behind a boot that was well', (text: string) => `${log('healthy-oracle-linux-8').toString('latin1')}\r\n${text}`],
    ['with the silence of the line in it', (text: string) => text.replaceAll('\r\n', '\0\0\r\n\0')],
    ['without colours', (text: string) => text.replaceAll(/\u001b\[[\d;=?]*[a-zA-Z]/g, '')],
    ['through a logger', (text: string) => text.replaceAll(/\r?\n(?=\[ )/g, '\nMay  7 10:00:02 app-7 kernel: ')],
  ])('says the same %s', (_, change) => {
    for (const name of wrong) {
      const text = change(log(name).toString('latin1'))
      expect(classes(Buffer.from(text, 'latin1')), name).toEqual(classes(log(name)))
    }
  })
})

describe('the recordings of real machines', () => {
  /** Everything else in them is a machine that boots, or somebody who works at its boot loader. */
  const KNOWN: Readonly<Record<string, readonly string[]>> = {
    'boot-bash': ['kernel-panic-init'],
    initramfs: ['root-device-missing', 'initramfs-shell'],
    password: ['grub-password'],
    'efi-password': ['grub-password'],
    'legacy-password': ['kernel-image-missing'],
    'firmware-menus': ['no-bootable-device'],
  }

  it.each(recordings())('%s', (name) => {
    expect(classes(recording(name))).toEqual(KNOWN[name] ?? [])
  })

  it('shows how far a healthy one came', () => {
    expect(diagnose(recording('debian-12'))).toMatchObject({ reached: 'login-prompt', sshd: 'up', findings: [] })
  })
})

describe('the last boot', () => {
  const panic = `${BOOT}[    2.000000] Kernel panic - not syncing: Fatal exception\n`

  it('is all that counts', () => {
    expect(classes(`${panic}${BOOT}${UP}`)).toEqual([])
    expect(classes(`${BOOT}${UP}\n${panic}`)).toEqual(['kernel-panic'])
  })

  it('gives line numbers of the whole log', () => {
    const [finding] = diagnose(`${BOOT}${UP}\n${panic}`).findings

    expect(finding?.evidence).toEqual([{ line: 8, text: '[    2.000000] Kernel panic - not syncing: Fatal exception' }])
  })
})

describe('the boot before the last one', () => {
  const panic = `${BOOT}[    2.000000] Kernel panic - not syncing: Fatal exception\n[    3.000000] Rebooting in 1 seconds..\n`

  it('is told beside it where the last one has only begun', () => {
    const { findings, before } = diagnose(`${panic}SeaBIOS (version 1.16.2)\n`)

    expect(findings).toEqual([])
    expect(before).toMatchObject([{ class: 'kernel-panic', evidence: [{ line: 3 }] }])
  })

  it('is of no interest where the last one came up, or shows what is wrong itself', () => {
    expect(diagnose(`${panic}${BOOT}${UP}`).before).toEqual([])
    expect(diagnose(`${panic}${panic}`).before).toEqual([])
  })
})

describe('what a boot got over', () => {
  it('is not told', () => {
    expect(
      classes(`[FAILED] Failed to mount /data.\n[DEPEND] Dependency failed for Local File Systems.\n${UP}`),
    ).toEqual([])
    expect(classes(`${BOOT}error: file \`/vmlinuz' not found.\n[    0.000000] Linux version 6.1.0`)).toEqual([])
  })

  it('is told all the same where the machine is no good for it', () => {
    expect(
      classes(`[   21.100000] systemd-journald[511]: Failed to open system journal: No space left on device\n${UP}`),
    ).toEqual(['disk-full'])
    expect(classes(`[ 9000.100000] EXT4-fs (sda1): Remounting filesystem read-only\n${UP}`)).toEqual([
      'read-only-remount',
    ])
    expect(classes(`[FAILED] Failed to start OpenSSH server daemon.\n${UP}`)).toEqual(['sshd-failed'])
  })

  it('is told again where it comes back', () => {
    const failed = '[FAILED] Failed to start OpenSSH server daemon.\n'

    expect(classes(`${failed}[  OK  ] Started OpenSSH server daemon.\n`)).toEqual([])
    expect(classes(`[  OK  ] Started OpenSSH server daemon.\n${failed}`)).toEqual(['sshd-failed'])
  })

  it('is not what services say while they are stopped', () => {
    const stopping = `${UP}\n[  OK  ] Stopped target Multi-User System.\nsystemd-networkd[511]: ens3: Lost carrier\n`

    expect(classes(`${stopping}[  OK  ] Reached target Reboot.\n[   99.000000] reboot: Restarting system`)).toEqual([])
    expect(classes(stopping)).toEqual(['network-no-link'])
  })
})

describe('causes and symptoms', () => {
  it('stand in that order, whatever came first', () => {
    expect(classes(log('fstab-missing-device-oracle-linux-8'))).toEqual([
      'fstab-missing-device',
      'emergency-mode',
      'dependency-failed',
    ])
    expect(classes('grub rescue> \nerror: unknown filesystem.')).toEqual(['grub-unknown-filesystem', 'grub-rescue'])
  })

  it('are unclear where there are symptoms alone', () => {
    const confidences = (text: string) => diagnose(text).findings.map(({ confidence }) => confidence)

    expect(confidences('You are in emergency mode. After logging in')).toEqual(['unclear'])
    expect(confidences('mount: /data: bad usage\nYou are in emergency mode. After logging in')).toEqual([
      'certain',
      'certain',
    ])
  })

  it('put what stops the boot before what does not', () => {
    expect(classes('No space left on device\nYou are in emergency mode')).toEqual(['emergency-mode', 'disk-full'])
  })
})

describe('findings', () => {
  it('name each disk that is missing', () => {
    const text = ['a', 'b'].map(
      (name) =>
        `[ TIME ] Timed out waiting for device dev-sd${name}1.device.\n[DEPEND] Dependency failed for /${name}.\n`,
    )
    const { findings } = diagnose(`${text.join('')}[DEPEND] Dependency failed for Local File Systems.`)

    expect(
      findings.filter((finding) => finding.class === 'fstab-missing-device').map(({ details }) => details),
    ).toEqual([
      { device: '/dev/sda1', mount: '/a' },
      { device: '/dev/sdb1', mount: '/b' },
    ])
  })

  it('show a few lines of thousands that are alike', () => {
    const errors = Array.from({ length: 5000 }, (_, n) => `[  501.100000] I/O error, dev sdb, sector ${n}\n`)
    const [finding] = diagnose(errors.join('')).findings

    expect(finding?.evidence).toHaveLength(6)
    expect(finding?.evidence[0]?.line).toBe(1)
  })
})

describe('a log that is none', () => {
  it.each([
    ['empty', ''],
    ['empty', '\0\0\0\r\n \n'],
    ['binary', Buffer.from(Array.from({ length: 9000 }, (_, n) => (n * 7919) % 256))],
    ['no-boot', 'Dear operator,\nit does not boot.\n'],
    ['other-system', log('other-windows')],
    ['other-system', log('other-freebsd')],
  ])('is %s, and nothing is found in it', (kind, text) => {
    expect(diagnose(text)).toMatchObject({ log: kind, findings: [] })
  })

  it('names the other system', () => {
    expect(diagnose(log('other-windows')).system).toBe('Windows')
    expect(diagnose(log('other-freebsd')).system).toBe('FreeBSD')
    expect(diagnose(`${BOOT}Copyright (c) 1992-2023 The FreeBSD Project.`).log).toBe('linux')
  })

  it('shows its end to those who must look themselves', () => {
    const { lastLines } = diagnose(Array.from({ length: 100 }, (_, n) => `line ${n + 1}`).join('\n'))

    expect(lastLines).toHaveLength(24)
    expect(lastLines.at(-1)).toEqual({ line: 100, text: 'line 100' })
  })
})

describe('a line that is meant badly', () => {
  const LENGTH = 100_000
  const hostile = [
    'a',
    ' ',
    '[',
    '\u001b',
    '\u001b[',
    '\b',
    '\t',
    '\0',
    '/a',
    ': ',
    "'",
    '[0m',
    '[    1.000000] ',
    'x\n',
    '\r',
  ]

  it.each(hostile)('%j, again and again, is read to its end', (piece) => {
    const { findings } = diagnose(`${piece.repeat(LENGTH / piece.length)}\n${UP}`)

    expect(findings).toEqual([])
  })

  it('of ten megabytes, too', () => {
    expect(
      diagnose(`${'x'.repeat(10_000_000)}\n[    2.000000] Kernel panic - not syncing: Fatal exception`).findings,
    ).toHaveLength(1)
  })
})

describe('a name that systemd has cut', () => {
  it('is told by where the disk would have been mounted, so that the repair knows which it is', () => {
    const [finding] = diagnose(log('fsck-needed-of-a-data-disk-debian-12-guest')).findings

    expect(finding).toMatchObject({ class: 'fsck-needed', playbook: 'fsck', details: { mount: '/data' } })
  })
})

describe('a bad line', () => {
  it('hides a phrase that can still be read', () => {
    const text = '[ TIME ] Timd out waitng for device dev-sdb1.device.\n[DEPEND] Dependency failed for /data.\n'
    const { findings } = diagnose(
      `${text}[DEPEND] Dependency failed for Local File Systems.\nYou are in emergency mode`,
    )

    expect(findings[0]).toMatchObject({
      class: 'fstab-missing-device',
      confidence: 'likely',
      details: { mount: '/data' },
    })
    expect(findings[0]?.evidence[0]?.text).toContain('Timd out waitng')
  })

  it('is not read so where the rest of the log explains itself', () => {
    expect(classes(`Timd out waitng for device dev-sdb1.device.\n${UP}`)).toEqual([])
  })
})

describe('an SSH server that nobody starts', () => {
  const services = Array.from({ length: 10 }, (_, n) => `[  OK  ] Started Service ${n}.\n`).join('')
  const boot = (first: string, rest = '') =>
    `${first}\n[  OK  ] Reached target Basic System.\n${services}${rest}[  OK  ] Reached target Multi-User System.\n`

  it('is missed on a cloud image that tells of all its services', () => {
    expect(classes(boot('Welcome to Oracle Linux Server 9.4!'))).toEqual(['sshd-not-enabled'])
  })

  it('is not missed elsewhere, nor where it is spoken of', () => {
    expect(classes(boot('Welcome to Buildroot!'))).toEqual([])
    expect(classes(boot('Welcome to Oracle Linux Server 9.4!', '[  OK  ] Listening on ssh.socket.\n'))).toEqual([])
    expect(
      classes(`Welcome to Oracle Linux Server 9.4!\n${services}[  OK  ] Reached target Multi-User System.`),
    ).toEqual([])
  })
})
