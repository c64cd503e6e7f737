/** Why a playbook wants a change, by code. Each stands behind “Why:”, and several follow one another: no capital, no full stop. */
export const reasons = {
  'keys-directory': 'sshd looks for the keys of {user} here',
  'keys-directory-elsewhere': 'sshd looks for keys here',
  'keys-directory-private': 'only {user} may enter it',
  'keys-directory-open': 'sshd refuses the keys of {user} while others can write here',
  'key-there-already': '{fingerprint} is in it already; its mode or owner is wrong',
  'key-added': 'adds {fingerprint} to the keys of {user}',
  'key-only': '{fingerprint} becomes the only key of {user}',
  'new-password': '{user} gets a new password, to log in at the console',
  'default-kernel': '{kernel} becomes the kernel that boots by itself',
  'edited-by-hand': 'edited by hand',

  'as-before': 'it is as it was before {rescue}',
  'not-there-before': 'it was not there before {rescue}',
  'password-as-before': 'the password of {user} is as it was before {rescue}',
  'takes-back': 'takes back `{command}`, which {rescue} has run',

  'password-locked': 'the password of {user} is locked',
  'locked-without-pam':
    'without PAM, sshd refuses also the keys of {user} while the password is locked; there is none to unlock',
  'account-expired': 'the account expired on {since}',
  'password-too-old':
    'the password is from {since} and had to be changed after {days} days; it counts as new from today',
  'shell-refuses-logins': 'the login shell of {user} is {shell}, which refuses logins',
  'shell-not-there': 'the login shell of {user} is {shell}, which is not there',
  'only-root-may-log-in': 'while it is there, only root can log in',
  'failed-logins-counted': 'failed logins of {user} are counted, and may shut the account',

  'fsck-errors':
    'the file system on {device} has errors; those that can be mended without losing anything are mended, at others it stops',
  'fsck-errors-left':
    'errors are left on {device} that cannot be mended without a risk; every question is answered with yes: damaged files may be cut, deleted, or moved to lost+found',
  'fsck-xfs-errors':
    'the XFS file system on {device} has errors; damaged files and directories may be emptied, or moved to lost+found; its log stays',
  'fsck-log-to-replay':
    'what stands in the log of {device} is not in its files yet; mounting it, read-only, puts it there, and losing it would lose data',
  'fsck-nothing-may-use-it': 'nothing may use {device} while it is checked',
  'fsck-fat-errors':
    'the FAT file system on {device} has errors; of several ways to mend one, the most careful is taken, but what belongs to no file any more may go',
  'fsck-root-booted-after': 'it is the root file system, mounted read-only: the machine is booted at once afterwards',

  'fstab-malformed': 'a line that nobody understands is commented out',
  'fstab-missing': 'the boot goes on without {where}, whose disk {device} is not there',
  'fstab-no-source': 'the boot goes on without {where}, which shows {device}, and that is not there or of another kind',
  'fstab-stands-on-another': 'the boot goes on without {where}, which needs {other}',
  'fstab-unknown-type': 'the boot goes on without {where}, whose type {type} this system does not know',
  'fstab-wrong-type': 'the boot goes on without {where}, which is not of the type {type}',
  'fstab-may-fail': 'the boot goes on when {where} cannot be mounted',
  'fstab-option-misspelt': 'its option {option} is spelt {meant}',

  'sshd-line-not-understood': 'sshd does not understand line {line} (`{problem}`), and goes on without it',
  'sshd-list-without': '{list} no longer names {user}',
  'sshd-list-with': '{list} names {user}, too',
  'sshd-root-with-key': 'root may log in with a key',
  'sshd-config-of-package': 'sshd has no configuration; this is the one of its package',
  'sshd-no-host-keys': 'sshd does not start without host keys; the ones that are missing are made new',
  'sshd-host-keys-context': 'the new keys get their SELinux context',
  'sshd-host-key-open': 'sshd does not use a host key that others than root can read',
  'sshd-directory-loose': 'sshd shuts itself in there, so only root may write to it',
  'sshd-directory-missing': 'sshd does not start without the directory that it shuts itself in',
  'sshd-directory-not-made': 'nothing makes {path} at boot, and sshd does not start without it',
  'sshd-user-missing': 'sshd does not start without the user {user}, as which it talks to strangers',
  'sshd-keys-open': 'sshd does not read the keys of {user} while others own this or can write to it',
  'sshd-not-to-be-run': 'while it is there, the system does not start sshd',
  'sshd-unit-masked': 'nothing starts sshd at boot: {unit} is masked',
  'sshd-unit-not-enabled': 'nothing starts sshd at boot: {unit} is not enabled',

  'sudo-line-not-understood': 'sudo does not understand line {line}: `{problem}`',
  'sudo-file-not-understood':
    'sudo does not understand line {line} of it (`{problem}`), and works for nobody while it is read',
  'sudo-file-open': 'sudo refuses it while others than root own it or can write to it',
  'sudo-not-roots': 'sudo must belong to root and run as root whoever calls it',
}
