/** Entries of /etc/fstab that keep the machine from booting: all of them are waited for, for none has `nofail`. */
import { randomUUID } from 'node:crypto'
import type { Ext4 } from '../ext4.ts'
import type { GuestDisks, Way } from './way.ts'

export const FSTAB_WAYS = {
  'fstab-missing-device': {
    what: 'fstab names a disk that is not there',
    ends: 'emergency-locked',
    shows: 'fstab-missing-device',
    damage: ({ root }) => addMissingDevice(root),
  },
  'fstab-bad-option': {
    what: 'fstab mounts a disk with an option that its file system does not know',
    ends: 'emergency-locked',
    shows: 'fstab-bad-option',
    damage: (guest) => addEntry(guest, (uuid) => `UUID=${uuid} /data ext4 defaults,noatimes 0 2`),
  },
  'fstab-misspelt-option': {
    what: 'fstab has an option of a disk misspelt',
    ends: 'emergency-locked',
    shows: 'fstab-bad-option',
    damage: (guest) => addEntry(guest, (uuid) => `UUID=${uuid} /data ext4 defualts 0 2`),
  },
  'fstab-bind-without-disk': {
    what: 'fstab binds a folder of a disk that is not there, so each of the two entries stops the boot by itself',
    ends: 'emergency-locked',
    shows: 'fstab-missing-device',
    damage: async ({ root }) => {
      await addMissingDevice(root)
      await root.append('/etc/fstab', '/data/app /srv/app none bind 0 0\n')
    },
  },
  'fstab-bind-without-source': {
    what: 'fstab binds a file that is not there: systemd makes a folder in its place, which fits onto no file',
    ends: 'emergency-locked',
    shows: 'fstab-mount-failed',
    damage: ({ root }) => root.append('/etc/fstab', '/opt/issue /etc/issue none bind 0 0\n'),
  },
  'fstab-wrong-type': {
    what: 'fstab says xfs of a disk that is ext4',
    ends: 'emergency-locked',
    // The kernel has no such driver, and says nothing; mount(8) does, to the journal.
    shows: 'fstab-mount-failed',
    damage: (guest) => addEntry(guest, (uuid) => `UUID=${uuid} /data xfs defaults 0 0`),
  },
  'fstab-malformed': {
    what: 'a mount point in fstab has a blank in it, so each field is taken for the one before',
    ends: 'emergency-locked',
    shows: 'fstab-mount-failed',
    damage: (guest) => addEntry(guest, (uuid) => `UUID=${uuid} /data disk ext4 defaults 0 2`),
  },
  'emergency-shell': {
    what: 'fstab names a disk that is not there, and emergency mode asks for no password',
    ends: 'emergency-shell',
    shows: 'fstab-missing-device',
    damage: async ({ root }) => {
      await addMissingDevice(root)
      const folder = '/etc/systemd/system/emergency.service.d'
      await root.makeFolder(folder)
      // systemd's SYSTEMD_SULOGIN_FORCE, as Fedora's CoreOS and others set it for images without a root password.
      await root.write(`${folder}/shell.conf`, '[Service]\nEnvironment=SYSTEMD_SULOGIN_FORCE=1\n')
    },
  },
} as const satisfies Record<string, Way>

async function addMissingDevice(root: Ext4): Promise<void> {
  await root.append('/etc/fstab', `UUID=${randomUUID()} /data ext4 defaults 0 2\n`)
}

async function addEntry(guest: GuestDisks, entry: (uuid: string) => string): Promise<void> {
  const { uuid } = await guest.addDataDisk()
  await guest.root.append('/etc/fstab', `${entry(uuid)}\n`)
}
