import { expect, it } from 'vitest'
import { readBlsEntry, readEnvironment, readGrubConfig, rootInFstab } from './boot-files.ts'

const UUID = '4c0ffee0-1234-4c5b-9d0e-6f1e2d3c4b5a'
/** As grub-mkconfig of Debian 12 writes it, shortened. */
const DEBIAN = `
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
set default="0"
if [ x$feature_timeout_style = xy ] ; then
  set timeout_style=menu
  set timeout=5
fi
function gfxmode {
	set gfxpayload="\${1}"
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-${UUID}' {
	load_video
	if [ x$feature_platform_search_hint = xy ]; then
	  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,gpt1 --hint-efi=hd0,gpt1  ${UUID}
	else
	  search --no-floppy --fs-uuid --set=root ${UUID}
	fi
	echo	'Loading Linux 6.1.0-18-amd64 ...'
	linux	/boot/vmlinuz-6.1.0-18-amd64 root=UUID=${UUID} ro  console=tty0 $extra
	initrd	/boot/initrd.img-6.1.0-18-amd64
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-${UUID}' {
	menuentry 'Debian GNU/Linux, with Linux 6.1.0-17-amd64' --id 'older' {
		linux	/boot/vmlinuz-6.1.0-17-amd64 root=UUID=${UUID} ro
	}
}
menuentry 'UEFI Firmware Settings' {
	fwsetup
}
`

it('reads the entries of a grub.cfg, also those inside a submenu', () => {
  const { offers, waits, hasMenu, environment } = readGrubConfig(DEBIAN)

  expect(offers).toEqual([
    {
      title: 'Debian GNU/Linux',
      names: ['Debian GNU/Linux', '0', `gnulinux-simple-${UUID}`],
      keyword: 'linux',
      kernel: '/boot/vmlinuz-6.1.0-18-amd64',
      initrds: ['/boot/initrd.img-6.1.0-18-amd64'],
      arguments: `root=UUID=${UUID} ro console=tty0`,
      uuid: UUID,
    },
    expect.objectContaining({
      title: 'Debian GNU/Linux, with Linux 6.1.0-17-amd64',
      names: ['Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-17-amd64', '1>0', 'older'],
      initrds: [],
    }),
  ])
  expect([waits, hasMenu, environment.get('default')]).toEqual([true, true, '0'])
})

it('takes the first of two kernel lines between which an entry chooses, with its initrd', () => {
  // Ubuntu's images for clouds: the first is what is tried when the kernel alone did not find its root.
  const text = `menuentry "Ubuntu" {
    if [ "\${initrdfail}" = 1 ]; then
      linux /boot/vmlinuz root=PARTUUID=1 ro panic=-1
      initrd /boot/initrd.img
    else
      linux /boot/vmlinuz root=PARTUUID=1 ro
    fi
  }`

  expect(readGrubConfig(text).offers).toMatchObject([
    { arguments: 'root=PARTUUID=1 ro panic=-1', initrds: ['/boot/initrd.img'] },
  ])
})

it.each(['set timeout=0', 'timeout="0"'])('says that a menu does not wait: %s', (line) => {
  expect(readGrubConfig(`if [ "\${recordfail}" = 1 ]; then\n  set timeout=30\nelse\n  ${line}\nfi\n`).waits).toBe(false)
})

it('puts in what variables stand for, and nothing for those that are not set', () => {
  const environment = new Map([['kernelopts', 'root=/dev/mapper/ocivolume-root ro console=ttyS0,115200']])
  const text = [
    'title Oracle Linux Server 8.9',
    'version 5.15.0-204.147.6.2.el8uek.x86_64',
    'linux ($root)/vmlinuz-5.15.0-204.147.6.2.el8uek.x86_64',
    'initrd /initramfs-5.15.0-204.147.6.2.el8uek.x86_64.img $tuned_initrd',
    'options $kernelopts $tuned_params',
    '',
  ].join('\n')

  expect(readBlsEntry('abc-5.15', text, environment)).toEqual({
    title: 'Oracle Linux Server 8.9',
    names: ['abc-5.15', 'Oracle Linux Server 8.9'],
    keyword: 'linux',
    kernel: '/vmlinuz-5.15.0-204.147.6.2.el8uek.x86_64',
    initrds: ['/initramfs-5.15.0-204.147.6.2.el8uek.x86_64.img'],
    arguments: 'root=/dev/mapper/ocivolume-root ro console=ttyS0,115200',
    uuid: undefined,
  })
})

it('knows an entry that starts no kernel by that', () => {
  expect(readBlsEntry('fw', 'title Firmware\nefi /shell.efi\n', new Map())).toBeUndefined()
})

it('reads GRUB’s environment, with its filling', () => {
  const text = '# GRUB Environment Block\nsaved_entry=abc-5.15\nkernelopts=root=/dev/sda3 ro\n########\n'

  expect([...readEnvironment(text)]).toEqual([
    ['saved_entry', 'abc-5.15'],
    ['kernelopts', 'root=/dev/sda3 ro'],
  ])
})

it.each([
  ['# <file system>\nUUID=1f2e / xfs defaults 0 0\nUUID=2 /boot xfs defaults 0 0\n', 'UUID=1f2e'],
  ['/dev/mapper/ocivolume-root\t/\txfs\tdefaults\t0 0\n', '/dev/mapper/ocivolume-root'],
  ['UUID=1f2e / btrfs defaults,subvol=root 0 0\n', undefined],
  ['#/dev/sda1 / ext4 defaults 0 0\n', undefined],
])('finds the root in an fstab: %j', (text, root) => {
  expect(rootInFstab(text)).toBe(root)
})
