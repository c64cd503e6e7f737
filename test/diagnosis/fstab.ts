/** `/etc/fstab`, and where it leaves a boot. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '
const EMERGENCY = `
You are in emergency mode. After logging in, type "journalctl -xb" to view
system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"
to boot into default mode.
Give root password for maintenance
(or press Control-D to continue): `

export const fstabCases: Cases = {
  'fstab-missing-device': {
    fails: [
      `[ TIME ] Timed out waiting for device dev-disk-by\\x2duuid-9a8b7c6d\\x2d5e4f\\x2d4a3b\\x2d8c2d\\x2d1e0f9a8b7c6d.device.
[DEPEND] Dependency failed for /data.
[DEPEND] Dependency failed for Local File Systems.
[DEPEND] Dependency failed for Relabel all filesystems, if necessary.
[  OK  ] Started Emergency Shell.
[  OK  ] Reached target Emergency Mode.${EMERGENCY}`,
      `[ TIME ] Timed out waiting for device dev-sdb1.device - /dev/sdb1.
[DEPEND] Dependency failed for data.mount - /data.`,
      `[   95.100000] systemd[1]: Job dev-mapper-datavg\\x2ddata.device/start timed out.
[   95.110000] systemd[1]: Dependency failed for /srv.
[   95.120000] systemd[1]: Dependency failed for Local File Systems.`,
      `Welcome to Oracle Linux Server 9.3!
[ TIME ] Timed out waiting for device dev-sdb1.device - /dev/sdb1.
[DEPEND] Dependency failed for data.mount - /data.${EMERGENCY}`,
      `Welcome to Oracle Linux Server 9.3!
[   95.100000] systemd[1]: Job dev-sdb1.device/start timed out.
[   95.110000] systemd[1]: Dependency failed for /data.${EMERGENCY}`,
      `mount: /data: special device /dev/sdc1 does not exist.`,
      `mount: special device /dev/sdc1 does not exist`,
      `mount: /data: can't find UUID=9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d.`,
      `[    6.200000] systemd[1]: srv-app.mount: Failed to make bind mount source '/media/app': Read-only file system
[FAILED] Failed to mount srv-app.mount - /srv/app.
[DEPEND] Dependency failed for local-fs.target - Local File Systems.`,
      `fsck.ext4: Unable to resolve 'UUID=9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d'
                                                           [FAILED]

*** An error occurred during the file system check.
*** Dropping you to a shell; the system will reboot`,
      `fsck.ext4: No such file or directory while trying to open /dev/sdb1
/dev/sdb1:
The superblock could not be read or does not describe a valid ext2/ext3/ext4`,
      `systemd-fsck[502]: Failed to stat /dev/sdb1: No such file or directory`,
      `The disk drive for /data is not ready yet or not present.
keys:Continue to wait, or Press S to skip mounting or M for manual recovery`,
      `Welcome to Oracle Linux Server 8.9!

[  OK  ] Reached target Swap.
[**    ] A start job is running for dev-disk-by\\x2duuid-9a8b7c6d.device (1min 12s / 1min 30s)`,
    ],
    healthy: [
      `[ TIME ] Timed out waiting for device dev-sdb1.device - /dev/sdb1.
[DEPEND] Dependency failed for data.mount - /data.
[  OK  ] Reached target local-fs.target - Local File Systems.
         Starting systemd-tmpfiles-setup.service - Create Volatile Files and Directories...
[  OK  ] Finished systemd-tmpfiles-setup.service - Create Volatile Files and Directories.
[  OK  ] Reached target sysinit.target - System Initialization.
[  OK  ] Reached target basic.target - Basic System.
[  OK  ] Started dbus.service - D-Bus System Message Bus.
         Starting systemd-logind.service - User Login Management...
[  OK  ] Started chronyd.service - NTP client/server.
[  OK  ] Started crond.service - Command Scheduler.`,
      `[ TIME ] Timed out waiting for device dev-ttyS0.device - /dev/ttyS0.
[DEPEND] Dependency failed for serial-getty@ttyS0.service - Serial Getty on ttyS0.`,
      `[ TIME ] Timed out waiting for device dev-sdb1.device.
[DEPEND] Dependency failed for /data.${COMES_UP}`,
      `[*     ] A start job is running for /dev/sdb1 (8s / 1min 30s)`,
    ],
  },
  'fstab-bad-option': {
    fails: [
      `[    8.100000] EXT4-fs (sdb1): Unrecognized mount option "defualts" or missing value
[FAILED] Failed to mount /data.
[DEPEND] Dependency failed for Local File Systems.`,
      `[    8.100000] BTRFS error (device sdb1): unrecognized mount option 'noatme'`,
      `[    8.100000] XFS (sdb1): unknown mount option [errors].`,
      `Welcome to Oracle Linux Server 9.4!
[    8.100000] ext4: Unknown parameter 'defualts'
[FAILED] Failed to mount data.mount - /data.
[DEPEND] Dependency failed for local-fs.target - Local File Systems.`,
      `[    3.100000] tmpfs: Bad mount option defualts
[FAILED] Failed to mount /scratch.
[DEPEND] Dependency failed for Local File Systems.`,
      `mount: /data: bad usage
Try 'mount --help' for more information.`,
      `mount: /: mount point not mounted or bad option.`,
      `[    8.100000] xfs: Bad value for 'logbufs'`,
    ],
    healthy: [
      `[    3.100000] virtio_blk: unknown parameter 'queues' ignored`,
      `[    8.100000] EXT4-fs (sdb1): mounted filesystem with ordered data mode. Opts: discard`,
    ],
  },
  'fstab-wrong-type': {
    fails: [
      `mount: /data: unknown filesystem type 'ext5'.
[FAILED] Failed to mount /data.
[DEPEND] Dependency failed for Local File Systems.`,
      `[    8.100000] EXT4-fs (sdb1): VFS: Can't find ext4 filesystem
[FAILED] Failed to mount /data.
[DEPEND] Dependency failed for Local File Systems.`,
      `[    8.100000] XFS (sdb1): Invalid superblock magic number
[FAILED] Failed to mount /data.
[DEPEND] Dependency failed for Local File Systems.`,
      `[    8.100000] FAT-fs (sda1): Can't find a valid FAT filesystem
[FAILED] Failed to mount /boot/efi.
[DEPEND] Dependency failed for Local File Systems.`,
      `mount: /data: wrong fs type, bad option, bad superblock on /dev/sdb1, missing codepage or helper program, or other error.
[FAILED] Failed to mount /data.
[DEPEND] Dependency failed for Local File Systems.`,
      `fsck.ext4: Bad magic number in super-block while trying to open /dev/sdb1`,
    ],
    healthy: [
      `[    2.100000] XFS (vdb): Invalid superblock magic number
[  OK  ] Mounted /data.`,
      `[    2.000000] EXT4-fs (vda1): VFS: Can't find ext4 filesystem
[    2.100000] XFS (vda1): Mounting V5 Filesystem`,
    ],
  },
  'fstab-malformed': {
    fails: [
      `mount: /etc/fstab: parse error at line 7 -- ignored
You are in emergency mode. After logging in, type "journalctl -xb" to view`,
      `findmnt: /etc/fstab: parse error: ignore entry at line 7.`,
      `[mntent]: line 7 in /etc/fstab is bad
*** Dropping you to a shell; the system will reboot`,
      `systemd-fstab-generator[311]: Failed to create unit file '/run/systemd/generator/data.mount', as it already exists. Duplicate entry in '/etc/fstab'?`,
      `systemd-fstab-generator[311]: Mount point dta is not a valid path, ignoring.`,
      `[    5.100000] systemd[305]: /usr/lib/systemd/system-generators/systemd-fstab-generator failed with exit status 1.`,
      `Duplicate entry in /etc/fstab?`,
    ],
    healthy: [
      `[mntent]: warning: no final newline at the end of /etc/fstab`,
      `mount: /etc/fstab: parse error at line 7 -- ignored${COMES_UP}`,
    ],
  },
  'fstab-mount-failed': {
    fails: [
      `[FAILED] Failed to mount /data.
See 'systemctl status data.mount' for details.
[DEPEND] Dependency failed for Local File Systems.`,
      `[FAILED] Failed to mount backup.mount - /backup.
See 'systemctl status backup.mount' for details.`,
      `mount: /data: mount point does not exist.
[DEPEND] Dependency failed for Local File Systems.`,
    ],
    healthy: [
      `[FAILED] Failed to mount /mnt/scratch.
See 'systemctl status mnt-scratch.mount' for details.
[  OK  ] Reached target Local File Systems.
         Starting Create Volatile Files and Directories...
[  OK  ] Started Create Volatile Files and Directories.
[  OK  ] Reached target System Initialization.
[  OK  ] Listening on D-Bus System Message Bus Socket.
[  OK  ] Reached target Sockets.
[  OK  ] Reached target Basic System.
[  OK  ] Started D-Bus System Message Bus.
[  OK  ] Started Command Scheduler.`,
      `[FAILED] Failed to mount Huge Pages File System.`,
    ],
  },
  'network-mount-failed': {
    fails: [
      `mount.nfs: Connection timed out
[FAILED] Failed to mount /mnt/files.
See 'systemctl status mnt-files.mount' for details.`,
      `mount.nfs4: Failed to resolve server files.example.internal: Name or service not known`,
      `[ *** ] A start job is running for /mnt/files (1min 21s / 1min 31s)`,
    ],
    healthy: [`mount.nfs: Connection timed out${COMES_UP}`],
  },
  'emergency-mode': {
    fails: [
      EMERGENCY,
      `Welcome to emergency mode! After logging in, type "journalctl -xb" to view`,
      `[  OK  ] Reached target Emergency Mode.`,
      `[  OK  ] Started Emergency Shell.`,
      `Press Enter for emergency shell or wait 4 minutes 59 seconds for reboot.`,
      `Press Enter for maintenance
(or press Control-D to continue): `,
      `(or type Control-D to continue): `,
      `Cannot open access to console, the root account is locked.
See sulogin(8) man page for more details.

Press Enter to continue.`,
      `*** Dropping you to a shell; the system will reboot
*** when you leave the shell.`,
      `*** Dropping you to a shell; the system will continue`,
    ],
    healthy: [`${EMERGENCY}${COMES_UP}`, `[  OK  ] Stopped target Emergency Mode.`],
  },
  'rescue-mode': {
    fails: [
      `[  OK  ] Reached target Rescue Mode.
You are in rescue mode. After logging in, type "journalctl -xb" to view
Give root password for maintenance
(or press Control-D to continue): `,
      `[  OK  ] Started rescue.service - Rescue Shell.`,
    ],
    healthy: [`You are in rescue mode. After logging in, type "journalctl -xb" to view${COMES_UP}`],
  },
  'dependency-failed': {
    fails: [
      `[DEPEND] Dependency failed for Local File Systems.`,
      `[    9.000000] systemd[1]: local-fs.target: Job local-fs.target/start failed with result 'dependency'.`,
    ],
    healthy: [
      `[DEPEND] Dependency failed for Remote File Systems.`,
      `[DEPEND] Dependency failed for Crash recovery kernel arming.`,
      `[DEPEND] Dependency failed for Local File Systems.${COMES_UP}`,
    ],
  },
  'start-job-hangs': {
    fails: [
      `[  *** ] A start job is running for Wait for Network to be Configured (2min 40s / no limit)`,
      `[  *** ] Job mysql.service/start running (3min 11s / 10min)`,
    ],
    healthy: [
      `[***   ] Job systemd-networkd.service/start running (10s / 1min 35s)`,
      `[  *** ] A start job is running for Wait for Network to be Configured (2min 40s / no limit)
[  OK  ] Reached target Network is Online.
[  OK  ] Started Command Scheduler.
[  OK  ] Reached target Multi-User System.`,
    ],
  },
}
