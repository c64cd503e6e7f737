import { describe, expect, it } from 'vitest'
import { kernelEntries, usesSavedEntry, withDefault, withGrubDefault, withSavedEntry } from './grub-default.ts'

/** As grub-mkconfig of Debian makes it, shortened. */
const DEBIAN = `if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
else
   set default="0"
fi
function gfxmode {
	set gfxpayload="\${1}"
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-aa' {
	load_video
	if [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi
	linux	/boot/vmlinuz-6.1.0-18-amd64 root=UUID=aa ro  quiet
	initrd	/boot/initrd.img-6.1.0-18-amd64
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-aa' {
	menuentry 'Debian GNU/Linux, with Linux 6.1.0-18-amd64' --class gnu $menuentry_id_option 'gnulinux-6.1.0-18-amd64-advanced-aa' {
		linux	/boot/vmlinuz-6.1.0-18-amd64 root=UUID=aa ro
	}
	menuentry 'Debian GNU/Linux, with Linux 6.1.0-13-amd64' --class gnu $menuentry_id_option 'gnulinux-6.1.0-13-amd64-advanced-aa' {
		if [ "\${x}" ]; then
			true
		fi
		linux	/boot/vmlinuz-6.1.0-13-amd64 root=UUID=aa ro
	}
}
menuentry "Memory test" { true }
`
const PREVIOUS = 'gnulinux-advanced-aa>gnulinux-6.1.0-13-amd64-advanced-aa'

describe('the entries of grub.cfg', () => {
  it('are named as GRUB names them, submenus included', () => {
    expect(kernelEntries(DEBIAN).map(({ id, kernel }) => [id, kernel])).toEqual([
      ['gnulinux-simple-aa', '/boot/vmlinuz-6.1.0-18-amd64'],
      ['gnulinux-advanced-aa>gnulinux-6.1.0-18-amd64-advanced-aa', '/boot/vmlinuz-6.1.0-18-amd64'],
      [PREVIOUS, '/boot/vmlinuz-6.1.0-13-amd64'],
    ])
  })

  it('are named by their titles where they have no id', () => {
    const text = "menuentry 'Mine' {\n linux16 ($root)/vmlinuz-4.1 root=/dev/sda1\n}\n"

    expect(kernelEntries(text)).toEqual([{ id: 'Mine', title: 'Mine', kernel: '/vmlinuz-4.1' }])
  })
})

describe('the default of grub.cfg', () => {
  it('is changed where it stands, and nowhere else', () => {
    expect(withDefault(DEBIAN, PREVIOUS)).toBe(DEBIAN.replace('default="0"', `default="${PREVIOUS}"`))
  })

  it('is not guessed when there is none', () => {
    expect(withDefault(`set timeout=5\nset default="\${saved_entry}"\n`, 'x')).toBeUndefined()
  })

  it('may come from what was saved', () => {
    expect(usesSavedEntry(DEBIAN)).toBe(false)
    expect(usesSavedEntry(`else\n  set default="\${saved_entry}"\nfi\n`)).toBe(true)
  })
})

describe('/etc/default/grub', () => {
  it('has one default afterwards, and all else as it was', () => {
    expect(withGrubDefault('GRUB_DEFAULT=0\n#GRUB_DEFAULT=2\nGRUB_TIMEOUT=5\n', 'a>b')).toBe(
      'GRUB_DEFAULT="a>b"\n#GRUB_DEFAULT=2\nGRUB_TIMEOUT=5\n',
    )
    expect(withGrubDefault('GRUB_TIMEOUT=5', 'a')).toBe('GRUB_TIMEOUT=5\nGRUB_DEFAULT="a"\n')
  })
})

describe('the environment block', () => {
  const block = (...settings: string[]) =>
    ['# GRUB Environment Block\n', ...settings.map((line) => `${line}\n`)].join('').padEnd(1024, '#')

  it('keeps its length and its other settings', () => {
    const changed = withSavedEntry(block('saved_entry=old', 'kernelopts=root=/dev/x ro', 'boot_success=0'), 'new')

    expect(changed).toBe(block('saved_entry=new', 'kernelopts=root=/dev/x ro', 'boot_success=0'))
  })

  it('is left alone when it is none, or has no room', () => {
    expect(withSavedEntry('saved_entry=old\n', 'new')).toBeUndefined()
    expect(withSavedEntry(block(`kernelopts=${'x'.repeat(960)}`), 'y'.repeat(40))).toBeUndefined()
  })
})
