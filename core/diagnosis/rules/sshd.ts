/** The SSH server: why it does not run, or runs and lets nobody in. */
import type { Pattern, Rule } from '../rule.ts'

const UNIT = String.raw`(?:sshd?\.service - )?(?:OpenSSH (?:server|Daemon)|OpenBSD Secure Shell server)`
/** It runs after all: systemd tries again when a configuration has been put right. */
const UP: readonly Pattern[] = [
  { has: 'started ', line: new RegExp(`Started ${UNIT}|Started sshd?\\.service`) },
  { has: 'server listening on ', line: /sshd\[\d+\]: Server listening on / },
  { has: 'starting sshd', line: /^Starting sshd: *\[ *OK/ },
]
const CONFIG_FILE = String.raw`(?<file>/etc/ssh/sshd_config(?:\.d/[^\s:]+)?)`

export const sshdRules: readonly Rule[] = [
  {
    class: 'sshd-config-error',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'sshd_config', line: new RegExp(String.raw`${CONFIG_FILE}:? line (?<line>\d+): (?<problem>.+)`) },
      {
        has: 'sshd_config',
        line: new RegExp(
          String.raw`${CONFIG_FILE}:? line (?<line>\d+):? (?<problem>(?:[Ii]nvalid|[Bb]ad|[Mm]issing|[Uu]nknown|keyword|no argument).+)`,
        ),
      },
      {
        has: 'bad configuration option',
        line: new RegExp(String.raw`${CONFIG_FILE}: terminating, \d+ bad configuration option`),
      },
      {
        has: 'sshd_config',
        line: new RegExp(`${CONFIG_FILE}: (?<problem>No such file or directory|Permission denied)`),
      },
    ],
    // These it says and goes on.
    not: /[Dd]eprecated option|Unsupported option|rexec line|reprocess config|ssh_config:/,
    over: UP,
    explains: ['sshd-failed'],
    playbook: 'sshd',
  },
  {
    class: 'sshd-host-keys-missing',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'no hostkeys available', line: /no hostkeys available ?-- ?exiting/ },
      {
        has: 'server key generation',
        line: /Failed to start .*OpenSSH.*(?:Server )?Key Generation/i,
        sure: 'likely',
        weak: true,
      },
    ],
    adds: [
      { has: 'host key', line: /(?:Could not load|Unable to load) host key:? "?(?<file>\/etc\/ssh\/[^"\s]+)"?/ },
      {
        has: 'error loading host key',
        line: /error: (?:Error loading|Unable to load) host key "?(?<file>\/etc\/ssh\/[^"\s]+)"?/i,
      },
    ],
    over: UP,
    explains: ['sshd-failed'],
    playbook: 'sshd',
  },
  {
    class: 'sshd-wrong-modes',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'are too open', line: /Permissions (?<mode>0?\d+) for ["'](?<file>[^"']+)["'] are too open/ },
      { has: 'unprotected private key file', line: /UNPROTECTED PRIVATE KEY FILE/ },
      {
        has: 'must be owned by root',
        line: /(?:sshd\[\d+\]: |^)(?:fatal: )?(?<file>\/\S*(?:sshd|ssh)\S*) must be owned by root and not group or world-writable/,
      },
      {
        has: 'bad ownership or modes',
        line: /bad ownership or modes for (?:file|directory|chroot directory(?: component)?)(?: "?(?<file>\/[^"\s]+)"?)?/,
      },
      { has: 'ignore key', line: /bad permissions: ignore key: (?<file>\S+)/ },
    ],
    explains: ['sshd-failed', 'sshd-host-keys-missing'],
    playbook: 'sshd',
  },
  {
    class: 'sshd-privilege-separation',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'privilege separation', line: /[Mm]issing privilege separation directory: (?<file>\S+)/ },
      { has: 'privilege separation user', line: /Privilege separation user (?<user>\S+) does not exist/ },
    ],
    over: UP,
    explains: ['sshd-failed'],
    playbook: 'sshd',
  },
  {
    class: 'sshd-cannot-bind',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'cannot bind any address', line: /fatal: Cannot bind any address/ },
      { has: 'bind to port', line: /Bind to port (?<port>\d+) on \S+ failed: (?<reason>Permission denied)/ },
      { has: 'failed to listen on', line: /Failed to listen on .*(?:OpenBSD Secure Shell|OpenSSH).*[Ss]ocket/ },
    ],
    // With addresses of both kinds the second one is taken already, and that is as it should be.
    adds: [{ has: 'bind to port', line: /Bind to port (?<port>\d+) on \S+ failed: (?<reason>[^.]+)/ }],
    over: UP,
    explains: ['sshd-failed'],
    playbook: 'sshd',
  },
  {
    class: 'sshd-port-changed',
    severity: 'warning',
    stops: 'never',
    signs: [
      {
        has: 'server listening on ',
        line: /sshd\[\d+\]: Server listening on \S+ port (?<port>(?!22\b)\d+)/,
        sure: 'likely',
      },
    ],
    unless: [{ has: 'server listening on ', line: /sshd\[\d+\]: Server listening on \S+ port 22\b/ }],
    playbook: 'sshd',
  },
  {
    class: 'sshd-not-enabled',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'sshd_not_to_be_run', line: /sshd_not_to_be_run/ },
      { has: 'secure shell server', line: /OpenBSD Secure Shell server was skipped/ },
      { has: 'openssh server daemon', line: /OpenSSH server daemon was skipped/ },
      { has: 'ssh', line: /\bsshd?\.service(?: -[^:]*)?(?::|) (?:is masked|is disabled|not found|could not be found)/ },
    ],
    over: UP,
    playbook: 'sshd',
  },
  {
    class: 'sshd-user-not-allowed',
    severity: 'error',
    stops: 'never',
    each: 'user',
    signs: [
      {
        has: 'not allowed because',
        // Everybody in the world tries root.
        line: /User (?<user>(?!root\b)\S+) from \S+ not allowed because (?<reason>not listed|listed|none of|a group|not in any).*/,
        sure: 'likely',
      },
    ],
    unless: [{ has: 'accepted ', line: /sshd\[\d+\]: Accepted (?:publickey|password|keyboard)/ }],
    playbook: 'sshd',
  },
  {
    class: 'sshd-failed',
    severity: 'error',
    stops: 'never',
    signs: [
      { has: 'failed to start', line: new RegExp(`Failed to start ${UNIT}|Failed to start sshd?\\.service`) },
      { has: 'failed with result', line: /sshd?\.service: Failed with result/ },
      { has: 'entered failed state', line: /Unit sshd?\.service entered failed state/ },
      { has: 'starting ', line: /^Starting (?:sshd|OpenBSD Secure Shell server).*(?:\[ *FAILED *\]|failed!)/i },
      { has: 'systemctl status ssh', line: /See '?systemctl status sshd?\.service/, after: /Failed to start/ },
      { has: 'start request repeated', line: /sshd?\.service: Start request repeated too quickly/ },
    ],
    over: UP,
    playbook: 'sshd',
  },
]
