/** Accounts, PAM, sudo. */
import type { Cases } from './cases.ts'

export const accountCases: Cases = {
  nologin: {
    fails: [
      `app-7 login: opc
Password: 

System is going down. Unprivileged users are not permitted to log in anymore. For technical details, see pam_nologin(8).`,
      `"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical details, see pam_nologin(8)."`,
      `[FAILED] Failed to start Permit User Sessions.`,
      `sshd[2211]: pam_nologin(sshd:account): unexpected response from failed conversation function; /etc/nologin present`,
    ],
    healthy: [
      `[  OK  ] Finished Permit User Sessions.`,
      `"System is booting up. Unprivileged users are not permitted to log in yet. Please come back later."
[  OK  ] Finished Permit User Sessions.`,
    ],
  },
  'account-refused': {
    fails: [
      `app-7 login: opc
The account is locked due to 3 failed logins.
(9 minutes left to unlock)`,
      `sshd[2211]: fatal: Your account has expired; please contact your system administrator.`,
      `app-7 login: backup
This account is currently not available.`,
      `sshd[2211]: User opc not allowed because account is locked`,
      `pam_faillock(sshd:auth): Consecutive login failures for user opc account temporarily locked`,
    ],
    healthy: [`app-7 login: opc\nPassword: \nLogin incorrect`],
  },
  'pam-broken': {
    fails: [
      `login[901]: PAM unable to dlopen(/usr/lib64/security/pam_pwqualty.so): cannot open shared object file: No such file or directory
login[901]: PAM adding faulty module: /usr/lib64/security/pam_pwqualty.so`,
      `login[901]: PAM adding faulty module: pam_tally.so`,
      `login: PAM Failure, aborting: Critical error - immediate abort`,
      `Critical error - immediate abort`,
      `login: Module is unknown`,
      `sshd[901]: fatal: PAM: initialisation failed`,
      `sshd[901]: PAM (sshd) illegal module type: acount`,
      `sshd[901]: PAM: pam_open_session error loading /lib64/security/pam_x.so`,
    ],
    healthy: [
      `login[901]: PAM unable to dlopen(pam_gnome_keyring.so): /lib/security/pam_gnome_keyring.so: cannot open shared object file`,
      `sshd[901]: pam_unix(sshd:session): session opened for user opc(uid=1000) by (uid=0)`,
    ],
  },
  'sudoers-broken': {
    fails: [
      `>>> /etc/sudoers: syntax error near line 27 <<<
sudo: parse error in /etc/sudoers near line 27
sudo: no valid sudoers sources found, quitting`,
      `/etc/sudoers.d/90-ops:3:18: syntax error
opc ALL=(ALL NOPASSWD: ALL
                 ^`,
      `sudo: parse error in /etc/sudoers.d/90-ops near line 3`,
      `sudo: no valid sudoers sources found, quitting`,
      `sudo: /etc/sudoers is world writable`,
      `sudo: /etc/sudo.conf is owned by uid 1000, should be 0`,
      `sudo: /etc/sudoers is mode 0644, should be 0440`,
      `sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set`,
      `sudo: unable to initialize policy plugin`,
      `sudo: unable to load /usr/libexec/sudo/sudoers.so: /lib64/libk5crypto.so.3: undefined symbol: EVP_KDF_ctrl
sudo: fatal error, unable to load plugins`,
    ],
    healthy: [`sudo:      opc : TTY=ttyS0 ; PWD=/home/opc ; USER=root ; COMMAND=/usr/bin/id`],
  },
}
