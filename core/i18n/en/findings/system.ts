/** The system's own start: modes, systemd, SELinux, the cloud's agent, the clock. */
export const system = {
  'emergency-mode': {
    happened: 'The boot stopped in emergency mode, where nobody can log in over the network.',
    next: 'The log does not say why. In that mode `journalctl -xb` and `systemctl --failed` tell more.',
  },
  'rescue-mode': {
    happened: 'The machine is in rescue mode, where nobody can log in over the network.',
    next: 'If nobody asked for it: `systemctl get-default` and the kernel line tell who did.',
  },
  'dependency-failed': {
    happened: 'Something that the boot depends on failed: {unit}.',
    next: 'The log does not say what. `systemctl --failed` in the emergency shell tells it.',
  },
  'start-job-hangs': {
    happened: 'The boot has waited for {waited} for {unit}.',
    next: 'It may still go on by itself. If it does not, what it waits for is missing.',
  },
  'selinux-type-typo': {
    happened: 'SELinux is set to a policy that does not exist: “{type}”.',
  },
  'selinux-policy-missing': {
    happened: 'SELinux is enforced and its policy could not be loaded, so the boot was stopped.',
  },
  'selinux-relabel-loop': {
    happened: 'The machine writes SELinux’s labels anew at each boot and reboots before it is done, again and again.',
    next: 'Remove /.autorelabel and boot once with `enforcing=0`; a full disk is a usual cause.',
  },
  'auditd-halt': {
    happened: 'The audit system stopped the machine, as it is set to when it cannot write its log.',
    next: 'Free space for /var/log/audit, or change what auditd does when it has none (auditd.conf).',
  },
  'default-target-missing': {
    happened: 'systemd does not find the target that it should boot into.',
    next: 'From a rescue system, link /etc/systemd/system/default.target to multi-user.target again.',
  },
  'systemd-frozen': {
    happened: 'systemd gave up and stands still.',
    next: 'The lines before it tell why. Nothing but a reset ends it.',
  },
  'machine-id-missing': {
    happened: '/etc/machine-id is missing or cannot be read.',
  },
  'libc-broken': {
    happened: 'A library that every program needs is missing or damaged: {library}.',
    unnamed: 'A library that every program needs is missing or does not fit.',
    next: 'Attach the boot volume to another instance and put the package (glibc) there in order, or restore a backup.',
  },
  'library-missing': {
    happened: 'A program does not start because its library {library} is missing or does not fit.',
    next: 'Install the package that has it again.',
  },
  'cloud-init-failed': {
    happened: 'cloud-init failed: {unit}. Keys, users or the network may not be set up.',
    unnamed: 'cloud-init failed. Keys, users or the network may not be set up.',
    next: 'On the machine, /var/log/cloud-init.log tells why. In OCI, check that the metadata service is reachable.',
  },
  'clock-wrong': {
    happened: 'The machine’s clock is far off ({time}).',
    unnamed: 'The machine’s clock is far off.',
    next: 'Certificates and tokens fail with it. Check chronyd or ntpd, and that 169.254.169.254 can be reached.',
  },
}
