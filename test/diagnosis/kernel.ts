/** The kernel's ends. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '

export const kernelCases: Cases = {
  'kernel-panic-vfs': {
    fails: [
      `[    1.610000] VFS: Cannot open root device "UUID=77aa88bb-1122-4c3d-9e4f-5a6b7c8d9e0f" or unknown-block(0,0): error -6
[    1.611000] Please append a correct "root=" boot option; here are the available partitions:
[    1.612000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
[    1.613000] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 5.15.0-206.153.7.el8uek.x86_64 #2
[    1.614000] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---`,
      `[    1.610000] VFS: Cannot open root device "sdz1" or unknown-block(0,0): error -19`,
      `[    5.024308] Kernel panic - not syncing: VFS: Unable to mount root fs on "/dev/sdz9" or unknown-block(8,145)`,
    ],
    healthy: [`[    3.400000] EXT4-fs (vda1): mounted filesystem with ordered data mode. Quota mode: none.`],
  },
  'kernel-panic-hardware': {
    fails: [
      `[  812.100000] mce: [Hardware Error]: CPU 3: Machine Check Exception: 5 Bank 4: b200000000070f0f
[  812.200000] Kernel panic - not syncing: Fatal machine check on current CPU`,
      `[  812.200000] {1}[Hardware Error]: event severity: fatal`,
      `[  812.300000] mce: [Hardware Error]: Processor context corrupt`,
    ],
    healthy: [
      `[  812.100000] mce: [Hardware Error]: Machine check events logged`,
      `[  812.100000] {1}[Hardware Error]: event severity: corrected`,
      `[    0.200000] mce: CPU supports 10 MCE banks`,
    ],
  },
  'kernel-panic-oom': {
    fails: [
      `[   44.100000] Kernel panic - not syncing: System is deadlocked on memory`,
      `[   44.100000] Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled`,
    ],
    healthy: [`[    0.100000] Memory: 15887212K/16776680K available`],
  },
  'kernel-panic-init': {
    fails: [
      `[    4.809070] Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b
[    4.809100] CPU: 1 PID: 1 Comm: systemd Not tainted 5.4.17-2136.el8uek.x86_64 #2`,
    ],
    healthy: [`[    1.900000] Run /sbin/init as init process${COMES_UP}`],
  },
  'kernel-panic': {
    fails: [
      `[   99.100000] Kernel panic - not syncing: Fatal exception in interrupt
[   99.200000] Rebooting in 10 seconds..`,
      `[   99.100000] Kernel panic - not syncing: softlockup: hung tasks`,
      `[   99.100000] Kernel panic - not`,
    ],
    healthy: [`[    0.000000] Kernel command line: root=/dev/sda1 panic=30 softlockup_panic=1`, `* kernel.panic = 10`],
  },
  'init-missing': {
    fails: [
      `[    2.100000] Kernel panic - not syncing: No working init found.  Try passing init= option to kernel. See Linux Documentation/admin-guide/init.rst for guidance.`,
      `Target filesystem doesn't have requested /sbin/init.
No init found. Try passing init= bootarg.

(initramfs) `,
      `No init found. Try passing init= bootarg.`,
      `[    2.100000] Kernel panic - not syncing: Requested init /bin/bsah failed (error -2).`,
      `[    2.000000] Starting init: /sbin/init exists but couldn't execute it (error -8)`,
      `run-init: can't execute '/sbin/init': No such file or directory`,
      `run-init: /sbin/init: No such file or directory`,
      `[    7.100000] systemd[1]: Failed to execute /sbin/init, giving up: No such file or directory`,
      `[    7.100000] systemctl[502]: Failed to switch root: Specified switch root path '/sysroot' does not seem to be an OS tree. os-release file is missing.
Generating "/run/initramfs/rdsosreport.txt"`,
      `[    7.100000] systemd[1]: Failed to switch root: Invalid argument`,
      `dracut: Can't find init!`,
    ],
    healthy: [
      `[    1.900000] Run /init as init process`,
      `run-init: /bin/bsah: No such file or directory
Target filesystem doesn't have requested /bin/bsah.
Welcome to Debian GNU/Linux 12 (bookworm)!`,
    ],
  },
  'kernel-oops': {
    fails: [
      `[   61.100000] BUG: unable to handle kernel NULL pointer dereference at 0000000000000018`,
      `[   61.100000] BUG: unable to handle page fault for address: ffffa1b2c3d4e5f6`,
      `[   61.100000] Unable to handle kernel paging request at virtual address ffff00001a2b3c4d`,
      `[   61.200000] Oops: 0002 [#1] SMP PTI`,
      `[   61.200000] Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1] PREEMPT SMP`,
      `[   61.200000] general protection fault: 0000 [#1] SMP NOPTI`,
      `[   61.100000] kernel BUG at fs/inode.c:611!`,
    ],
    healthy: [
      `[   61.100000] traps: python3[2211] general protection fault ip:7f12 sp:7ffd error:0 in libc-2.28.so`,
      `[   61.100000] WARNING: CPU: 0 PID: 1 at drivers/firmware/efi/memattr.c:98 efi_memattr_apply_permissions+0x2b1`,
    ],
  },
  'soft-lockup': {
    fails: [
      `[  912.100000] watchdog: BUG: soft lockup - CPU#2 stuck for 23s! [kworker/2:1:118]`,
      `[  912.100000] Watchdog detected hard LOCKUP on cpu 3`,
      `[  912.100000] rcu: INFO: rcu_sched detected stalls on CPUs/tasks:`,
      `[  912.100000] INFO: rcu_preempt self-detected stall on CPU { 1}`,
    ],
    healthy: [
      `[    0.150000] NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.`,
      `[    0.150000] NMI watchdog: Perf NMI watchdog permanently disabled`,
      `[   25.100000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [modprobe:411]${COMES_UP}`,
    ],
  },
  'hung-task': {
    fails: [`[  369.100000] INFO: task jbd2/dm-0-8:611 blocked for more than 122 seconds.`],
    healthy: [
      `[  130.100000] INFO: task systemd-udevd:402 blocked for more than 120 seconds.${COMES_UP}`,
      `[  369.100000] "echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.`,
    ],
  },
  'fips-check-failed': {
    fails: [
      `dracut: FATAL: FIPS integrity test failed
dracut: Refusing to continue
[    5.100000] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100`,
    ],
    healthy: [
      `dracut-pre-pivot[511]: FIPS integrity test passed`,
      `[    0.600000] alg: self-tests for rsa using pkcs1pad passed (fips)`,
    ],
  },
}
