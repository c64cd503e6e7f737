/** Who may come in: sshd, accounts, sudo. */
export const accounts = {
  'sshd-config-error': {
    happened: 'The SSH server does not start: {file} has an error.',
  },
  'sshd-host-keys-missing': {
    happened: 'The SSH server does not start: it has no host keys.',
  },
  'sshd-wrong-modes': {
    happened: 'The SSH server refuses {file}: its owner or its permissions are wrong.',
    unnamed: 'The SSH server refuses a file whose owner or permissions are wrong.',
  },
  'sshd-privilege-separation': {
    happened: 'The SSH server does not start: the directory or user that it drops its rights with is missing.',
  },
  'sshd-cannot-bind': {
    happened: 'The SSH server cannot listen on port {port}.',
    unnamed: 'The SSH server cannot listen on its port.',
  },
  'sshd-port-changed': {
    happened: 'The SSH server listens on port {port}, not on 22.',
  },
  'sshd-not-enabled': {
    happened: 'The SSH server is not started at boot.',
  },
  'sshd-user-not-allowed': {
    happened: 'The SSH server does not let {user} in: its configuration says so.',
  },
  'sshd-failed': {
    happened: 'The SSH server did not start.',
  },
  nologin: {
    happened: 'Nobody but root may log in: the system was left as if it were about to shut down (nologin).',
  },
  'account-refused': {
    happened: 'The account {user} is locked, expired or has no shell.',
    unnamed: 'An account is locked, expired or has no shell.',
  },
  'pam-broken': {
    happened: 'Logins fail because PAM’s configuration names something that is not there: {module}.',
    unnamed: 'Logins fail because PAM’s configuration is broken.',
  },
  'sudoers-broken': {
    happened: 'sudo refuses to work because {file} is broken.',
    unnamed: 'sudo refuses to work because its configuration or its own file is broken.',
  },
}
