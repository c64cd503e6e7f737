/** What the person who asked, or whoever looks after the instance, can set right. */
export const operator = {
  'no-fstab': {
    happened: 'There is no file /etc/fstab on this machine.',
    next: 'Its file systems are mounted in another way. Have a look at it with the shell.',
  },
  'sudoers-gone': {
    happened: 'There is no file {path} on {instance}.',
    next: 'Write one with the shell: a line such as `root ALL=(ALL:ALL) ALL`, and `#includedir /etc/sudoers.d`.',
  },
  'sudoers-elsewhere': {
    happened: 'sudo does not understand {path}, which is none of its own files.',
    next: 'Something includes it. Look at it with the shell, or change it with `/oci-rescue edit`.',
  },
  'no-grub-config': {
    happened: 'There is no grub.cfg in /boot, so the default kernel can not be changed.',
    next: 'Its /boot may be a file system of its own that is not mounted here, or another boot loader is used.',
  },
  'no-default-entry': {
    happened: 'GRUB’s configuration has no entry for `{kernel}`, or sets its default in a way that I do not know.',
    next: 'The machine runs that kernel now. Make it the default by hand, with grub-set-default or grubby.',
  },
  'instance-not-found': {
    happened: 'There is no instance {target} that I may see.',
    next: 'Check the spelling in the OCI console, or use the OCID. If it is right, the worker’s IAM policy or its list of compartments does not cover it.',
  },
  'choice-expired': {
    happened: 'Several instances are called {target}, and nobody chose one in time.',
    next: 'Type the command again with the OCID.',
  },
  'no-such-entry': {
    happened: 'The boot loader’s menu has no entry for {wanted}. It has: {entries}.',
    next: 'Type the command again with a title from the menu.',
  },
  'ambiguous-entry': {
    happened: 'More than one entry of the boot loader’s menu can be meant by {wanted}: {entries}.',
    next: 'Type the command again with a title that only one of them begins with.',
  },
  'instance-not-running': {
    happened: '{instance} is not running: OCI says {state}.',
    next: 'Start it in the OCI console, then type the command again.',
  },
  'instance-terminated': {
    happened: '{instance} has been terminated. It cannot come back.',
    next: 'If its boot volume was kept, attach it to another instance.',
  },
  'instance-not-linux': {
    happened: '{instance} does not run Linux: its image says {os}.',
    next: 'Only Linux instances can be repaired here.',
  },
  'instance-locked': {
    happened: 'Rescue {by} is already at work on this instance.',
    next: 'Follow that one, or stop it with `/oci-rescue stop {by}`.',
  },
  'key-refused': {
    happened: 'The public key cannot be used ({why}).',
    next: 'Type the command again with another key.',
  },
  'console-key-not-rsa': {
    happened: 'OCI takes only RSA keys for its consoles, and this one is {type}.',
    next: 'Make one with `ssh-keygen -t rsa -b 3072`, then type the command again with the line of its `.pub` file.',
  },
  'password-not-entered': {
    happened: 'The boot loader asked for a password, and nobody entered it in time.',
    next: 'Type the command again when somebody is there who knows it.',
  },
  'password-unreadable': {
    happened: 'The worker could not open what was entered or sent. It was not used, and is deleted.',
    next: 'Whoever runs this bot must give the bot and all workers the same SEALING_KEY.',
  },
  'user-not-found': {
    happened: 'There is no user {user} on {instance}.',
    next: 'Type the command again with a user that exists. Oracle Linux has opc, Ubuntu has ubuntu.',
  },
  'user-without-home': {
    happened: 'The user {user} has no home directory on {instance}, so there is no place for a key.',
    next: 'Type the command again with another user.',
  },
  'no-shadow-entry': {
    happened: 'The user {user} has no line in /etc/shadow on {instance}, so no password can be set there.',
    next: 'Type the command again with another user. This one’s password is kept elsewhere, for example in a directory service.',
  },
  'no-shell': {
    happened: 'None of the shells in /etc/shells of {instance} is there, so {user} cannot be given one.',
    next: 'Look at /etc/shells and at the packages of the shells on the machine.',
  },
  'tool-missing': {
    happened: '{tool} is needed for this and is not on {instance}.',
    next: 'The system may be damaged, or too small for this repair. A root shell shows more.',
  },
  'fsck-device-missing': {
    happened: 'The file system {device}, which is to be checked, is not on any disk of {instance}.',
    next: 'Check in the OCI console that its volume is attached. If it is gone for good, `/oci-rescue fstab` lets the boot go on without it.',
  },
  'fsck-unknown-type': {
    happened: 'The file system on {device} is of the type {type}. Only ext2, ext3, ext4, XFS and FAT are mended here.',
    next: 'Nothing was changed. Its own tools know more; a btrfs is best mounted read-only, with `-o rescue=all`, to save what is on it.',
  },
  'fsck-mounted': {
    happened: '{device} is in use at {mount}, so it cannot be checked: that would damage it.',
    next: 'Nothing was changed. Attach its volume to another instance, and check it there.',
  },
  'fsck-log-dirty': {
    happened:
      'Changes are waiting in the log of the XFS file system on {device}, and the kernel cannot put them into its files. Without the log they would be lost, so the file system was not mended.',
    next: 'Make a backup of the volume first. Then somebody may decide to give the log up, by hand: `xfs_repair -L`.',
  },
  'not-mounted': {
    happened: '{device}, which /etc/fstab has at {mountPoint}, is needed for this and could not be mounted: {said}.',
    next: 'Nothing was changed. `/oci-rescue fsck` mends a damaged file system; a volume that is missing has to be attached first.',
  },
  'home-not-mounted': {
    happened: 'The home of {user} is on a file system that is not mounted in the maintenance shell.',
    next: 'Type the command again with a user whose home is on the root file system.',
  },
  'keys-file-none': {
    happened: 'sshd on {instance} is set up to read no authorized_keys file for {user}.',
    next: 'Look at AuthorizedKeysFile in sshd’s configuration. A key file would not help here.',
  },
  'keys-file-unclear': {
    happened: 'I do not understand where sshd on {instance} looks for keys: AuthorizedKeysFile is {setting}.',
    next: 'Type the command again with a user for whom it is a plain path.',
  },
  'unsafe-path': {
    happened: '{path} is {found}. Following it as root would not be safe, so I did not.',
    next: 'Type the command again with another user, log in as that one and set it right.',
  },
  'unsuitable-file': {
    happened: '{path} cannot be edited safely ({reason}).',
    next: 'Type the command again with another user, log in as that one and look at the file.',
  },
  'cannot-write': {
    happened: '{path} cannot be written ({reason}).',
    next: 'A full or broken disk, or a protected file, is the usual cause. The recording has what the machine said.',
  },
  'file-changed': {
    happened: '{path} is no longer what was shown and approved, so it was left alone.',
    next: 'Type the command again to see it as it is now.',
  },
  'text-not-sent': {
    happened: 'The file was shown, and nobody edited it in time.',
    next: 'Type the command again when somebody is there to edit it.',
  },
  'edit-secret': {
    happened: '{path} holds secrets, such as hashes of passwords or a private key. It is not shown to anybody.',
    next: 'For a lost password or key there are `reset-password` and `replace-key`.',
  },
  'edit-not-there': {
    happened: 'There is no {path} in the maintenance shell.',
    next: 'Check the spelling. A file system that is mounted later, such as a separate /boot, is not there yet.',
  },
  'edit-link': {
    happened: '{path} leads to {target}, out of the tree it stands in, so it was not followed.',
    next: 'Type the command again with the path that it leads to, if that is the file that was meant.',
  },
  'edit-not-a-file': {
    happened: '{path} is a directory, a device or the like, not a file.',
    next: 'Type the command again with the path of a file.',
  },
  'edit-too-large': {
    happened: '{path} has {kilobytes} KiB. A file that is edited has 1,024 at the most.',
    next: 'It can be changed with `shell`, line by line, for example with sed.',
  },
  'edit-not-text': {
    happened: '{path} is not text that a form would give back as it is.',
    next: 'It can be changed with `shell`.',
  },
  'backup-gone': {
    happened: 'The backup of {path} is gone, or is another file: it should be `{backup}`. So nothing was taken back.',
    next: 'Whoever removed it may know what stood there. The thread of the first rescue shows what was changed.',
  },
  'backup-differs': {
    happened: 'There is another file where the backup should go: {path}.',
    next: 'Type the command again: a new rescue takes a new name for it.',
  },
  'key-not-accepted': {
    happened: 'The file is in place, but sshd on {instance} does not accept the new key for {user}.',
    next: 'Look at sshd’s configuration (AllowUsers, AuthorizedKeysFile) and at its log.',
  },
  'console-busy': {
    happened: 'Somebody else has the serial console of {instance}. OCI lets in one at a time.',
    next: 'Ask them to close it, or delete their console connection in OCI. Then type the command again.',
  },
  'console-connection-exists': {
    happened: '{instance} has a console connection already that is not ours. OCI allows one.',
    next: 'Delete it in the OCI console (Console connection, on the instance’s page), then type the command again.',
  },
  'debts-left': {
    happened: 'Something could not be undone: {owed} ({reason}).',
    next: 'Look at {instance} in the OCI console: boot it if it is down, and delete what stands above of its console connection and console history.',
  },
}
