/** GRUB 2, GRUB legacy, systemd-boot. */
import type { Cases } from './cases.ts'

const KERNEL_RUNS = `
[    0.000000] Linux version 5.15.0-206.153.7.el8uek.x86_64 (mockbuild@build) (gcc 8.5.0) #2 SMP Tue May 7 09:12:44 PDT 2024
[    0.000000] Command line: BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.15.0-206 root=/dev/mapper/ocivolume-root ro`

export const bootLoaderCases: Cases = {
  'kernel-image-missing': {
    fails: [
      `  Booting \`Oracle Linux Server 8.9, with Unbreakable Enterprise Kernel 5.15.0-206'

error: ../../grub-core/fs/fshelp.c:257:file \`/vmlinuz-5.15.0-206.153.7.el8uek.x86_64' not found.
error: ../../grub-core/loader/i386/pc/linux.c:422:you need to load the kernel first.

Press any key to continue...`,
      `error: file '/boot/vmlinuz-6.1.0-18-amd64' not found.
Loading initial ramdisk ...
error: you need to load the kernel first.`,
      `error: you need to load the kernel first.

Press any key to continue...`,
      `  Booting 'Oracle Linux Server (2.6.39-400.el6uek)'

root (hd0,0)
 Filesystem type is ext2fs, partition type 0x83
kernel /vmlinuz-2.6.39-400.el6uek.x86_64 ro root=LABEL=/

Error 15: File not found

Press any key to continue...`,
      `Error loading \\EFI\\Linux\\linux-6.1.0.efi: Not Found`,
      `No loader found. Configuration files in \\loader\\entries\\*.conf are needed.`,
    ],
    healthy: [
      `error: file \`/vmlinuz-old' not found.
  Booting \`Fallback kernel'
${KERNEL_RUNS}`,
      `Found linux image: /boot/vmlinuz-6.1.0-18-amd64
Found initrd image: /boot/initrd.img-6.1.0-18-amd64`,
      `grub> linux /boot/vmlinuz-nothere
error: file \`/boot/vmlinuz-nothere' not found.`,
    ],
  },
  'kernel-image-bad': {
    fails: [
      `  Booting \`Debian GNU/Linux'

Loading Linux 6.1.0-18-amd64 ...
error: invalid magic number.
Loading initial ramdisk ...
error: you need to load the kernel first.`,
      `error: ../../grub-core/commands/file.c:57:premature end of file /boot/vmlinuz-5.4.0-150-generic.`,
      `   kernel /vmlinuz-2.6.32-754.el6.x86_64 ro root=/dev/sda2
Error 13: Invalid or unsupported executable format`,
      `Error 28: Selected item cannot fit into memory`,
      `Decompressing Linux...

invalid compressed format (err=1)

 -- System halted`,
      `Loading Linux 5.10.0 ...
invalid compressed format (err=2)`,
      `EFI stub: ERROR: Failed to decompress kernel`,
    ],
    healthy: [
      `EFI stub: ERROR: FIRMWARE BUG: kernel image not aligned on 64k boundary
EFI stub: Using DTB from configuration table
EFI stub: Exiting boot services...${KERNEL_RUNS}`,
      `Decompressing Linux... Parsing ELF... done.
Booting the kernel.${KERNEL_RUNS}`,
    ],
  },
  'initramfs-missing': {
    fails: [
      `Loading Linux 5.14.0-427.el9.x86_64 ...
Loading initial ramdisk ...
error: file \`/initramfs-5.14.0-427.el9.x86_64.img' not found.

Press any key to continue...
[    0.000000] Linux version 5.14.0-427.el9.x86_64 (mockbuild@build) #1 SMP
[    1.922311] VFS: Cannot open root device "UUID=7e1d5c3a-0b6f-4b7e-9a61-2f0c8d4e6a11" or unknown-block(0,0): error -6
[    1.923477] Please append a correct "root=" boot option; here are the available partitions:
[    1.924810] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`,
      `initrd /initramfs-2.6.32-754.el6.x86_64.img

Error 15: File not found`,
      `[    0.000000] initrd not found or empty - disabling initrd`,
      `EFI stub: ERROR: Failed to open initrd: 0x800000000000000e`,
      `Error opening initrd: Not found`,
    ],
    healthy: [
      `error: file \`/initrd.img.old' not found.
${KERNEL_RUNS}
[    2.000000] systemd[1]: Switching root.
Welcome to Oracle Linux Server 8.9!`,
      `[    0.612345] Trying to unpack rootfs image as initramfs...
[    1.301122] Freeing initrd memory: 58244K`,
    ],
  },
  'grub-out-of-memory': {
    fails: [
      `Loading initial ramdisk ...
error: out of memory.

Press any key to continue...
[    0.000000] Linux version 6.8.0-31-generic (buildd@build) #31-Ubuntu SMP
[    1.410000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)`,
      `alloc magic is broken at 0x7b1f2a60: 0
Aborted. Press any key to exit.`,
    ],
    healthy: [
      `error: out of memory.
${KERNEL_RUNS}
Welcome to Oracle Linux Server 8.9!`,
    ],
  },
  'grub-unknown-filesystem': {
    fails: [
      `GRUB loading..
Welcome to GRUB!

error: unknown filesystem.
Entering rescue mode...
grub rescue> `,
      `error: ../../grub-core/fs/xfs.c:931:not a correct XFS inode.
error: ../../grub-core/loader/efi/linux.c:205:you need to load the kernel first.`,
      `Error 17: Cannot mount selected partition

Press any key to continue...`,
    ],
    healthy: [
      `/usr/sbin/grub-probe: error: unknown filesystem.
Found linux image: /boot/vmlinuz-6.5.11-4`,
      `error: unknown filesystem.
${KERNEL_RUNS}`,
    ],
  },
  'grub-device-missing': {
    fails: [
      `error: no such device: 2c0ffee1-52f3-4d8e-9b1a-7c6d5e4f3a2b.
error: unknown filesystem.
Entering rescue mode...
grub rescue> `,
      `error: no such partition.
Entering rescue mode...
grub rescue>`,
      `error: disk \`lvmid/VGabcd-0001/LVefgh-0002' not found.
grub rescue> `,
      `Error 22: No such partition

Press any key to continue...`,
      `Error 21: Selected disk does not exist`,
    ],
    healthy: [
      `error: no such device: 2c0ffee1-52f3-4d8e-9b1a-7c6d5e4f3a2b.
  Booting a command list

Loading Linux 6.1.0-18-amd64 ...${KERNEL_RUNS}`,
    ],
  },
  'grub-read-error': {
    fails: [
      `error: attempt to read or write outside of disk \`hd0'.
error: you need to load the kernel first.

Press any key to continue...`,
      `error: ../../grub-core/disk/i386/pc/biosdisk.c:546:failure reading sector 0x1fc400 from \`hd0'.`,
      `Error 18: Selected cylinder exceeds maximum supported by BIOS`,
      `Error 25: Disk read error`,
    ],
    healthy: [
      `error: failure reading sector 0xfc from \`fd0'.
Loading Linux 6.1.0-18-amd64 ...${KERNEL_RUNS}`,
    ],
  },
  'grub-module-mismatch': {
    fails: [
      `error: symbol \`grub_calloc' not found.
Entering rescue mode...
grub rescue> `,
      `error: ../../grub-core/kern/dl.c:380:symbol 'grub_is_shim_lock_enabled' not found.
Entering rescue mode...
grub rescue>`,
      `error: invalid arch-independent ELF magic.
grub rescue> `,
      `error: version mismatch`,
    ],
    healthy: [
      `error: symbol \`grub_efi_secure_boot' not found.
${KERNEL_RUNS}`,
    ],
  },
  'grub-file-not-found': {
    fails: [
      `error: file \`/boot/grub/i386-pc/normal.mod' not found.
Entering rescue mode...
grub rescue> `,
      `error: ../../grub-core/fs/fshelp.c:257:file \`/EFI/redhat/grub.cfg' not found.

    Minimal BASH-like line editing is supported. For the first word, TAB
    lists possible command completions. Anywhere else TAB lists possible
    device or file completions.

grub> `,
    ],
    healthy: [
      `error: file \`/boot/grub/locale/en_US.gmo' not found.
error: file \`/grub2/fonts/unicode.pf2' not found.
error: no suitable video mode found.`,
      `error: file \`/boot/grub2/grubenv' not found.`,
      `error: file \`/boot/grub/x86_64-efi/part_bsd.mod' not found.

                             GNU GRUB  version 2.06`,
    ],
  },
  'grub-config-error': {
    fails: [
      `error: syntax error.
error: Incorrect command.
error: syntax error.
Syntax error at line 117
Press any key to continue...`,
      `Error 27: Unrecognized command`,
    ],
    healthy: [
      `error: can't find command \`hwmatch'.
  Booting \`Ubuntu'
${KERNEL_RUNS}`,
      `error: can't find command \`blscfg2'.

                             GNU GRUB  version 2.06`,
    ],
  },
  'grub-password': {
    fails: [
      `GRUB loading.
Welcome to GRUB!

Enter username:
`,
      `  Booting \`Debian GNU/Linux'

Enter username:
Enter password:
error: access denied.`,
      `Error 32: Must be authenticated`,
    ],
    healthy: [
      `Enter username:
root
Enter password:
${KERNEL_RUNS}`,
      `     Press enter to boot the selected OS or 'p' to enter a
     password to unlock the next set of features.`,
    ],
  },
  'grub-rescue': {
    fails: [`grub rescue> `, `Entering rescue mode...`, `Rescue mode has been disabled...`],
    healthy: [`[  OK  ] Listening on initctl Compatibility Named Pipe.\nWelcome to GRUB!`],
  },
  'grub-minimal-shell': {
    fails: [
      `                             GNU GRUB  version 2.06

   Minimal BASH-like line editing is supported. For the first word, TAB
   lists possible command completions. Anywhere else TAB lists possible
   device or file completions.

grub> `,
      `Welcome to GRUB!

grub> `,
    ],
    healthy: [
      `                             GNU GRUB  version 2.06

   Minimal BASH-like line editing is supported. For the first word, TAB
   lists possible command completions. Anywhere else TAB lists possible
   device or file completions. ESC at any time exits.

grub> `,
      `      Use the ^ and v keys to select which entry is highlighted.
grub> `,
      `   The highlighted entry will be executed automatically in 3s.
grub> `,
    ],
  },
}
