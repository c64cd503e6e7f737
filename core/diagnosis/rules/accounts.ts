/** Accounts that exist and are refused, and what stands between a login and root's rights. */
import type { Rule } from '../rule.ts'

/** Modules that a server does not miss. */
const OPTIONAL_MODULES = /pam_(?:gnome_keyring|kwallet\d*|systemd_home|ecryptfs|fprintd|cifscreds)\.so/

export const accountRules: readonly Rule[] = [
  {
    class: 'nologin',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'unprivileged users are not permitted',
        line: /(?:going down|shut(?:ting)? down).*Unprivileged users are not permitted to log in/i,
      },
      {
        has: 'unprivileged users are not permitted',
        line: /booting up\. Unprivileged users are not permitted to log in yet/,
        sure: 'likely',
      },
      { has: 'permit user sessions', line: /Failed to start .*Permit User Sessions/ },
      { has: '/etc/nologin', line: /\/etc\/nologin\b|\/run\/nologin\b/, sure: 'likely' },
    ],
    not: /[Rr]emov|unlink/,
    over: [{ has: 'permit user sessions', line: /(?:Started|Finished) .*Permit User Sessions/ }],
    playbook: 'unlock',
  },
  {
    class: 'account-refused',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'account', line: /(?<!root )(?:[Tt]he a|A)ccount (?:is )?(?:temporarily )?locked(?: due to| \(|\.)/ },
      { has: 'account has expired', line: /(?:account (?<user>\S+) )?(?:[Yy]our )?account has expired/ },
      { has: 'currently not available', line: /This account is currently not available/ },
      { has: 'is locked', line: /User (?<user>(?!root\b)\S+)(?: from \S+)? not allowed because account is locked/ },
      {
        has: 'consecutive login failures',
        line: /Consecutive login failures for user (?<user>(?!root\b)\S+) account temporarily locked/,
      },
    ],
    explains: ['sshd-user-not-allowed'],
    playbook: 'unlock',
  },
  {
    class: 'pam-broken',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'unable to dlopen', line: /PAM unable to dlopen\((?<module>[^)]+)\)/ },
      { has: 'faulty module', line: /PAM adding faulty module: (?<module>\S+)/ },
      { has: 'pam failure', line: /PAM Failure, aborting: (?<reason>.+)/ },
      { has: 'module is unknown', line: /(?:login|sshd|su|sudo)(?:\[\d+\])?: .*Module is unknown|^Module is unknown$/ },
      { has: 'pam: initiali', line: /PAM: initiali[sz]ation failed/ },
      { has: 'immediate abort', line: /Critical error - immediate abort/ },
      {
        has: 'pam',
        line: /PAM \([^)]*\) (?:illegal module type|no (?:control flag|module name) supplied|unable to read)/,
      },
      {
        has: 'pam',
        line: /(?:PAM|pam)(?:_start)?[: ]+(?:pam_start|pam_acct_mgmt|pam_open_session)?.*(?:failure setting|bad jump in stack|error loading|Cannot (?:open|load) .*\.so)/,
      },
    ],
    not: OPTIONAL_MODULES,
    playbook: 'edit',
  },
  {
    class: 'sudoers-broken',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'error',
        line: /(?<file>\/etc\/sudoers(?:\.d\/[^\s:>]+)?)(?::(?<line>\d+)(?::\d+)?)?:? (?:syntax|parse) error/,
      },
      {
        has: 'error near line',
        line: /(?<file>\/etc\/sudoers(?:\.d\/[^\s:>]+)?): (?:syntax|parse) error near line (?<line>\d+)/,
      },
      {
        has: 'parse error in',
        line: /parse error in (?<file>\/etc\/sudoers(?:\.d\/\S+)?)(?: near line (?<line>\d+))?/,
      },
      { has: 'no valid sudoers sources', line: /no valid sudoers sources found/ },
      { has: 'world writable', line: /(?<file>\/etc\/sudoers(?:\.d\/\S+)?) is world writable/ },
      { has: 'should be 0', line: /(?<file>\/etc\/sudo\S+|\/usr\/bin\/sudo) is owned by (?:uid|gid) \d+, should be 0/ },
      { has: 'is mode ', line: /(?<file>\/etc\/sudoers(?:\.d\/\S+)?) is mode (?<mode>\d+), should be/ },
      { has: 'setuid bit', line: /(?<file>\/\S*sudo) must be owned by uid 0 and have the setuid bit set/ },
      {
        has: 'sudo',
        line: /sudo: (?:unable to (?:initialize policy plugin|open \/etc\/sudoers|load \/\S*sudoers\.so)|fatal error, unable to load plugins|error (?:initializing|in) .*sudoers?)/,
      },
    ],
    playbook: 'sudoers',
  },
]
