/** Machines that do not get as far as their services: boot loader, kernel, first target, file systems. */
import type { Ext4 } from '../ext4.ts'
import type { Way } from './way.ts'

const GRUB_CONFIG = '/boot/grub/grub.cfg'

export const BOOT_WAYS = {
  'grub-no-entries': {
    what: 'grub.cfg ends before its first entry, as an interrupted grub-mkconfig leaves it',
    ends: 'grub-prompt',
    shows: 'grub-minimal-shell',
    damage: ({ root }) => root.replace(GRUB_CONFIG, /^### BEGIN \S*10_linux[\s\S]*/m, ''),
  },
  'kernel-bad': {
    what: 'the newest kernel is an empty file, as a power cut leaves it; the one before is whole',
    ends: 'grub-error',
    shows: 'kernel-image-bad',
    damage: async ({ root }) => {
      const { newest } = await addNewerKernel(root)
      await root.write(`/boot/vmlinuz-${newest}`, '')
    },
  },
  'kernel-bad-initrd': {
    what: "the newest kernel's initrd is cut off in its middle; the kernel before has a whole one",
    ends: 'kernel-panic',
    shows: 'initramfs-corrupt',
    damage: async ({ root }) => {
      const { newest } = await addNewerKernel(root)
      await cutInHalf(root, `/boot/initrd.img-${newest}`)
    },
  },
  'kernel-missing-initrd': {
    what: 'the newest kernel has no initrd; the one before has',
    ends: 'kernel-panic',
    shows: 'initramfs-missing',
    damage: async ({ root }) => {
      const { newest } = await addNewerKernel(root)
      await root.remove(`/boot/initrd.img-${newest}`)
    },
  },
  'break-left-behind': {
    what: 'somebody who looked for something told the initramfs to stop in a shell, and left it so in grub.cfg',
    ends: 'initramfs-shell',
    shows: 'initramfs-shell',
    damage: ({ root }) => root.replace(GRUB_CONFIG, ' ro ', ' ro break=mount '),
  },
  'root-locked': {
    what: "systemd's default target does not exist, and in rescue mode nobody can log in because root is locked",
    ends: 'emergency-locked',
    shows: 'default-target-missing',
    damage: ({ root }) => root.link('/etc/systemd/system/default.target', '/lib/systemd/system/server.target'),
  },
  'fsck-needed': {
    what: 'two files of the root file system share a block, which fsck mends only when it is told to',
    ends: 'initramfs-shell',
    shows: 'fsck-needed',
    damage: ({ root }) => entangleTwoFiles(root, '/var/lib'),
  },
  'fsck-needed-data': {
    what: 'two files of a data disk share a block, which fsck mends only when it is told to',
    ends: 'emergency-locked',
    shows: 'fsck-needed',
    damage: async ({ root, addDataDisk }) => {
      const { uuid, files } = await addDataDisk()
      await entangleTwoFiles(files, '')
      await root.append('/etc/fstab', `UUID=${uuid} /data ext4 defaults 0 2\n`)
    },
  },
  'disk-full': {
    what: 'a log file has taken all the room of the root file system, which a service needs',
    ends: 'login-prompt',
    shows: 'disk-full',
    damage: async ({ root }) => {
      await root.write('/etc/systemd/system/orders.service', ORDERS_SERVICE)
      await root.link(
        '/etc/systemd/system/multi-user.target.wants/orders.service',
        '/etc/systemd/system/orders.service',
      )
      await root.fill('/var/log/orders.log')
    },
  },
} as const satisfies Record<string, Way>

/** A service that keeps something on the disk and says on the console when it cannot. */
const ORDERS_SERVICE = `[Unit]
Description=Orders

[Service]
Type=oneshot
ExecStart=/bin/sh -c 'mkdir -p /var/lib/orders && date > /var/lib/orders/started'
StandardError=journal+console

[Install]
WantedBy=multi-user.target
`

/** A copy of the guest's kernel under the next version's name, on top of GRUB's menu; it is whole as yet. */
async function addNewerKernel(root: Ext4): Promise<{ readonly newest: string }> {
  const config = await root.read(GRUB_CONFIG)
  const version = /vmlinuz-(\S+)/.exec(config)?.[1] ?? ''
  const newest = versionAfter(version)
  for (const name of ['vmlinuz', 'initrd.img']) {
    await root.write(`/boot/${name}-${newest}`, await root.readBytes(`/boot/${name}-${version}`))
  }
  await root.makeFolder(`/lib/modules/${newest}`)
  await root.write(GRUB_CONFIG, withNewerKernel(config, version, newest))
  return { newest }
}

/** E.g. `6.1.0-41-cloud-amd64` after `6.1.0-40-cloud-amd64`. */
export function versionAfter(version: string): string {
  return version.replace(/-(\d+)-/, (_, abi) => `-${Number(abi) + 1}-`)
}

/** As grub-mkconfig would write it: the first entry boots the newest, the submenu has entries for both. */
export function withNewerKernel(config: string, version: string, newest: string): string {
  const submenu = config.search(/^submenu /m)
  const entries = config.indexOf('{\n', submenu) + 2
  const end = config.indexOf('\n}\n', entries) + 1
  const older = config.slice(entries, end)
  return (
    config.slice(0, entries).replaceAll(version, newest) + older.replaceAll(version, newest) + older + config.slice(end)
  )
}

async function cutInHalf(root: Ext4, path: string): Promise<void> {
  const whole = await root.readBytes(path)
  await root.write(path, whole.subarray(0, whole.length >> 1))
}

/** Two files of one block, whose texts say which they are. */
async function entangleTwoFiles(files: Ext4, folder: string): Promise<void> {
  const [one, two] = [`${folder}/invoices.csv`, `${folder}/customers.csv`]
  await files.write(one, 'invoice,amount\n1001,250\n')
  await files.write(two, 'customer,city\n2001,Oslo\n')
  await files.entangle(one, two)
}
