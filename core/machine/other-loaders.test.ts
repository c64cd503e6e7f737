/** What is read off the screens of GRUB legacy, systemd-boot and UEFI firmware: recordings of the real ones. */
import { expect, it } from 'vitest'
import { recording, shown } from '../../test/helpers/recordings.ts'
import { recognise } from './recognise.ts'

/** The state after the first `bytes` of a recording, in small pieces. */
async function at(name: string, bytes: number) {
  return recognise(await shown(recording(name).subarray(0, bytes), 7)).state
}

const LEGACY_TITLES = [
  'Oracle Linux Server Unbreakable Enterprise Kernel (4.1.12-124.el6uek.>',
  'Oracle Linux Server Red Hat Compatible Kernel (2.6.32-754.el6.x86_64)',
]

it('reads GRUB legacy: menu, commands, line, and what it asks', async () => {
  const box = { moreAbove: false, moreBelow: false }
  const menu = { ...box, entries: LEGACY_TITLES, selected: 0, locked: false }
  expect(await at('legacy', 29)).toEqual({ kind: 'grub-legacy-any-key' })
  expect(await at('legacy', 1956)).toEqual({ kind: 'grub-legacy-menu', menu: { ...menu, countdown: 5 } })
  expect(await at('legacy', 2226)).toMatchObject({ menu: { selected: 1, countdown: undefined } })
  expect(await at('legacy', 4505)).toMatchObject({
    kind: 'grub-legacy-list',
    list: {
      selected: 1,
      entries: ['root (hd0,0)', expect.stringMatching(/^kernel .* r>$/), 'initrd /boot/initramfs.img'],
    },
  })
  expect(await at('legacy', 9252)).toEqual({ kind: 'grub-command-line' })
  expect(await at('legacy', 16011)).toEqual({ kind: 'grub-booting' })
})

it('reads GRUB legacy’s long line in both of its windows', async () => {
  const start = 'kernel /boot/vmlinuz root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516'
  const end = ' console=ttyS0,9600 numa=off'

  expect(await at('legacy', 4950)).toEqual({
    kind: 'grub-legacy-line',
    line: { fromStart: true, text: start, cursor: 0, goesOn: true },
  })
  expect(await at('legacy', 5037)).toEqual({
    kind: 'grub-legacy-line',
    line: { fromStart: false, text: end, cursor: end.length, goesOn: false },
  })
})

it('reads GRUB legacy’s hidden and scrolled menus', async () => {
  expect(await at('legacy-hidden', 38)).toEqual({ kind: 'grub-legacy-hidden', countdown: 5 })
  expect(await at('legacy-hidden', 1839)).toMatchObject({ menu: { selected: 0, moreAbove: false, moreBelow: true } })
  expect(await at('legacy-hidden', 6227)).toMatchObject({
    menu: { selected: 11, moreAbove: true, moreBelow: false, entries: expect.arrayContaining(['Entry number 14']) },
  })
})

it('reads GRUB legacy’s question for a password, its verdict and its error', async () => {
  expect(await at('legacy-password', 2032)).toMatchObject({ kind: 'grub-legacy-menu', menu: { locked: true } })
  expect(await at('legacy-password', 2174)).toEqual({ kind: 'grub-legacy-password', typed: 5, failed: false })
  expect(await at('legacy-password', 2219)).toEqual({ kind: 'grub-legacy-password', typed: 0, failed: true })
  expect(await at('legacy-password', 5928)).toMatchObject({ kind: 'grub-legacy-menu', menu: { locked: false } })
  expect(await at('legacy-password', 8396)).toEqual({ kind: 'grub-error', message: '15: File not found', waits: true })
})

const START = 'root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro rd.luks=0 rd.md=0 rd.dm=0 ne'

it('reads systemd-boot: menu, countdown, help, editor', async () => {
  const entries = ['Rescue', 'Oracle Linux Server 9.4', 'Reboot Into Firmware Interface']
  const title = 'Oracle Linux Server 9.4'

  expect(await at('systemd-boot', 667)).toMatchObject({ menu: { entries, selected: 1, countdown: 12 } })
  expect(await at('systemd-boot', 842)).toMatchObject({ menu: { entries, selected: 1, countdown: undefined } })
  expect(await at('systemd-boot', 1133)).toMatchObject({ menu: { selected: 2 } })
  expect(await at('systemd-boot', 1666)).toEqual({
    kind: 'systemd-boot-editor',
    editor: { title, width: 78, text: START },
  })
  expect(await at('systemd-boot', 4978)).toMatchObject({ menu: { hint: expect.stringMatching(/^\(d\)efault/) } })
})

it('reads systemd-boot where the firmware’s terminal is narrower than it believes', async () => {
  expect(await at('systemd-boot-cut', 716)).toMatchObject({ kind: 'systemd-boot-menu', menu: { countdown: 12 } })
  expect(await at('systemd-boot-cut', 1874)).toMatchObject({
    kind: 'systemd-boot-editor',
    editor: { width: 98, text: `${START}troot=iscsi:169.254.` },
  })
  // The cursor blinks behind the text, and below it: that is left out.
  expect(await at('systemd-boot-cut', 10372)).toMatchObject({
    editor: { width: 98, text: expect.stringMatching(/^pi=0 ipmi_si.* console=ttyS0,115200 init=\/bin\/bash$/) },
  })
})

it('reads the firmware’s menus, by their ground and their highlight', async () => {
  const front = ['Select Language', 'Device Manager', 'Boot Manager', 'Boot Maintenance Manager', 'Continue', 'Reset']

  expect(await at('firmware-menus', 6991)).toEqual({
    kind: 'firmware-menu',
    menu: { page: 'front', items: front, selected: 'Select Language' },
  })
  expect(await at('firmware-menus', 8812)).toMatchObject({ menu: { page: 'front', selected: 'Reset' } })
  expect(await at('firmware-menus', 16668)).toMatchObject({
    menu: { page: 'boot-manager', selected: 'EFI Internal Shell' },
  })
  expect(await at('firmware-menus', 19768)).toEqual({ kind: 'uefi-shell' })
})
