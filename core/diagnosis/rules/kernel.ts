/** How a kernel ends, and what shows that it is about to. */
import type { Rule } from '../rule.ts'

/** What the kernel can do besides, said in rules of their own. */
const OTHER_PANICS =
  /VFS: Unable to mount root|Attempted to kill (?:init|the idle)|No working init found|No init found|Requested init |audit: |[Mm]achine check|hardware error|[Oo]ut of memory|deadlocked on memory|Uncorrected|Memory failure/

export const kernelRules: readonly Rule[] = [
  {
    class: 'kernel-panic-vfs',
    severity: 'critical',
    stops: 'never',
    signs: [
      { has: 'unable to mount root fs', line: /VFS: Unable to mount root fs/ },
      { has: 'cannot open root device', line: /VFS: Cannot open root device "(?<device>[^"]*)"/, sure: 'likely' },
    ],
    adds: [
      { has: 'correct "root="', line: /Please append a correct "root=" boot option/ },
      { has: "can't find any bdev", line: /Can't find any bdev filesystem to be used for mount/ },
    ],
    replaces: ['kernel-panic'],
    playbook: 'kernel',
  },
  {
    class: 'kernel-panic-hardware',
    severity: 'critical',
    stops: 'never',
    signs: [
      {
        has: 'not syncing',
        line: /not syncing: (?<reason>.*(?:[Mm]achine check|[Hh]ardware error|Uncorrected|Memory failure|NMI: IOCK|Fatal (?:local )?[Mm]achine).*?)(?: \]---)?$/,
      },
      { has: 'event severity: fatal', line: /\[Hardware Error\]: event severity: fatal/ },
      { has: 'processor context corrupt', line: /\[Hardware Error\]: .*Processor context corrupt/i },
    ],
    replaces: ['kernel-panic'],
    playbook: null,
  },
  {
    class: 'kernel-panic-oom',
    severity: 'critical',
    stops: 'never',
    signs: [{ has: 'not syncing', line: /not syncing: (?:Out of memory|System is deadlocked on memory)/i }],
    replaces: ['kernel-panic'],
    playbook: null,
  },
  {
    class: 'kernel-panic-init',
    severity: 'critical',
    stops: 'never',
    signs: [
      {
        has: 'attempted to kill',
        line: /Attempted to kill (?:init|the idle)!?(?: exitcode=(?<exitcode>0x[0-9a-f]+))?/,
      },
    ],
    replaces: ['kernel-panic'],
    playbook: null,
  },
  {
    class: 'kernel-panic',
    severity: 'critical',
    stops: 'never',
    signs: [
      { has: 'kernel panic - not sync', line: /Kernel panic - not syncing: (?<reason>.+?)(?: \]---)?$/ },
      {
        has: 'kernel panic',
        line: /^(?:---\[ end )?Kernel panic\b/,
        weak: true,
        sure: 'likely',
        with: [/not|sync|Fatal|Oops/],
      },
    ],
    not: OTHER_PANICS,
    playbook: 'kernel',
  },
  {
    class: 'init-missing',
    severity: 'critical',
    stops: 'initramfs',
    signs: [
      { has: 'no working init found', line: /No working init found/ },
      { has: 'no init found', line: /No init found\. +Try passing init=/ },
      { has: 'requested init ', line: /Requested init (?<file>\S+) failed/ },
      { has: "couldn't execute it", line: /Starting init: (?<file>\S+) exists but couldn't execute it/ },
      {
        has: 'run-init: ',
        line: /run-init: (?:can't execute '(?<file>[^']+)'|(?<program>[^:]+): (?:No such file|Permission denied|not a))/,
      },
      { has: 'requested ', line: /Target filesystem doesn't have (?:requested )?(?<file>\S+init\S*?)\.?$/ },
      { has: 'failed to execute ', line: /systemd\[1\]: Failed to execute (?<file>\/\S*(?:init|systemd)\S*?)[,:]/ },
      {
        has: 'seem to be an os tree',
        line: /(?:Specified switch root path|switch root path) '?(?<file>[^'\s]+)'? does not seem to be an OS tree/,
      },
      { has: 'failed to switch root', line: /Failed to switch root: /, weak: true },
      { has: ' find init', line: /(?:dracut|initqueue).*Can(?:not|'t) find init\b/i },
    ],
    explains: [
      'kernel-panic-init',
      'kernel-panic',
      'initramfs-shell',
      'dracut-timeout',
      'emergency-mode',
      'systemd-frozen',
    ],
    playbook: null,
  },
  {
    class: 'kernel-oops',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'bug: unable to handle',
        line: /BUG: unable to handle (?<reason>.+?)(?: at (?:virtual )?(?:address )?[0-9a-fx]+)?$/,
      },
      {
        has: 'unable to handle kernel',
        line: /Unable to handle kernel (?<reason>.+? (?:at virtual address|dereference))/,
      },
      { has: 'oops: ', line: /(?:^|: )Oops: [0-9a-f]+ \[#\d+\]/i },
      { has: 'oops: ', line: /\bOops: (?<reason>[a-z][^:]{0,100}): [0-9a-f]+ \[#\d+\]/ },
      { has: 'general protection fault', line: /general protection fault(?:,|:).*\[#\d+\]/ },
      { has: 'kernel bug at', line: /kernel BUG at (?<reason>\S+?)!?$/ },
    ],
    explains: ['kernel-panic', 'kernel-panic-init'],
    playbook: 'kernel',
  },
  {
    class: 'soft-lockup',
    severity: 'error',
    stops: 'userland',
    signs: [
      { has: 'soft lockup', line: /BUG: soft lockup - CPU#(?<cpu>\d+) stuck for (?<seconds>\d+)s!/ },
      { has: 'hard lockup', line: /Watchdog detected hard LOCKUP on cpu ?(?<cpu>\d+)/ },
      { has: 'detected stall', line: /(?:INFO: )?rcu\w* (?:self-)?detected stalls? on/ },
    ],
    explains: ['kernel-panic'],
    playbook: null,
  },
  {
    class: 'hung-task',
    severity: 'error',
    stops: 'userland',
    signs: [
      {
        has: 'blocked for more than',
        line: /task (?<task>[^\s:]+(?::[^\s:]+)*?):(?<pid>\d+) blocked for more than (?<seconds>\d+) seconds/,
      },
    ],
    explains: ['kernel-panic'],
    playbook: null,
  },
  {
    class: 'fips-check-failed',
    severity: 'critical',
    stops: 'never',
    signs: [
      {
        has: 'fips',
        line: /FIPS integrity (?:test|check) failed|FIPS(?:: | self-?)test(?:s)? failed|not syncing: .*fips_fail|alg: .* test.*failed.*FIPS|FIPS integrity$/i,
      },
    ],
    not: /FIPS integrity (?:test|check) passed/,
    explains: ['kernel-panic', 'kernel-panic-init', 'initramfs-shell', 'dracut-timeout'],
    playbook: 'kernel',
  },
]
