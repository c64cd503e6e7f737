/** The kernel's own end, and memory. */
export const kernel = {
  'kernel-panic-vfs': {
    happened:
      'The kernel stopped: it could not mount a root file system. Its initramfs is missing or has no driver for the disk.',
  },
  'kernel-panic-hardware': {
    happened: 'The kernel stopped because the hardware reported an error that cannot be corrected.',
    next: 'Stop the instance and start it again: it comes up on another host. Report it to Oracle with the evidence.',
  },
  'kernel-panic-oom': {
    happened: 'The kernel stopped because no memory was left and nothing could be ended to free some.',
    next: 'Give the instance a larger shape, or boot without what takes the memory.',
  },
  'kernel-panic-init': {
    happened: 'The kernel stopped because the first process (init, systemd) ended.',
    next: 'The lines before it may tell why: a library, SELinux, or a damaged file system.',
  },
  'kernel-panic': {
    happened: 'The kernel stopped with a panic: {reason}.',
    unnamed: 'The kernel stopped with a panic.',
  },
  'init-missing': {
    happened: 'The root file system has no program to start the system with: {file}.',
    unnamed: 'The root file system has no program to start the system with.',
    next: 'It may be the wrong disk, or files of it are gone. Check `root=` and `init=` of the kernel line, then the disk.',
  },
  'kernel-oops': {
    happened: 'The kernel ran into an error of its own: {reason}.',
    unnamed: 'The kernel ran into an error of its own.',
  },
  'soft-lockup': {
    happened: 'A processor did nothing else for {seconds} seconds: the kernel hung.',
    unnamed: 'A processor hung in the kernel.',
    next: 'On a host that is too busy this passes by itself. If it does not, reboot the instance and try an earlier kernel.',
  },
  'hung-task': {
    happened: 'The process {task} has waited for more than {seconds} seconds, most often for a disk.',
    next: 'Check the volumes’ state and performance in the OCI console.',
  },
  'fips-check-failed': {
    happened: 'The check of the kernel that FIPS mode demands failed, so the boot was stopped.',
  },
  'hugepages-exhaust-memory': {
    happened: 'Huge pages take most of the memory ({pages} pages of {size}), and too little is left for the system.',
    unnamed: 'Huge pages take most of the memory, and too little is left for the system.',
  },
  'out-of-memory': {
    happened: 'Memory ran out, and the kernel ended {process}.',
    unnamed: 'Memory ran out.',
    next: 'Find out what takes the memory, give the instance a larger shape, or add swap.',
  },
}
