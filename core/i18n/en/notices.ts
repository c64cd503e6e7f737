/** What a worker reports on the way, by code. One line each: it is a reply in the thread. */
export const notices = {
  'connection-active': 'The console connection is active. The serial console is open.',
  'openssh-instead':
    'My own SSH client and the console have no algorithm in common ({reason}). OpenSSH carries the line instead.',
  'line-lost': 'The line to the serial console dropped. Opening it again.',
  'line-back': 'The serial console is back. Nothing that it showed before is taken for granted.',
  'booting-once-more': 'The login prompt may have come while the line was down. Booting once more, to see it.',
  'kernel-line-edited': 'The kernel line of “{title}” is edited for this one boot, and was read back from the screen.',
  'previous-kernel': 'The kernel that was chosen in the menu is {kernel}.',
  'fstab-has-no-such-entry': 'Nothing in /etc/fstab is called {name}.',
  'sudoers-rules-aside':
    'With {path}, its rules no longer count: `{rules}`. Whoever needs them has to write them anew.',
  'sshd-list-shuts-out':
    'sshd’s configuration keeps {user} out at {place} ({setting}). What lets {user} in there would let in others, too, so it is left to you.',
  'uses-shell-there':
    'No shell of my own came up, but the boot has ended in one that is root’s already, and it is used: `{saw}`.',
  'root-entered': 'The machine’s own system, on {device}, was entered from there.',
  'shell-reached': 'A root shell has been reached, and it answers.',
  'lacks-silence': 'The kernel could not be silenced: its messages come in between.',
  'lacks-interrupt': 'Ctrl-C reaches nothing in this shell: a command that hangs cannot be stopped.',
  'lacks-sum-tool': 'This machine has no tool for checksums. The shell works them out itself, which is slow.',
  'lacks-base64': 'This machine has no base64. Output and files are written in another way, which is slower.',
  'lacks-nul-bytes': 'NUL bytes in what a command prints are left out on this machine.',
  'resetting-again':
    'The boot loader’s menu slipped by. Resetting the machine again (attempt {attempt} of {attempts} failed).',
  'match-block-passed-over':
    'sshd’s configuration has a Match block whose effect I cannot tell ({block}). It may change where keys are read from.',
  'user-refuses-login':
    'The login shell of {user} is {shell}, which refuses logins. The new key alone will not let anybody in.',
  'undo-not-possible': 'What `{command}` has done cannot be taken back. It stays.',
  'undo-leaves-directory': 'The directory `{path}`, which was made, stays.',
  'password-to-be-changed':
    '{user} has to choose another password at the first login. Until then, sudo, cron jobs and logins by key without a terminal are refused to {user}.',
  'account-expired':
    'The account of {user} expired on {since}: the new password alone will not let anybody in. The repair unlock does.',
  'shell-refuses-login':
    'The login shell of {user} is {shell}, which lets nobody in. The new password alone will not help; the repair unlock does.',
  'logins-shut-out': 'While {path} is there, only root can log in. The repair unlock moves it aside.',
  'boot-not-watched': 'The serial console is gone, so the boot cannot be watched.',
  'boot-not-seen': 'The machine was reset, but no login prompt was seen.',
  'booting-normally': 'The machine is booting normally.',
}
