/**
 * What makes the Debian guest one with Oracle Linux's own layout: root on XFS in a logical volume, /boot a partition of
 * its own with ext4, and /usr, besides, a logical volume too. The guest is built in one file system like all others; at
 * its first boot it moves onto a second disk, where all the tools that make such a layout are the real ones.
 */
import type { Partition } from './disk.ts'
import type { Flavour } from './flavour.ts'
import { grubConfig } from './grub-config.ts'

/** Sparse, as all disks here: room for two more kernels. */
const BOOT: Partition = { bytes: 256 << 20, type: 0x83 }
const VOLUMES: Partition = { bytes: 1280 << 20, type: 0x8e }

/** Of the disk that it moves onto. GRUB finds its files in `/grub` of the first. */
export const PARTITIONS: readonly Partition[] = [BOOT, VOLUMES]

/** The last thing that a guest says on its serial line before it switches itself off. */
export const MOVED = 'moved to the second disk'

const MOVE = '/root/move-in'
const ROOT = '/dev/mapper/ocivolume-root'
const USR = '/dev/mapper/ocivolume-usr'

/** `mkfs.xfs` makes none below 300 MB. */
const ROOT_SIZE = '400m'

/**
 * The guest's only process. It runs on a root file system that stays read-only. Nobody answers libdevmapper in place of
 * udev, so it makes the nodes itself.
 */
const MOVE_SCRIPT = `#!/bin/sh
exec >/dev/ttyS0 2>&1
trap 'sync; poweroff -f' EXIT
set -eux
export DM_DISABLE_UDEV=1 PATH=/usr/sbin:/usr/bin:/sbin:/bin
pvcreate -q /dev/vdb2
vgcreate -q -An ocivolume /dev/vdb2
lvcreate -q -An -y -L ${ROOT_SIZE} -n root ocivolume
lvcreate -q -An -y -l 100%FREE -n usr ocivolume
mkfs.xfs -q -L root ${ROOT}
mkfs.xfs -q -L usr ${USR}
mkfs.ext4 -q -L boot -E lazy_itable_init=0,lazy_journal_init=0 /dev/vdb1
mount ${ROOT} /mnt
mkdir /mnt/usr /mnt/boot
mount ${USR} /mnt/usr
mount /dev/vdb1 /mnt/boot
cp -ax /. /mnt
boot=$(blkid -s UUID -o value /dev/vdb1)
cd /mnt/root
sed "s/@KERNEL@/$(uname -r)/g; s/@BOOT@/$boot/g" grub.cfg >../boot/grub/grub.cfg
cp grubenv ../boot/grub/grubenv
sed "s/@BOOT@/$boot/g" fstab >../etc/fstab
rm grub.cfg grubenv fstab ${MOVE.slice('/root/'.length)}
cd /
umount /mnt/boot /mnt/usr /mnt
echo ${MOVED}
`

const FSTAB = `${ROOT} / xfs defaults 0 0
UUID=@BOOT@ /boot ext4 defaults 0 2
${USR} /usr xfs defaults 0 0
`

/** As `grub-editenv create` leaves it. */
const GRUB_ENVIRONMENT = '# GRUB Environment Block\n'.padEnd(1024, '#')

export const ON_LVM: Flavour = {
  packages: ['lvm2', 'xfsprogs'],
  modules: ['dm_mod', 'xfs'],
  files: [
    { path: MOVE.slice(1), content: MOVE_SCRIPT, mode: 0o755 },
    { path: 'root/fstab', content: FSTAB },
    { path: 'root/grubenv', content: GRUB_ENVIRONMENT },
    {
      path: 'root/grub.cfg',
      content: grubConfig({ fileSystem: '@BOOT@', folder: '', root: ROOT, savesDefault: true }),
    },
  ],
  // For the first boot alone.
  kernelParameters: [`init=${MOVE}`],
  labelsFor: async () => new Map(),
}
