/** SELinux and auditd. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '
const RELABEL = `
[    0.000000] Linux version 5.14.0-427.el9.x86_64 (mockbuild@build) #1 SMP
*** Warning -- SELinux targeted policy relabel is required.
*** Relabeling could take a very long time, depending on file
*** system size and speed of hard drives.
`

export const selinuxCases: Cases = {
  'selinux-type-typo': {
    fails: [
      `[    7.100000] SELinux: Could not open policy file <= /etc/selinux/targetted/policy/policy.33:  No such file or directory
[    7.110000] systemd[1]: Failed to load SELinux policy.
[!!!!!!] Failed to load SELinux policy.
[    7.120000] systemd[1]: Freezing execution.`,
    ],
    healthy: [`[    7.100000] SELinux:  policy capability network_peer_controls=1`],
  },
  'selinux-policy-missing': {
    fails: [
      `[    7.100000] systemd[1]: Failed to load SELinux policy. Freezing.`,
      `[!!!!!!] Failed to load SELinux policy, freezing.`,
      `dracut: SELinux: Could not open policy file <= /etc/selinux/targeted/policy/policy.24:  No such file or directory
/sbin/load_policy: Can't load policy and enforcing mode requested: No such file or directory
dracut Warning: Initial SELinux policy load failed.
dracut FATAL: Initial SELinux policy load failed. Machine in enforcing mode. To disable selinux, add selinux=0 to the kernel command line.`,
      `/sbin/load_policy:  Can't load policy:  No such file or directory`,
      `Unable to load SELinux Policy. Machine is in enforcing mode. Halting now.
[    4.100000] Kernel panic - not syncing: Attempted to kill init!`,
      `[    7.100000] SELinux: Could not open policy file <= /etc/selinux/targeted/policy/policy.33:  No such file or directory`,
      `[    7.100000] SELinux: policydb version 35 does not match my version range 15-33`,
    ],
    healthy: [
      `[    7.100000] SELinux: Could not open policy file <= /etc/selinux/targeted/policy/policy.33:  No such file or directory${COMES_UP}`,
      `[  388.400000] systemd[1]: Failed to load new SELinux policy. Continuing with old policy.`,
      `[    7.400000] systemd[1]: Successfully loaded SELinux policy in 512.310ms.`,
      `[    7.300000] audit: type=1404 audit(1715000000.100:2): enforcing=1 old_enforcing=0 auid=4294967295 ses=4294967295 enabled=1 old-enabled=1 lsm=selinux res=1`,
    ],
  },
  'selinux-relabel-loop': {
    fails: [
      `${RELABEL}[   61.000000] reboot: Restarting system${RELABEL}`,
      `[    0.000000] Linux version 5.4.17
         Starting Relabel all filesystems...
[   61.000000] reboot: Restarting system
[    0.000000] Linux version 5.4.17
         Starting Relabel all filesystems...`,
    ],
    healthy: [
      RELABEL,
      `${RELABEL}[   61.000000] reboot: Restarting system
[    0.000000] Linux version 5.14.0-427.el9.x86_64 (mockbuild@build) #1 SMP${COMES_UP}`,
    ],
  },
  'auditd-halt': {
    fails: [
      `auditd[712]: Audit daemon is low on disk space for logging
auditd[712]: The audit daemon is now halting the system`,
      `auditd[712]: audit daemon: disk full, halting the system`,
      `Bringing up interface eth0:  [  OK  ]
Starting auditd: type=1305 audit(1500420382.015:3): audit_pid=1626 old=0 auid=4294967295 ses=4294967295 res=1
init: rc main process (1341) killed by TERM signal
[  OK  ]`,
      `[  212.100000] Kernel panic - not syncing: audit: backlog limit exceeded`,
    ],
    healthy: [
      `[  212.100000] audit: audit_backlog=65 > audit_backlog_limit=64
[  212.100100] audit: backlog limit exceeded`,
      `[   12.300000] audit: type=1300 audit(1715000000.300:11): arch=c000003e syscall=59 success=no res=0`,
      `auditd[712]: Init complete, auditd 3.1.2 listening for events (startup state enable)`,
    ],
  },
}
