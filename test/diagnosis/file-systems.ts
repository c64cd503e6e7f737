/** Disks and file systems. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '

export const fileSystemCases: Cases = {
  'disk-io-error': {
    fails: [
      `[  501.100000] blk_update_request: I/O error, dev sdb, sector 204848 op 0x0:(READ) flags 0x80700 phys_seg 4 prio class 0
[  501.200000] Buffer I/O error on dev sdb1, logical block 25350, async page read`,
      `[  501.100000] I/O error, dev vda, sector 2048 op 0x1:(WRITE) flags 0x0 phys_seg 1 prio class 2`,
      `[  501.200000] Buffer I/O error on device dm-2, logical block 12`,
      `[  501.300000] sd 2:0:0:2: rejecting I/O to offline device`,
      `[  501.400000] nvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0xffff`,
      `[  501.400000] nvme nvme0: Removing after probe failure status: -19`,
      `[  501.400000] nvme nvme0: Device not ready; aborting reset, CSTS=0x1`,
      `[  501.100000] end_request: I/O error, dev xvda, sector 4195328`,
    ],
    healthy: [
      `[    3.100000] blk_update_request: I/O error, dev fd0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 0
[    3.200000] Buffer I/O error on dev fd0, logical block 0, async page read`,
      `[    3.100000] I/O error, dev sr0, sector 0 op 0x0:(READ) flags 0x80700 phys_seg 1 prio class 2`,
      `[    3.100000] critical target error, dev sdb, sector 0 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 0`,
      `[   13.838390] blk_update_request: I/O error, dev mmcblk0rpmb, sector 0`,
      `[    1.600000] nvme nvme0: 2/0/0 default/read/poll queues`,
    ],
  },
  'ext4-corruption': {
    fails: [
      `[   12.100000] EXT4-fs error (device sda1): ext4_lookup:1706: inode #131: comm systemd: deleted inode referenced: 2211
[   12.200000] EXT4-fs (sda1): Remounting filesystem read-only`,
      `[    3.100000] EXT4-fs (vda1): error loading journal
mount: mounting /dev/vda1 on /root failed: Invalid argument`,
      `[    3.100000] JBD2: no valid journal superblock found`,
      `fsck.ext4: Superblock invalid, trying backup blocks...`,
    ],
    healthy: [
      `[    3.100000] EXT4-fs (vda1): recovery complete
[    3.200000] EXT4-fs (vda1): mounted filesystem with ordered data mode. Opts: (null)`,
      `[    3.100000] EXT4-fs (vda1): orphan cleanup on readonly fs
[    3.110000] EXT4-fs (vda1): 4 orphan inodes deleted`,
      `[    3.000000] EXT4-fs (vda1): couldn't mount as ext3 due to feature incompatibilities`,
      `[    3.000000] EXT4-fs (vda1): warning: mounting fs with errors, running e2fsck is recommended`,
      `[    3.000000] EXT4-fs (vda1): re-mounted. Opts: discard,errors=remount-ro`,
    ],
  },
  'xfs-corruption': {
    fails: [
      `[    6.100000] XFS (dm-0): Metadata corruption detected at xfs_agi_verify+0x12a/0x170 [xfs], xfs_agi block 0x2
[    6.110000] XFS (dm-0): Unmount and run xfs_repair
[FAILED] Failed to mount /sysroot.
[DEPEND] Dependency failed for Initrd Root File System.`,
      `[    6.100000] XFS (sda3): metadata I/O error in "xfs_read_agf+0x77/0xe0 [xfs]" at daddr 0x387601 len 1 error 74`,
      `[    6.100000] XFS (sda3): log mount/recovery failed: error -117
[    6.110000] XFS (sda3): log mount failed`,
      `Corruption of in-memory data detected. Shutting down filesystem`,
    ],
    healthy: [
      `[    6.100000] XFS (dm-0): Mounting V5 Filesystem
[    6.200000] XFS (dm-0): Starting recovery (logdev: internal)
[    6.900000] XFS (dm-0): Ending recovery (logdev: internal)`,
      `[    6.200000] XFS (dm-0): Ending clean mount`,
      `[    6.200000] XFS (sda1): Deprecated V4 format (crc=0) will not be supported after September 2030.`,
    ],
  },
  'btrfs-corruption': {
    fails: [
      `[    6.100000] BTRFS error (device sda2): parent transid verify failed on 30457856 wanted 1042 found 1039
[    6.200000] BTRFS error (device sda2): open_ctree failed`,
      `[    6.200000] BTRFS: open_ctree failed`,
      `[    6.100000] BTRFS critical (device vda2 state E): corrupt leaf: root=5 block=30556160 slot=3`,
    ],
    healthy: [`[    6.100000] BTRFS info (device sda2): using crc32c (crc32c-intel) checksum algorithm`],
  },
  'fsck-needed': {
    fails: [
      `systemd-fsck[411]: /dev/sdb1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.
systemd-fsck[411]: 	(i.e., without -a or -p options)
systemd-fsck[405]: fsck failed with exit status 4.
[FAILED] Failed to start File System Check on /dev/sdb1.
[DEPEND] Dependency failed for /data.
[DEPEND] Dependency failed for Local File Systems.`,
      `fsck exited with status code 4
The root filesystem on /dev/vda1 requires a manual fsck`,
      `systemd-fsck[405]: fsck failed with error code 12.`,
      `[FAILED] Failed to start systemd-fsck@dev-disk-by\\x2duuid-77aa.service - File System Check on /dev/disk/by-uuid/77aa.`,
      `[FAILED] Failed to start systemd-fs…21809-63b0-409d-acfa-85e115ab6a58.
See 'systemctl status "systemd-fsck@dev…\\x2d85e115ab6a58.service"' for details.
[DEPEND] Dependency failed for data.mount - /data.`,
      `*** An error occurred during the file system check.
*** Dropping you to a shell; the system will reboot
*** when you leave the shell.`,
      `File system check of the root filesystem failed. The root filesystem needs manual maintenance.`,
    ],
    healthy: [
      `systemd-fsck[411]: /dev/sdb1: recovering journal
systemd-fsck[411]: /dev/sdb1: clean, 1211/655360 files, 91122/2621440 blocks`,
      `/dev/vda1 contains a file system with errors, check forced.
/dev/vda1: 40211/655360 files (0.2% non-contiguous), 611240/2621184 blocks`,
      `systemd-fsck[405]: fsck failed with exit status 1.`,
    ],
  },
  'read-only-remount': {
    fails: [
      `[ 9000.100000] EXT4-fs (sda1): Remounting filesystem read-only${COMES_UP}`,
      `[ 9000.100000] Aborting journal on device sda1-8.`,
      `[ 9000.100000] BTRFS info (device sda2): forced readonly`,
      `[ 9000.100000] XFS (sda3): Filesystem has been shut down due to log error (0x2).`,
      `[FAILED] Failed to start Remount Root and Kernel File Systems.`,
    ],
    healthy: [
      `[  OK  ] Finished Remount Root and Kernel File Systems.`,
      `[    4.100000] EXT4-fs (vda1): re-mounted. Opts: errors=remount-ro. Quota mode: none.`,
      `[    4.100000] EXT4-fs (vda1): mounted filesystem with ordered data mode, read-only`,
    ],
  },
  'disk-full': {
    fails: [
      `[   21.100000] systemd-journald[511]: Failed to open system journal: No space left on device`,
      `rsyslogd: file '/var/log/messages'[9] write error - see https://www.rsyslog.com/solving-rsyslog-write-errors/ for help OS error: No space left on device [v8.2102.0]`,
      `cloud-init[901]: OSError: [Errno 28] No space left on device${COMES_UP}`,
      `auditd[712]: Audit daemon has no space left on logging partition`,
      `/var: file system is full`,
      `tee: write error: disk full`,
    ],
    healthy: [
      `systemd[1]: Failed to add /run/systemd/ask-password to directory watch: No space left on device`,
      `systemd-boot-random-seed.service: Failed to write 'LoaderSystemToken' EFI variable: No space left on device`,
      `kdump.sh[311]: cp: error writing '/sysroot/var/crash/vmcore': No space left on device`,
      `[    0.700000] pci 0000:00:1e.0: BAR 13: no space for [io  size 0x1000]`,
    ],
  },
  'inodes-full': {
    fails: [`mktemp: /tmp: out of inodes`, `[ 9000.100000] vfs: inode table full`],
    healthy: [`/dev/sda1: clean, 1211/655360 files, 91122/2621440 blocks`],
  },
}
