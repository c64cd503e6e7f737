/**
 * Accounts that exist and are refused, and rights that sudo no longer gives. Not among them: /etc/nologin, which systemd
 * removes at each boot (systemd-user-sessions.service(8)).
 */
import type { Way } from './way.ts'

/** Of the password `oci-rescue`, as `openssl passwd -6` writes it. */
const PASSWORD_HASH =
  '$6$rescue4opc$le5RQmGOBSn1zMjfFc.t1t2ZZuVDCwgTmNMZDtlBi7ZQuCrZUA0TDYyeDZ/k/p6VLedd70n/Kbz79QAra5c2g0'

const RULE = '/etc/sudoers.d/90-cloud-init-users'

export const ACCOUNT_WAYS = {
  'account-locked': {
    what: 'the account of opc is locked, and sshd asks no PAM that would let its keys pass',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      await root.replace('/etc/shadow', /^opc:[^:]*:/m, `opc:!${PASSWORD_HASH}:`)
      await root.replace('/etc/ssh/sshd_config', /^UsePAM yes$/m, 'UsePAM no')
    },
  },
  'account-expired': {
    what: 'the account of opc has expired',
    ends: 'login-prompt',
    // The eighth field of shadow(5): a day, counted from 1970.
    damage: ({ root }) => root.replace('/etc/shadow', /^(opc:(?:[^:]*:){6})[^:]*:/m, '$120000:'),
  },
  'no-shell': {
    what: 'the shell of opc is nologin',
    ends: 'login-prompt',
    damage: ({ root }) => root.replace('/etc/passwd', /^(opc:.*:)[^:]*$/m, '$1/usr/sbin/nologin'),
  },
  'shell-missing': {
    what: 'the shell of opc is not installed',
    ends: 'login-prompt',
    damage: ({ root }) => root.replace('/etc/passwd', /^(opc:.*:)[^:]*$/m, '$1/usr/bin/zsh'),
  },
  faillock: {
    what: 'pam_faillock counted three wrong passwords of opc, and keeps it locked over boots',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      await root.replace('/etc/shadow', /^opc:[^:]*:/m, `opc:${PASSWORD_HASH}:`)
      await root.write('/etc/security/faillock.conf', 'deny = 3\nunlock_time = 0\ndir = /var/lib/faillock\n')
      await root.replace(
        '/etc/pam.d/common-auth',
        /^auth\t\[success=1 default=ignore\]\tpam_unix\.so.*$/m,
        FAILLOCK_AUTH,
      )
      await root.append('/etc/pam.d/common-account', 'account\trequired\t\t\tpam_faillock.so\n')
      await root.makeFolder('/var/lib/faillock')
      await root.write('/var/lib/faillock/opc', threeFailures())
      await root.chmod('/var/lib/faillock/opc', 0o600)
    },
  },
  'sudoers-syntax': {
    what: 'the rule that makes opc an administrator lacks a parenthesis',
    ends: 'login-prompt',
    damage: ({ root }) => root.replace(RULE, 'ALL=(ALL)', 'ALL=(ALL'),
  },
  'sudoers-modes': {
    what: 'everybody may write to /etc/sudoers, so sudo reads no rule at all',
    ends: 'login-prompt',
    damage: ({ root }) => root.chmod('/etc/sudoers', 0o666),
  },
  'sudoers-owner': {
    what: '/etc/sudoers and the rule of opc belong to opc, so sudo reads neither',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      await root.chown('/etc/sudoers', 1000, 1000)
      await root.chown(RULE, 1000, 1000)
    },
  },
} as const satisfies Record<string, Way>

/** The order of pam_faillock(8): asked before the password is, told when it was wrong. */
const FAILLOCK_AUTH = [
  'auth\trequisite\t\t\tpam_faillock.so preauth',
  'auth\t[success=2 default=ignore]\tpam_unix.so nullok',
  'auth\t[default=die]\t\t\tpam_faillock.so authfail',
].join('\n')

/** pam_faillock's `struct tally`, three times: where from (52 bytes), nothing, what it is, when. */
function threeFailures(): Buffer {
  const tallies = [0, 10, 20].map((seconds) => {
    const tally = Buffer.alloc(64)
    tally.write('ttyS0', 'latin1')
    // TALLY_STATUS_VALID and TALLY_STATUS_TTY.
    tally.writeUInt16LE(0x1 | 0x4, 54)
    tally.writeBigUInt64LE(BigInt(1_760_000_000 + seconds), 56)
    return tally
  })
  return Buffer.concat(tallies)
}
