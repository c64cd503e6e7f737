/** SELinux and the audit system: both can stop a machine on purpose. */
import type { Rule } from '../rule.ts'

/** Policies that distributions ship. Another word is a typing error. */
const POLICIES = '(?:targeted|minimum|mls|strict|default|src|refpolicy(?:-\\w+)?|standard|sandbox|ubuntu|simple|vyos)'
const POLICY_FILE = String.raw`SELinux:\s+Could not (?:open|load|find|read) policy file\s*(?:<=)?\s*`
const STOPPED = [
  'systemd-frozen',
  'kernel-panic-init',
  'kernel-panic',
  'initramfs-shell',
  'dracut-timeout',
  'emergency-mode',
]

export const selinuxRules: readonly Rule[] = [
  {
    class: 'selinux-type-typo',
    severity: 'critical',
    stops: 'userland',
    signs: [
      {
        has: 'policy file',
        line: new RegExp(
          String.raw`${POLICY_FILE}(?<file>/etc/selinux/(?!${POLICIES}/)(?<type>[^/\s]+)/\S*?):?(?:\s|$)`,
        ),
      },
    ],
    explains: ['selinux-policy-missing', ...STOPPED],
    playbook: 'edit',
  },
  {
    class: 'selinux-policy-missing',
    severity: 'critical',
    stops: 'userland',
    signs: [
      { has: 'load selinux policy', line: /(?:Failed|Unable) to load SELinux [Pp]olicy/i },
      { has: 'initial selinux policy', line: /Initial SELinux policy load failed/ },
      { has: "can't load policy", line: /Can't load policy(?: and enforcing mode requested)?/ },
      { has: 'policy file', line: new RegExp(String.raw`${POLICY_FILE}(?<file>/etc/selinux/\S*?):?(?:\s|$)`) },
      {
        has: 'policy',
        line: /SELinux: .*(?:policydb .*(?:magic|version|truncated|corrupt|does not match)|failed to load policy|No policy (?:found|loaded))/i,
      },
    ],
    not: /Failed to load new SELinux policy|Continuing with old/,
    explains: STOPPED,
    playbook: 'edit',
  },
  {
    class: 'selinux-relabel-loop',
    severity: 'critical',
    stops: 'userland',
    boots: 2,
    signs: [
      { has: 'relabel is required', line: /Warning -- SELinux \S+ policy relabel is required/ },
      { has: 'relabeling could take', line: /Relabeling could take a very long time/ },
      { has: 'relabel all file', line: /(?:Starting|Failed to start) .*Relabel all file ?systems/ },
    ],
    explains: [],
    playbook: null,
  },
  {
    class: 'auditd-halt',
    severity: 'critical',
    stops: 'never',
    signs: [
      {
        has: 'audit daemon is now',
        line: /The audit daemon is now (?:halting the system|changing the system to single user mode)/,
      },
      {
        has: 'audit',
        line: /auditd?(?:\[\d+\])?: .*(?:halting (?:the )?system|will (?:now )?(?:halt|shut down) the system|changing (?:the system )?to single user)/i,
      },
      {
        has: 'killed by term signal',
        line: /^init: rc main process \(\d+\) killed by TERM signal/,
        after: /^Starting auditd:/,
        sure: 'likely',
      },
      { has: 'not syncing: audit', line: /not syncing: audit: (?<reason>.+?)(?: \]---)?$/ },
    ],
    adds: [
      {
        has: 'audit daemon',
        line: /Audit daemon (?:has no space left on logging partition|is low on disk space|is suspending logging)/,
      },
    ],
    explains: ['kernel-panic', 'emergency-mode', 'rescue-mode'],
    playbook: null,
  },
]
