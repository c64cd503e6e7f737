/** Machines that boot well and let nobody in, because of sshd and what it reads. */
import { createHash } from 'node:crypto'
import type { Way } from './way.ts'

const HOST_KEYS = ['rsa', 'ecdsa', 'ed25519'].map((kind) => `/etc/ssh/ssh_host_${kind}_key`)
const CONFIG_FOLDER = '/etc/ssh/sshd_config.d'
const WANTED = '/etc/systemd/system/multi-user.target.wants/ssh.service'

export const SSHD_WAYS = {
  'sshd-config-error': {
    what: 'sshd_config has a word that sshd does not know',
    ends: 'login-prompt',
    shows: 'sshd-failed',
    damage: ({ root }) => root.append('/etc/ssh/sshd_config', '\nPermitRootLogn no\n'),
  },
  'sshd-no-host-keys': {
    what: "sshd's host keys are gone",
    ends: 'login-prompt',
    shows: 'sshd-failed',
    damage: async ({ root }) => {
      for (const key of HOST_KEYS) {
        await root.remove(key)
        await root.remove(`${key}.pub`)
      }
    },
  },
  'sshd-host-key-modes': {
    what: "everybody may read sshd's private host keys, so it refuses them",
    ends: 'login-prompt',
    shows: 'sshd-failed',
    damage: async ({ root }) => {
      for (const key of HOST_KEYS) await root.chmod(key, 0o644)
    },
  },
  'sshd-home-modes': {
    what: 'others may write to the home of opc and to its .ssh, so sshd trusts no key in there',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      await root.chmod('/home/opc', 0o775)
      await root.chmod('/home/opc/.ssh', 0o777)
      await root.chmod('/home/opc/.ssh/authorized_keys', 0o666)
    },
  },
  'sshd-no-privsep-dir': {
    what: "nothing makes /run/sshd, sshd's folder for privilege separation",
    ends: 'login-prompt',
    shows: 'sshd-failed',
    damage: async ({ root }) => {
      const folder = '/etc/systemd/system/ssh.service.d'
      await root.makeFolder(folder)
      // Debian's unit makes the folder by this setting; an empty one takes that back.
      await root.write(`${folder}/override.conf`, '[Service]\nRuntimeDirectory=\n')
    },
  },
  'sshd-not-enabled': {
    what: 'sshd is not started at boot',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      await root.remove(WANTED)
      await root.remove('/etc/systemd/system/sshd.service')
    },
  },
  'sshd-deny-users': {
    what: 'sshd has opc among those it denies',
    ends: 'login-prompt',
    damage: ({ root }) => root.write(`${CONFIG_FOLDER}/20-access.conf`, 'DenyUsers guest opc\n'),
  },
  'sshd-allow-users': {
    what: 'sshd has opc not among those it allows',
    ends: 'login-prompt',
    damage: ({ root }) => root.write(`${CONFIG_FOLDER}/20-access.conf`, 'AllowUsers deploy\n'),
  },
  'sshd-allow-users-in-a-long-file': {
    what: 'sshd has opc not among those it allows, in a file that is too long for a form and hardly can be compressed',
    ends: 'login-prompt',
    damage: ({ root }) => root.write(`${CONFIG_FOLDER}/20-access.conf`, `# ${noise(600_000)}\nAllowUsers deploy\n`),
  },
} as const satisfies Record<string, Way>

/** Letters and digits without any order, the same each time. */
function noise(length: number): string {
  const pieces = Array.from({ length: Math.ceil(length / 64) }, (_, index) =>
    createHash('sha256').update(`${index}`).digest('hex'),
  )
  return pieces.join('').slice(0, length)
}
