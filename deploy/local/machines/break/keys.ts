/** A key that is lost: what every guest is as it is built, and the same in places that are less usual. */
import type { Ext4 } from '../ext4.ts'
import type { Way } from './way.ts'

const KEYS_FILE = '/home/opc/.ssh/authorized_keys'

export const KEY_WAYS = {
  'lost-key': {
    what: 'nobody has the key of opc',
    ends: 'login-prompt',
    damage: async () => {},
  },
  'lost-key-home-elsewhere': {
    what: 'nobody has the key of opc, whose home is /srv/people/opc',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      const home = '/srv/people/opc'
      await root.makeFolder('/srv/people')
      for (const [folder, mode] of [[home, 0o755] as const, [`${home}/.ssh`, 0o700] as const]) {
        await root.makeFolder(folder)
        await root.chmod(folder, mode)
        await giveToOpc(root, folder)
      }
      await moveKeys(root, `${home}/.ssh/authorized_keys`)
      await root.replace('/etc/passwd', ':/home/opc:', `:${home}:`)
    },
  },
  'lost-key-file-elsewhere': {
    what: 'nobody has the key of opc, and sshd reads it from /etc/ssh/keys/opc',
    ends: 'login-prompt',
    damage: async ({ root }) => {
      await root.makeFolder('/etc/ssh/keys')
      await moveKeys(root, '/etc/ssh/keys/opc')
      await root.write('/etc/ssh/sshd_config.d/20-keys.conf', 'AuthorizedKeysFile /etc/ssh/keys/%u\n')
    },
  },
} as const satisfies Record<string, Way>

/** Lets the holder of `publicKey` log in, as if the key had never been lost. */
export async function authorize(root: Ext4, publicKey: string): Promise<void> {
  await root.write(KEYS_FILE, `${publicKey.trim()}\n`)
}

async function moveKeys(root: Ext4, to: string): Promise<void> {
  await root.write(to, await root.read(KEYS_FILE))
  await root.chmod(to, 0o600)
  await giveToOpc(root, to)
  await root.remove(KEYS_FILE)
}

async function giveToOpc(root: Ext4, path: string): Promise<void> {
  const home = await root.status('/home/opc')
  if (home !== undefined) await root.chown(path, home.uid, home.gid)
}
