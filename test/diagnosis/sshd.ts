/** The SSH server. */
import type { Cases } from './cases.ts'

const COMES_UP = '\napp-7 login: '

export const sshdCases: Cases = {
  'sshd-config-error': {
    fails: [
      `         Starting OpenSSH server daemon...
sshd[1012]: /etc/ssh/sshd_config: line 88: Bad configuration option: PermitRootLoginn
sshd[1012]: /etc/ssh/sshd_config: terminating, 1 bad configuration options
[FAILED] Failed to start OpenSSH server daemon.
See 'systemctl status sshd.service' for details.${COMES_UP}`,
      `sshd[1012]: /etc/ssh/sshd_config.d/50-hardening.conf line 3: Directive 'UsePAM' is not allowed within a Match block`,
      `sshd[1012]: /etc/ssh/sshd_config line 90: invalid time value.`,
      `sshd[1012]: /etc/ssh/sshd_config: terminating, 2 bad configuration options`,
      `/etc/ssh/sshd_config: No such file or directory`,
      `Starting OpenBSD Secure Shell server: sshd/etc/ssh/sshd_config line 41: Bad yes/no argument: yse
 failed!`,
    ],
    healthy: [
      `sshd[1012]: /etc/ssh/sshd_config line 14: Deprecated option UsePrivilegeSeparation
sshd[1012]: Server listening on 0.0.0.0 port 22.`,
      `sshd[1012]: rexec line 7: Unsupported option GSSAPIAuthentication`,
      `sshd[1012]: /etc/ssh/sshd_config: line 88: Bad configuration option: Foo
[FAILED] Failed to start OpenSSH server daemon.
[  OK  ] Stopped OpenSSH server daemon.
         Starting OpenSSH server daemon...
[  OK  ] Started OpenSSH server daemon.`,
    ],
  },
  'sshd-host-keys-missing': {
    fails: [
      `sshd[1012]: Unable to load host key: /etc/ssh/ssh_host_rsa_key
sshd[1012]: error: Could not load host key: /etc/ssh/ssh_host_ed25519_key
sshd[1012]: sshd: no hostkeys available -- exiting.
[FAILED] Failed to start OpenBSD Secure Shell server.`,
      `[FAILED] Failed to start OpenSSH rsa Server Key Generation.`,
    ],
    healthy: [
      `sshd[1012]: error: Could not load host key: /etc/ssh/ssh_host_dsa_key
sshd[1012]: Server listening on 0.0.0.0 port 22.`,
      `[  OK  ] Finished OpenSSH ed25519 Server Key Generation.`,
    ],
  },
  'sshd-wrong-modes': {
    fails: [
      `sshd[1012]: @         WARNING: UNPROTECTED PRIVATE KEY FILE!          @
sshd[1012]: Permissions 0644 for '/etc/ssh/ssh_host_rsa_key' are too open.
sshd[1012]: sshd: no hostkeys available -- exiting.`,
      `sshd[1012]: Permissions 0640 for '/etc/ssh/ssh_host_ed25519_key' are too open.`,
      `sshd[1012]: /var/empty/sshd must be owned by root and not group or world-writable.
[FAILED] Failed to start OpenSSH server daemon.`,
      `sshd[2211]: Authentication refused: bad ownership or modes for directory /home/opc/.ssh`,
      `sshd[1012]: bad permissions: ignore key: /etc/ssh/ssh_host_rsa_key`,
    ],
    healthy: [`sshd[2211]: Accepted publickey for opc from 10.0.0.5 port 50122 ssh2: RSA SHA256:abc`],
  },
  'sshd-privilege-separation': {
    fails: [
      `sshd[1012]: Missing privilege separation directory: /run/sshd
[FAILED] Failed to start OpenBSD Secure Shell server.`,
      `Privilege separation user sshd does not exist`,
    ],
    healthy: [`systemd-tmpfiles[402]: /usr/lib/tmpfiles.d/sshd.conf: Line references path below legacy directory`],
  },
  'sshd-cannot-bind': {
    fails: [
      `sshd[1012]: error: Bind to port 22 on 10.0.0.9 failed: Cannot assign requested address.
sshd[1012]: fatal: Cannot bind any address.
[FAILED] Failed to start OpenSSH server daemon.`,
      `sshd[1012]: error: Bind to port 2222 on 0.0.0.0 failed: Permission denied.`,
      `[FAILED] Failed to listen on OpenBSD Secure Shell server socket.`,
    ],
    healthy: [
      `sshd[1012]: Server listening on :: port 22.
sshd[1012]: error: Bind to port 22 on 0.0.0.0 failed: Address already in use.`,
    ],
  },
  'sshd-port-changed': {
    fails: [`sshd[1012]: Server listening on 0.0.0.0 port 2222.${COMES_UP}`],
    healthy: [
      `sshd[1012]: Server listening on 0.0.0.0 port 22.`,
      `sshd[1012]: Server listening on 0.0.0.0 port 2222.
sshd[1012]: Server listening on 0.0.0.0 port 22.`,
    ],
  },
  'sshd-not-enabled': {
    fails: [
      `[  OK  ] ssh.service: OpenBSD Secure Shell server was skipped because of an unmet condition check (ConditionPathExists=!/etc/ssh/sshd_not_to_be_run).`,
      `systemd[1]: ConditionPathExists=!/etc/ssh/sshd_not_to_be_run was not met`,
      `OpenSSH server daemon was skipped because no trigger condition checks were met.`,
      `Unit sshd.service is masked.`,
      `Welcome to Oracle Linux Server 9.4!
[  OK  ] Reached target Basic System.
[  OK  ] Started D-Bus System Message Bus.
[  OK  ] Started User Login Management.
[  OK  ] Started NTP client/server.
[  OK  ] Started Network Manager.
[  OK  ] Finished Network Manager Wait Online.
[  OK  ] Started System Logging Service.
[  OK  ] Started Command Scheduler.
[  OK  ] Started Getty on tty1.
[  OK  ] Started Serial Getty on ttyS0.
[  OK  ] Reached target Multi-User System.
app-7 login: `,
    ],
    healthy: [
      `[  OK  ] Started OpenSSH server daemon.`,
      `[  OK  ] Listening on ssh.socket - OpenBSD Secure Shell server socket.`,
    ],
  },
  'sshd-user-not-allowed': {
    fails: [`sshd[2211]: User opc from 10.0.0.5 not allowed because not listed in AllowUsers`],
    healthy: [
      `sshd[2211]: Invalid user admin from 203.0.113.9 port 41122`,
      `sshd[2211]: User root from 203.0.113.9 not allowed because not listed in AllowUsers`,
      `sshd[2211]: User backup from 203.0.113.9 not allowed because not listed in AllowUsers
sshd[2212]: Accepted publickey for opc from 10.0.0.5 port 50122 ssh2`,
    ],
  },
  'sshd-failed': {
    fails: [
      `[FAILED] Failed to start OpenSSH server daemon.
See 'systemctl status sshd.service' for details.${COMES_UP}`,
      `[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.`,
      `systemd[1]: ssh.service: Failed with result 'exit-code'.`,
      `systemd[1]: Unit sshd.service entered failed state.`,
      `Starting sshd: [FAILED]`,
      `systemd[1]: sshd.service: Start request repeated too quickly.`,
    ],
    healthy: [
      `[FAILED] Failed to start OpenSSH server daemon.
[  OK  ] Started OpenSSH server daemon.`,
      `[FAILED] Failed to start ssh.service - OpenBSD Secure Shell server.
sshd[1100]: Server listening on 0.0.0.0 port 22.`,
      `Starting sshd: [FAILED]
Starting sshd: [  OK  ]`,
    ],
  },
}
