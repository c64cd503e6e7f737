/** Disks, file systems and `/etc/fstab`. */
export const disks = {
  'disk-io-error': {
    happened: 'The disk {device} answers with errors.',
    unnamed: 'A disk answers with errors.',
    next: 'Check that its volume is attached and healthy in the OCI console; then restore it from a backup if it stays so.',
  },
  'ext4-corruption': {
    happened: 'The ext4 file system on {device} is damaged.',
    unnamed: 'An ext4 file system is damaged.',
  },
  'xfs-corruption': {
    happened: 'The XFS file system on {device} is damaged.',
    unnamed: 'An XFS file system is damaged.',
  },
  'btrfs-corruption': {
    happened: 'The btrfs file system on {device} is damaged.',
    unnamed: 'A btrfs file system is damaged.',
    next: 'Mount it read-only with `-o rescue=all` to save what is on it, and restore it from a backup.',
  },
  'fsck-needed': {
    happened: 'The file system on {device} has errors that were not repaired by themselves.',
    unnamed: 'A file system has errors that were not repaired by themselves.',
  },
  'read-only-remount': {
    happened: 'The file system on {device} can only be read since an error: nothing can be written to it.',
    unnamed: 'A file system can only be read since an error: nothing can be written to it.',
  },
  'disk-full': {
    happened: 'A disk is full: {file} could not be written.',
    unnamed: 'A disk is full.',
    next: 'Remove what can go (old logs, packages’ caches), or enlarge the volume and its file system.',
  },
  'inodes-full': {
    happened: 'A file system has no room for more files, although it may have free space.',
    next: 'Find the directory with very many small files (`du --inodes`) and remove what can go.',
  },
  'fstab-missing-device': {
    happened: 'The disk {device}, which /etc/fstab mounts at {mount}, is not there, so the boot stopped.',
    unnamed: 'A disk that is named in /etc/fstab is not there, so the boot stopped.',
  },
  'fstab-bad-option': {
    happened: '/etc/fstab mounts a disk with the option “{option}”, which its file system does not know.',
    unnamed: '/etc/fstab mounts a disk with an option that its file system does not know.',
  },
  'fstab-wrong-type': {
    happened: 'A disk has another file system than /etc/fstab says ({type}).',
    unnamed: 'A disk has another file system than /etc/fstab says.',
  },
  'fstab-malformed': {
    happened: 'Line {line} of /etc/fstab cannot be read.',
    unnamed: 'A line of /etc/fstab cannot be read.',
  },
  'fstab-mount-failed': {
    happened: 'The file system at {mount} could not be mounted, so the boot stopped.',
  },
  'network-mount-failed': {
    happened: 'The network file system at {mount} could not be mounted.',
    unnamed: 'A network file system could not be mounted.',
  },
}
