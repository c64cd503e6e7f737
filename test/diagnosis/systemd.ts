/** The first process. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '

export const systemdCases: Cases = {
  'default-target-missing': {
    fails: [
      `[    7.100000] systemd[1]: Failed to load default target: No such file or directory
[    7.110000] systemd[1]: Trying to load rescue target...
[    7.120000] systemd[1]: Failed to load rescue target: No such file or directory
[    7.130000] systemd[1]: Freezing execution.`,
      `[    7.100000] systemd[1]: Failed to isolate default target, freezing.`,
      `[    7.100000] systemd[1]: Unit default.target not found.`,
      `[    7.120000] systemd[1]: Failed to load rescue target: No such file or directory`,
    ],
    healthy: [`[    7.100000] systemd[1]: Queued start job for default target Multi-User System.`],
  },
  'systemd-frozen': {
    fails: [
      `[    7.100000] systemd[1]: Freezing execution.`,
      `[!!!!!!] Failed to mount API filesystems, freezing.`,
      `[    7.100000] systemd[1]: Failed to mount early API filesystems, freezing.`,
      `[    7.100000] systemd[1]: Caught <SEGV>, dumped core as pid 402.`,
      `[2024-03-16 00:00:37]Caught <ABRT>, dumped core as pid 311.
[2024-03-16 00:00:37]Freezing execution.`,
    ],
    healthy: [`[  900.100000] Freezing user space processes ... (elapsed 0.001 seconds) done.`],
  },
  'machine-id-missing': {
    fails: [
      `[    6.900000] systemd[1]: System cannot boot: Missing /etc/machine-id and /etc is mounted read-only.
[    6.900100] systemd[1]: Booting up is supported only when:
[    6.900200] systemd[1]: 1) /etc/machine-id exists and is populated.`,
      `[    6.900000] systemd[1]: Failed to set up machine id: Read-only file system`,
      `[    6.900000] systemd-journald[311]: /etc/machine-id is corrupt`,
    ],
    healthy: [
      `[    6.900000] systemd[1]: System cannot boot: Missing /etc/machine-id and /etc is mounted read-only.${COMES_UP}`,
      `[    6.900000] systemd[1]: Initializing machine ID from VM UUID.
[    6.910000] systemd[1]: Detected first boot.`,
    ],
  },
  'libc-broken': {
    fails: [
      `/sbin/init: error while loading shared libraries: libc.so.6: cannot open shared object file: No such file or directory
[    4.809070] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00007f00`,
      `/usr/lib/systemd/systemd: error while loading shared libraries: libkmod.so.2: cannot open shared object file`,
      `/bin/sh: /lib64/libc.so.6: version \`GLIBC_2.34' not found (required by /bin/sh)
libc.so.6: version \`GLIBC_2.34' not found (required by /lib64/libtinfo.so.6)`,
      `/usr/lib/systemd/systemd: symbol lookup error: /usr/lib/systemd/libsystemd-shared-252.so: undefined symbol: seccomp_api_get`,
      `/sbin/init: relocation error: /lib64/libc.so.6: symbol _dl_fatal_printf, version GLIBC_PRIVATE not defined in file ld-linux-x86-64.so.2`,
      `FATAL: kernel too old
[    1.700000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00007f00`,
      `bash: /lib64/ld-linux-x86-64.so.2: bad ELF interpreter: No such file or directory`,
    ],
    healthy: [`[    0.900000] Run /sbin/init as init process`],
  },
  'library-missing': {
    fails: [
      `sshd[901]: /usr/sbin/sshd: error while loading shared libraries: libcrypto.so.10: cannot open shared object file: No such file or directory
[FAILED] Failed to start OpenSSH server daemon.`,
      `/usr/sbin/NetworkManager: symbol lookup error: /lib64/libnm.so.0: undefined symbol: g_uri_ref`,
    ],
    healthy: [`ldconfig[211]: /sbin/ldconfig.real: Warning: ignoring configuration file that cannot be opened`],
  },
}
