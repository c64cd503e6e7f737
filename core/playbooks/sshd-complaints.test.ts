import { expect, it } from 'vitest'
import { readSshdComplaints } from './sshd-complaints.ts'

it.each([
  [
    '/etc/ssh/sshd_config: line 88: Bad configuration option: PermitRootLoginn',
    { kind: 'line', path: '/etc/ssh/sshd_config', line: 88, problem: 'Bad configuration option: PermitRootLoginn' },
  ],
  [
    '/etc/ssh/sshd_config.d/50 mine.conf line 3: unsupported option "yess".',
    { kind: 'line', path: '/etc/ssh/sshd_config.d/50 mine.conf', line: 3, problem: 'unsupported option "yess".' },
  ],
  [
    "/etc/ssh/sshd_config line 9: Directive 'UsePAM' is not allowed within a Match block",
    { kind: 'line', line: 9, path: '/etc/ssh/sshd_config' },
  ],
  ['/etc/ssh/sshd_config: No such file or directory', { kind: 'no-config', path: '/etc/ssh/sshd_config' }],
  ['sshd: no hostkeys available -- exiting.', { kind: 'no-host-keys' }],
  [
    "Permissions 0644 for '/etc/ssh/ssh_host_ed25519_key' are too open.",
    { kind: 'open-host-key', path: '/etc/ssh/ssh_host_ed25519_key' },
  ],
  ['Missing privilege separation directory: /run/sshd', { kind: 'no-directory', path: '/run/sshd' }],
  [
    '/var/empty/sshd must be owned by root and not group or world-writable.\r',
    { kind: 'loose-directory', path: '/var/empty/sshd' },
  ],
  ['Privilege separation user sshd does not exist', { kind: 'no-user', user: 'sshd' }],
])('understands %s', (said, complaint) => {
  expect(readSshdComplaints(`something before\n${said}\n`)).toMatchObject([complaint])
})

it('takes for no complaint what sshd only warns of', () => {
  const said = [
    '/etc/ssh/sshd_config line 12: Deprecated option RSAAuthentication',
    '/etc/ssh/sshd_config line 79: Unsupported option GSSAPIAuthentication',
    'Could not load host key: /etc/ssh/ssh_host_dsa_key',
    '/etc/ssh/sshd_config: terminating, 1 bad configuration options',
    '',
  ]
  expect(readSshdComplaints(said.join('\n'))).toEqual([])
})
