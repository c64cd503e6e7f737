/** dracut, initramfs-tools, systemd in an initramfs. */
import type { Cases } from './cases.ts'

const COMES_UP = `
[    9.100000] systemd[1]: Switching root.
Welcome to Oracle Linux Server 9.4!
app-7 login: `

export const initramfsCases: Cases = {
  'module-blacklisted': {
    fails: [
      `[    0.000000] Command line: BOOT_IMAGE=/vmlinuz-5.15.0 root=UUID=3f1d8e52-9c4b-4a7e-8d21-6b5a4c3d2e1f ro modprobe.blacklist=nouveau,virtio_scsi console=ttyS0
[  184.200000] dracut-initqueue[341]: Warning: dracut-initqueue timeout - starting timeout scripts
[  184.210000] dracut-initqueue[341]: Warning: Could not boot.`,
      `[    1.700000] Module virtio_blk is blacklisted
ALERT!  UUID=3f1d8e52-9c4b-4a7e-8d21-6b5a4c3d2e1f does not exist.  Dropping to a shell!`,
      `[    0.000000] Kernel command line: root=/dev/sda1 ro module_blacklist=mlx5_core
[FAILED] Failed to start LSB: Bring up/down networking.`,
      `[    2.000000] Module virtio_net is blacklisted
No DHCPOFFERS received.`,
    ],
    healthy: [
      `[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=UUID=3f1d8e52-9c4b-4a7e-8d21-6b5a4c3d2e1f rd.driver.blacklist=nouveau modprobe.blacklist=nouveau`,
      `[    0.023787] Kernel command line: root=/dev/vda1 module_blacklist=mlx5_ib,mlx5_core${COMES_UP}`,
      `systemd-modules-load[231]: Module 'lp' is deny-listed (by kmod)`,
    ],
  },
  'initramfs-corrupt': {
    fails: [
      `[    0.912345] Initramfs unpacking failed: ZSTD-compressed data is corrupt
[    1.610000] VFS: Cannot open root device "UUID=5a4b3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d" or unknown-block(0,0): error -6
[    1.612345] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`,
      `[    1.800889] RAMDISK: EOF while reading compressed data
[    1.800892] uncompression error
[    1.810000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`,
      `[    1.800892] uncompression error`,
      `error: premature end of file /initramfs-5.14.0-427.el9.x86_64.img.`,
      `[    0.700000] rootfs image is not initramfs (no cpio magic); looks like an initrd
[    1.710000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(1,0)`,
    ],
    healthy: [
      `[    0.512345] Initramfs unpacking failed: Decoding failed
[    0.812345] Freeing initrd memory: 61440K
[    1.900000] Run /init as init process${COMES_UP}`,
    ],
  },
  'lvm-volume-missing': {
    fails: [
      `[  131.500000] dracut-initqueue[402]:   Volume group "ocivolume" not found
[  131.510000] dracut-initqueue[402]:   Cannot process volume group ocivolume
[  191.700000] dracut-initqueue[402]: Warning: /dev/mapper/ocivolume-root does not exist
[  191.710000] dracut-initqueue[402]: Warning: /dev/ocivolume/root does not exist
         Starting Dracut Emergency Shell...`,
      `  Cannot process volume group vg_main`,
      `  Failed to find logical volume "ocivolume/root"`,
      `[  190.000000] dracut-initqueue[402]: Warning: /dev/mapper/ol-root does not exist`,
      `ALERT!  /dev/mapper/vg0-root does not exist.  Dropping to a shell!`,
      `  Couldn't find device with uuid kX3vQm-9fT1-ab2C-dE4f-Gh5I-jK6l-Mn7OpQ.`,
      `  Refusing activation of partial LV vg0/root.  Use '--activationmode partial' to override.`,
      `  WARNING: VG vg0 is missing PV kX3vQm-9fT1-ab2C-dE4f-Gh5I-jK6l-Mn7OpQ (last written to /dev/sdb).`,
    ],
    healthy: [
      `Begin: Running /scripts/local-block ...   Volume group "vg0" not found
  Cannot process volume group vg0
done.
Begin: Running /scripts/local-bottom ... done.${COMES_UP}`,
      `  2 logical volume(s) in volume group "ocivolume" now active`,
    ],
  },
  'iscsi-boot-failed': {
    fails: [
      `iscsistart: cannot make a connection to 169.254.0.2:3260 (-1,101)
iscsistart: initiator reported error (8 - connection timed out)
dracut-initqueue[350]: Warning: dracut-initqueue timeout - starting timeout scripts`,
      `dracut-initqueue[350]: Warning: iscsiroot: login to iqn.2015-02.oracle.boot:uefi failed`,
    ],
    healthy: [`iscsistart: Logging into iqn.2015-02.oracle.boot:uefi 169.254.0.2:3260,1`],
  },
  'raid-not-assembled': {
    fails: [
      `[    2.310000] md/raid1:md127: not enough operational mirrors.
[    2.311000] md: pers->run() failed ...
Gave up waiting for root file system device.  Common problems:`,
      `[    2.310000] md/raid:md5: not enough operational devices (2/4 failed)`,
      `[    2.310000] md/raid:md0: cannot start dirty degraded array.`,
      `mdadm: /dev/md/data assembled from 1 drive - not enough to start the array.`,
      `mdadm: failed to RUN_ARRAY /dev/md0: Input/output error`,
      `[    2.400000] md/raid:md0: failed to run raid set.`,
    ],
    healthy: [
      `[    1.546487] md/raid1:md127: active with 2 out of 2 mirrors`,
      `mdadm: No arrays found in config file or automatically`,
      `mdadm: CREATE group disk not found`,
    ],
  },
  'raid-degraded': {
    fails: [
      `mdadm: /dev/md/boot has been started with 1 drive (out of 2).`,
      `[    1.546487] md/raid1:md127: active with 1 out of 2 mirrors`,
      `[ 8123.100000] md/raid1:md0: Disk failure on sdb1, disabling device.`,
      `A DegradedArray event had been detected on md device /dev/md0.`,
    ],
    healthy: [`mdadm: /dev/md/boot has been started with 2 drives.`],
  },
  'luks-waiting': {
    fails: [
      `         Starting Cryptography Setup for luks-4d3c2b1a-0f9e-4d8c-b7a6-5f4e3d2c1b0a...
Please enter passphrase for disk BlockVolume (luks-4d3c2b1a-0f9e-4d8c-b7a6-5f4e3d2c1b0a)!:`,
      `Please unlock disk vda3_crypt: `,
      `Enter passphrase for /dev/sda3: `,
      `cryptsetup: ERROR: vda3_crypt: cryptsetup failed, bad password or options?`,
      `No key available with this passphrase.`,
      `[   ***] A start job is running for Cryptography Setup for luks-data (2min 12s / no limit)`,
      `[FAILED] Failed to start Cryptography Setup for cryptdata.`,
    ],
    healthy: [
      `Please enter passphrase for disk BlockVolume (luks-root): 
[  OK  ] Finished Cryptography Setup for luks-root.${COMES_UP}`,
      `[  OK  ] Finished Cryptography Setup for luks-root.`,
    ],
  },
  'root-device-missing': {
    fails: [
      `Begin: Waiting for root file system ... done.
Gave up waiting for root file system device.  Common problems:
 - Boot args (cat /proc/cmdline)
 - Missing modules (cat /proc/modules; ls /dev)
ALERT!  UUID=0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e does not exist.  Dropping to a shell!

(initramfs) `,
      `Gave up waiting for root device.  Common problems:`,
      `[  191.200000] dracut-initqueue[372]: Warning: Could not boot.
[  191.210000] dracut-initqueue[372]: Warning: /dev/disk/by-uuid/0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e does not exist
         Starting Dracut Emergency Shell...
Generating "/run/initramfs/rdsosreport.txt"`,
      `dracut Warning: No root device "block:/dev/disk/by-uuid/0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e" found
dracut Warning: Boot has failed. To debug this issue add "rdshell" to the kernel command line.`,
      `dracut: FATAL: No or empty root= argument
dracut: Refusing to continue`,
      `dracut: FATAL: Don't know how to handle 'root=LABLE=root'`,
      `ERROR: device 'UUID=0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e' not found. Skipping fsck.
ERROR: Unable to find root device 'UUID=0b1c2d3e-4f5a-4b6c-8d7e-9f0a1b2c3d4e'.
You are being dropped to a recovery shell`,
      `ERROR: Unable to find root device ''.`,
      `[ TIME ] Timed out waiting for device dev-disk-by\\x2duuid-0b1c2d3e.device - /dev/disk/by-uuid/0b1c2d3e.
[DEPEND] Dependency failed for sysroot.mount - /sysroot.
[DEPEND] Dependency failed for initrd-root-fs.target - Initrd Root File System.
[DEPEND] Dependency failed for initrd-root-device.target - Initrd Root Device.`,
      `[   92.300000] systemd[1]: Job dev-disk-by\\x2dlabel-ROOT.device/start timed out.
[   92.310000] systemd[1]: Dependency failed for /sysroot.`,
      `[DEPEND] Dependency failed for Initrd Root Device.`,
      `[    3.120000] systemd[1]: Running in initrd.
[ TIME ] Timed out waiting for device /dev/disk/by-partuuid/7c1d5e90-2b64-4f0a-9a3d-58e1f4c6b702.
[DEPEND] Dependency failed for Integrity Protection Setup for /dev/mapper/usr.
[  OK  ] Reached target Emergency Mode.`,
      `dracut-initqueue[329]: Warning: /lib/dracut/hooks/initqueue/finished/devexists-\\x2fdev\\x2fdisk\\x2fby-uuid\\x2f0b1c2d3e.sh: "[ -e "/dev/disk/by-uuid/0b1c2d3e" ]"
dracut-initqueue[329]: Warning: dracut-initqueue: starting timeout scripts
dracut-initqueue[329]: Warning: Could not boot.`,
      `[    0.000000] Linux version 6.1.0
         Starting dracut initqueue hook...
[    3.100000] dracut-initqueue[300]: waiting
[  *** ] A start job is running for /dev/disk/by-uuid/0b1c2d3e (1min 12s / no limit)`,
      `[    2.500000] Waiting for root device /dev/vdz1...`,
    ],
    healthy: [
      `[    0.000000] Linux version 6.1.0
dracut-initqueue[300]: Warning: dracut-initqueue timeout - starting timeout scripts
[  OK  ] Found device /dev/mapper/ocivolume-root.${COMES_UP}`,
      `Begin: Waiting for root file system ... Begin: Running /scripts/local-block ... done.
done.`,
    ],
  },
  'root-mount-failed': {
    fails: [
      `[FAILED] Failed to mount /sysroot.
See 'systemctl status sysroot.mount' for details.
[DEPEND] Dependency failed for Initrd Root File System.`,
      `mount: mounting /dev/vda1 on /root failed: Invalid argument
No init found. Try passing init= bootarg.`,
      `[    6.100000] mount[411]: mount: /sysroot: wrong fs type, bad option, bad superblock on /dev/sda3, missing codepage or helper program, or other error.`,
      `dracut: Failed to mount root fs`,
    ],
    healthy: [`[  OK  ] Mounted /sysroot.`, `[  OK  ] Mounted sysroot.mount - /sysroot.`],
  },
  'dracut-timeout': {
    fails: [
      `[  131.900000] dracut-initqueue[402]: Warning: dracut-initqueue timeout - starting timeout scripts
[  192.400000] dracut-initqueue[402]: Warning: Could not boot.
         Starting Dracut Emergency Shell...`,
      `[  201.200000] dracut-initqueue[543]: Warning: dracut-initqueue: timeout, still waiting for following initqueue hooks:`,
      `[  192.400000] dracut-initqueue[402]: Warning: Could not boot.`,
      `dracut Warning: Boot has failed. To debug this issue add "rdshell" to the kernel command line.`,
    ],
    healthy: [
      `[  131.900000] dracut-initqueue[402]: Warning: dracut-initqueue timeout - starting timeout scripts${COMES_UP}`,
    ],
  },
  'initramfs-shell': {
    fails: [
      `         Starting Dracut Emergency Shell...`,
      `Generating "/run/initramfs/rdsosreport.txt"

Entering emergency mode. Exit the shell to continue.
Type "journalctl" to view system logs.`,
      `Entering emergency mode. Exit the shell to continue.`,
      `Dropping to a shell!`,
      `Dropping to debug shell.

sh: can't access tty; job control turned off`,
      `You are now being dropped into an emergency shell.`,
      `BusyBox v1.35.0 (Debian 1:1.35.0-4) built-in shell (ash)
Enter 'help' for a list of built-in commands.

(initramfs) `,
      `dracut:/# `,
    ],
    healthy: [
      `[    0.000000] Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda1 rd.break
Generating "/run/initramfs/rdsosreport.txt"
Entering emergency mode. Exit the shell to continue.`,
      `Welcome to Oracle Linux Server 8.9 dracut-049-228.git20230802.0.1.el8 (Initramfs)!`,
    ],
  },
}
