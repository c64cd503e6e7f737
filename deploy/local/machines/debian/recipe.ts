/**
 * What the Debian guest is made of: packages, files, and what is run inside before
 * the disk is made. The guest stands for an instance in a cloud, so the parts a
 * rescue meets are the real ones; left out is what only costs time at boot.
 */
import type { Flavour } from './flavour.ts'
import { grubConfig, inOneFileSystem } from './grub-config.ts'

export const SUITE = 'bookworm'

export const PACKAGES: readonly string[] = [
  'systemd-sysv',
  'udev',
  'linux-image-cloud-amd64',
  'initramfs-tools',
  // Quicker to unpack than zstd on an emulated processor.
  'lz4',
  'openssh-server',
  'sudo',
  'iproute2',
  'e2fsprogs',
  'procps',
  // Listens to the power button. systemd-logind would too, but with the D-Bus it needs costs 5 seconds at each boot.
  'acpid',
]

export interface GuestFile {
  readonly path: string
  readonly content: string
  /** 0644 when not given. */
  readonly mode?: number
}

/** In place before the kernel's package makes the initrd: only what this disk needs, so that it loads quickly. */
export function filesBeforePackages({ modules }: Flavour): readonly GuestFile[] {
  const wanted = ['virtio_pci', 'virtio_blk', 'ext4', ...modules]
  return [
    { path: 'etc/initramfs-tools/conf.d/small', content: 'MODULES=list\nCOMPRESS=lz4\nFSTYPE=ext4\n' },
    { path: 'etc/initramfs-tools/modules', content: `${wanted.join('\n')}\n` },
  ]
}

export function filesAfterPackages(
  { files, kernelParameters }: Flavour,
  rootUuid: string,
  authorizedKey: string,
): readonly GuestFile[] {
  return [
    ...files,
    { path: 'boot/grub/grub.cfg', content: grubConfig(inOneFileSystem(rootUuid), kernelParameters) },
    { path: 'etc/fstab', content: `UUID=${rootUuid} / ext4 errors=remount-ro 0 1\n` },
    { path: 'etc/apt/sources.list', content: `deb http://deb.debian.org/debian ${SUITE} main\n` },
    {
      path: 'etc/systemd/network/80-dhcp.network',
      content: '[Match]\nName=en* eth*\n\n[Network]\nDHCP=ipv4\nIPv6AcceptRA=no\nLinkLocalAddressing=no\n',
    },
    { path: 'etc/acpi/events/power-button', content: 'event=button/power.*\naction=/usr/bin/systemctl poweroff\n' },
    // In memory: the machines' disks are thrown away, and flushing costs boot time.
    { path: 'etc/systemd/journald.conf.d/volatile.conf', content: '[Journal]\nStorage=volatile\nRuntimeMaxUse=8M\n' },
    {
      path: 'etc/ssh/sshd_config.d/keys-only.conf',
      content: 'PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin no\n',
    },
    { path: 'etc/sudoers.d/90-cloud-init-users', content: 'opc ALL=(ALL) NOPASSWD:ALL\n', mode: 0o440 },
    { path: 'root/finish.sh', content: FINISH },
    { path: 'root/authorized_keys.opc', content: authorizedKey, mode: 0o600 },
  ]
}

/** Units that do nothing for a machine that lives for minutes, but are paid for at each boot. */
const MASKED: readonly string[] = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'dev-hugepages.mount',
  'dev-mqueue.mount',
  // Five more login prompts on virtual consoles, besides the one of tty1.
  'getty-static.service',
  'modprobe@configfs.service',
  'modprobe@dm_mod.service',
  'modprobe@drm.service',
  'modprobe@fuse.service',
  'modprobe@loop.service',
  'sys-fs-fuse-connections.mount',
  'sys-kernel-config.mount',
  'sys-kernel-debug.mount',
  'sys-kernel-tracing.mount',
  'systemd-hwdb-update.service',
  'systemd-journal-catalog-update.service',
  'systemd-journal-flush.service',
  'systemd-network-generator.service',
  'systemd-networkd-wait-online.service',
  'systemd-pcrphase.service',
  'systemd-pcrphase-sysinit.service',
  'systemd-pstore.service',
  'systemd-sysusers.service',
  'systemd-update-done.service',
  'systemd-update-utmp.service',
  'systemd-update-utmp-runlevel.service',
]

/** Programs that look at each boot for a kind of disk, or of service, that this guest has not got. */
const GENERATORS_OFF: readonly string[] = [
  'bless-boot',
  'cryptsetup',
  'gpt-auto',
  'hibernate-resume',
  'integritysetup',
  'rc-local',
  'system-update',
  'sysv',
  'veritysetup',
]

/** Run by the guest's own shell in the finished root file system. */
const FINISH = `set -eu
version=$(basename /boot/vmlinuz-* | sed s/vmlinuz-//)
sed -i "s/@KERNEL@/$version/g" /boot/grub/grub.cfg
useradd --create-home --shell /bin/bash --groups adm,sudo --comment 'Oracle Public Cloud User' opc
install -d -m 0700 -o opc -g opc /home/opc/.ssh
install -m 0600 -o opc -g opc /root/authorized_keys.opc /home/opc/.ssh/authorized_keys
rm /root/authorized_keys.opc /root/finish.sh
rm -f /etc/ssh/ssh_host_* /etc/resolv.conf
usermod --lock root
systemctl enable systemd-networkd.service ssh.service
systemctl mask ${MASKED.join(' ')}
install -d /etc/systemd/system-generators
for name in ${GENERATORS_OFF.join(' ')}; do ln -s /dev/null /etc/systemd/system-generators/systemd-$name-generator; done
`
