import { expect, it } from 'vitest'
import { grubConfig, inOneFileSystem } from './grub-config.ts'

const config = grubConfig(inOneFileSystem('1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516'))
const linuxLines = config.split('\n').filter((line) => /^\s+linux\t/.test(line))

it("has a kernel line as long as Oracle's, that ends with the serial console", () => {
  expect(linuxLines).toHaveLength(3)
  expect(linuxLines[0]?.length).toBeGreaterThan(400)
  expect(linuxLines[0]).toMatch(/ console=tty0 console=ttyS0,115200$/)
})

it('shows its menu on the serial line for five seconds', () => {
  expect(config).toContain('serial --unit=0 --speed=115200\nterminal_input serial\nterminal_output serial\n')
  expect(config).toContain('set timeout_style=menu\n  set timeout=5\n')
})

it('tells the kernel more in each entry, and the consoles last', () => {
  const lines = grubConfig(inOneFileSystem('1f2e3d4c'), ['security=selinux'])
    .split('\n')
    .filter((line) => /^\s+linux\t/.test(line))

  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).toMatch(/ ro security=selinux .* console=tty0 console=ttyS0,115200$/)
})

it('finds the kernels on a /boot of its own, and asks the environment block which entry boots', () => {
  const root = '/dev/mapper/ocivolume-root'
  const text = grubConfig({ fileSystem: 'b007', folder: '', root, savesDefault: true })

  expect(text).toContain('search --no-floppy --fs-uuid --set=root b007\n')
  expect(text).toContain(`linux\t/vmlinuz-@KERNEL@ root=${root} ro `)
  expect(text).toContain('initrd\t/initrd.img-@KERNEL@\n')
  expect(text).toContain(`set default="\${saved_entry}"`)
})
