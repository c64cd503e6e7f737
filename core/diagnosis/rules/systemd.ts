/** The first process and what it needs: its target, its identity, its libraries. */
import type { Rule } from '../rule.ts'

const INIT_DIES = ['kernel-panic-init', 'kernel-panic', 'init-missing', 'systemd-frozen', 'emergency-mode']
/** Libraries without which nothing at all runs. */
const BASIC_LIBRARY = String.raw`(?:lib(?:c|m|dl|rt|pthread|gcc_s|selinux|cap|crypt|tinfo|systemd-\w+)|ld-linux[\w-]*)(?:-[\d.]+)?\.so[\w.]*`

export const systemdRules: readonly Rule[] = [
  {
    class: 'default-target-missing',
    severity: 'critical',
    stops: 'userland',
    signs: [
      {
        has: 'default target',
        line: /Failed to (?:load|start|isolate) default target(?:: (?<reason>.+?))?,?(?: freezing)?\.?$/i,
      },
      {
        has: 'default.target',
        line: /(?:Unit default\.target (?:not found|failed to load)|default\.target: (?:Failed to load|No such file)|Failed to load default\.target)/,
      },
      { has: 'rescue target', line: /Failed to (?:load|start|isolate) rescue target/ },
    ],
    explains: ['systemd-frozen', 'rescue-mode', 'emergency-mode'],
    playbook: null,
  },
  {
    class: 'systemd-frozen',
    severity: 'critical',
    stops: 'never',
    signs: [
      { has: 'freezing execution', line: /(?:^|systemd\[1\]: )Freezing execution/ },
      { has: '!!!!!!', line: /\[!!!!!!\] ?(?<reason>.+?)(?:[,.] [Ff]reezing)?\.?$/ },
      { has: 'freezing', line: /systemd\[1\]: (?<reason>.+?)[.,] [Ff]reezing\.?$/ },
      { has: 'caught <', line: /(?:^|systemd\[1\]: )Caught <(?<signal>\w+)>, / },
    ],
    playbook: null,
  },
  {
    class: 'machine-id-missing',
    severity: 'critical',
    stops: 'userland',
    signs: [
      { has: 'missing /etc/machine-id', line: /System cannot boot: Missing \/etc\/machine-id/ },
      {
        has: 'machine',
        line: /Failed to (?:set up|initialize|write|read|commit|get|determine) (?:transient )?machine[ -]?id/i,
      },
      { has: 'machine-id', line: /\/etc\/machine-id.*(?:is invalid|is corrupt|malformed|not valid)/i },
    ],
    adds: [{ has: 'booting up is supported only when', line: /Booting up is supported only when/ }],
    explains: ['systemd-frozen', 'emergency-mode'],
    playbook: 'edit',
  },
  {
    class: 'libc-broken',
    severity: 'critical',
    stops: 'userland',
    signs: [
      {
        has: 'error while loading shared libraries',
        line: new RegExp(
          String.raw`(?:(?<![\w./()-])(?<program>[\w./()-]+): )?error while loading shared libraries: (?<library>${BASIC_LIBRARY})`,
        ),
      },
      {
        has: 'error while loading shared libraries',
        line: /(?<program>(?:\/(?:usr\/)?(?:s?bin|lib\/systemd)\/)?(?:init|systemd|sh|bash|dash)): error while loading shared libraries: (?<library>[^:\s]+)/,
      },
      { has: 'glibc_', line: /(?<library>libc\.so\.6): version [`'](?<version>GLIBC_[^']+)' not found/ },
      {
        has: 'symbol lookup error',
        line: /(?<program>\/(?:usr\/)?(?:s?bin|lib\/systemd)\/(?:init|systemd|sh|bash)\b.*?): symbol lookup error/,
      },
      {
        has: 'relocation error',
        line: /(?<program>[\w./-]+): relocation error: .*(?<library>(?:libc|ld-linux)[\w.-]*\.so[\w.]*)/,
      },
      { has: 'kernel too old', line: /^FATAL: kernel too old/ },
      {
        has: 'ld-linux',
        line: /(?<library>\/lib(?:64)?\/ld-linux[\w.-]*\.so\.\d): (?:No such file|bad ELF|cannot open|Permission denied)/,
      },
    ],
    explains: INIT_DIES,
    playbook: null,
  },
  {
    class: 'library-missing',
    severity: 'error',
    stops: 'never',
    signs: [
      {
        has: 'error while loading shared libraries',
        line: /(?:(?<![\w./()-])(?<program>[\w./()-]+): )?error while loading shared libraries: (?<library>[^:\s]+)/,
      },
      { has: 'symbol lookup error', line: /(?<program>[\w./-]+): symbol lookup error: (?<library>[^:\s]+)/ },
    ],
    not: new RegExp(`shared libraries: ${BASIC_LIBRARY}|(?:^|/)(?:init|systemd|sh|bash|dash): (?:error while|symbol)`),
    explains: ['sshd-failed', 'network-manager-error', 'cloud-init-failed'],
    playbook: null,
  },
]
