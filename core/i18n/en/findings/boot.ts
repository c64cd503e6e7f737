/** From the firmware to the initramfs. */
const volumeElsewhere = 'Attach the boot volume to another instance and repair it there.'

export const boot = {
  'no-bootable-device': {
    happened: 'The firmware found no disk that it can boot from.',
    next: `Check in the OCI console that the boot volume is attached. If it is, its boot loader is gone: ${volumeElsewhere.toLowerCase()}`,
  },
  'secure-boot-refused': {
    happened:
      'Secure Boot refused to start the boot loader or the kernel, because it is not signed with a key that it trusts.',
    next: 'Boot an older kernel that is signed, or install the signed packages (shim, GRUB, kernel) again from a rescue system.',
  },
  'boot-loader-missing': {
    happened: 'The first boot loader runs, but GRUB, which it should start ({file}), is not on the disk.',
    unnamed: 'The first boot loader runs, but GRUB, which it should start, is not on the disk.',
    next: `${volumeElsewhere} GRUB must be installed again.`,
  },
  'kernel-image-missing': {
    happened: 'The boot loader does not find the kernel {file}.',
    unnamed: 'The boot loader has no kernel to start.',
  },
  'kernel-image-bad': {
    happened: 'The kernel file {file} is damaged.',
    unnamed: 'The kernel file is damaged: it cannot be started.',
  },
  'initramfs-missing': {
    happened: 'The initramfs {file} is missing, so the kernel starts and cannot mount its disk.',
    unnamed: 'The initramfs is missing, so the kernel starts and cannot mount its disk.',
  },
  'grub-out-of-memory': {
    happened: 'The boot loader ran out of memory while it loaded the kernel or its initramfs.',
  },
  'grub-unknown-filesystem': {
    happened:
      'The boot loader cannot read the file system that its files are on: it is damaged, or of a kind that it does not know.',
    next: `${volumeElsewhere} Check the file system of /boot there.`,
  },
  'grub-device-missing': {
    happened: 'The boot loader looks for a disk or partition that is not there: {device}.',
    unnamed: 'The boot loader looks for a disk or partition that is not there.',
    next: `${volumeElsewhere} The boot loader must be installed again, or its configuration name the right disk.`,
  },
  'grub-read-error': {
    happened: 'The boot loader cannot read from the disk.',
    next: `${volumeElsewhere} The disk may be shorter than its file system, or damaged.`,
  },
  'grub-module-mismatch': {
    happened: 'The boot loader and its modules are of different versions ({symbol} is missing), so it does not start.',
    unnamed: 'The boot loader and its modules are of different versions, so it does not start.',
    next: `${volumeElsewhere} GRUB must be installed again on the disk itself (grub-install).`,
  },
  'grub-file-not-found': {
    happened: 'The boot loader does not find its own file {file}.',
    next: `${volumeElsewhere} GRUB must be installed again, or its configuration be written again.`,
  },
  'grub-config-error': {
    happened: 'The boot loader’s configuration has an error that it stops at.',
    next: `${volumeElsewhere} Write the configuration again with grub2-mkconfig or update-grub.`,
  },
  'grub-password': {
    happened: 'The boot loader asks for a user name and a password before it boots.',
    next: 'Somebody who knows the boot loader’s password must enter it on the serial console.',
  },
  'grub-rescue': {
    happened: 'The boot loader stopped at its rescue prompt: it cannot load the rest of itself.',
    next: `${volumeElsewhere} The boot loader must be installed again.`,
  },
  'grub-minimal-shell': {
    happened: 'The boot loader stopped at its command line: it found no menu to boot from.',
    next: `Its configuration file (grub.cfg) is missing or empty. ${volumeElsewhere}`,
  },
  'module-blacklisted': {
    happened: 'The kernel is told not to load {module}, which this machine needs.',
  },
  'initramfs-corrupt': {
    happened: 'The initramfs is damaged: the kernel cannot unpack it.',
  },
  'lvm-volume-missing': {
    happened: 'The LVM volume {volume} was not found.',
    unnamed: 'A disk of an LVM volume group is missing.',
  },
  'iscsi-boot-failed': {
    happened: 'The machine could not reach its boot volume over iSCSI.',
    next: 'Check that the boot volume is attached, then the instance’s network; an earlier kernel may have the driver that is missing.',
  },
  'raid-not-assembled': {
    happened: 'The RAID array {device} could not be started: too few of its disks are there.',
    unnamed: 'A RAID array could not be started: too few of its disks are there.',
    next: 'Check that all volumes are attached. From the emergency shell `mdadm --assemble --run` starts an array with those that are there.',
  },
  'raid-degraded': {
    happened: 'The RAID array {device} runs without all of its disks.',
    next: 'Attach the missing volume, or replace the failed one with `mdadm --add`.',
  },
  'luks-waiting': {
    happened: 'The boot waits for the passphrase of the encrypted disk {device}.',
    unnamed: 'The boot waits for the passphrase of an encrypted disk.',
    next: 'Somebody who knows it must enter it on the serial console.',
  },
  'root-device-missing': {
    happened: 'The boot did not find the disk with the root file system: {device}.',
    unnamed: 'The boot did not find the disk with the root file system.',
  },
  'root-mount-failed': {
    happened: 'The root file system is there and could not be mounted.',
    next: 'The log does not say why. Look at the lines before it, and check the file system from a rescue system.',
  },
  'dracut-timeout': {
    happened: 'The initramfs waited for something, most often the root disk, until its time was up.',
    next: 'The log does not say what was missing. Compare `root=` and `rd.lvm.lv=` of the kernel line with the disks that are there.',
  },
  'initramfs-shell': {
    happened: 'The boot stopped in the shell of the initramfs, before the system’s own disk was mounted.',
    next: 'The log does not say why. `/oci-rescue shell` and the repairs work from there, if the disk can be mounted; `cat /proc/cmdline` and `blkid` tell more.',
  },
}
