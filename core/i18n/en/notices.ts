/** What a worker reports on the way, by code. One line each: it is a reply in the thread. */
export const notices = {
  'connection-active': 'The console connection is active. The serial console is open.',
  'grub-caught': 'The boot loader (GRUB) has been caught before it started the system.',
  'kernel-line-edited': 'The kernel line was edited for this one boot, and read back from the screen.',
  'shell-reached': 'A root shell has been reached, and it answers.',
  'resetting-again': 'The boot loader slipped by. Resetting the machine once more.',
  'waiting-for-console': 'Somebody else has the serial console. Waiting for it to be free.',
  'booting-normally': 'The machine is booting normally.',
}
