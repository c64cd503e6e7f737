import { expect, it } from 'vitest'
import { moment, recording } from '../../test/helpers/recordings.ts'
import { TerminalClassifier } from './terminal-class.ts'

const GRUB_CLEARS = '\u001b[H\u001b[J\u001b[1;1H'
const UEFI_BEGINS = '\u001b[2J\u001b[01;01H\u001b[=3h\u001b[2J\u001b[01;01H'
const BIOS_BEGINS = '\u001bc\u001b[?7l\u001b[2J\u001b[0mSeaBIOS (version 1.16.2)\r\n'

function classOf(...pieces: Array<string | Uint8Array>) {
  const classifier = new TerminalClassifier()
  let last = classifier.read(Buffer.alloc(0))
  for (const piece of pieces) last = classifier.read(Buffer.from(piece))
  return `${last.kind} ${last.columns}x${last.rows}`
}

it.each([
  ['menu.01-menu-countdown', 'grub-serial 80x24'],
  ['efi-serial-80.01-menu', 'grub-serial 80x24'],
  ['efi-console-100.01-menu', 'uefi-console 100x31'],
  ['bios-sercon.01-menu', 'bios-console 80x25'],
  ['login.01-login-prompt', 'plain 80x24'],
])('tells who draws at %s', (label, terminal) => {
  const { bytes } = moment(label)

  expect(classOf(bytes)).toBe(terminal)
  expect(classOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toBe(terminal)
})

it('knows two terminals over each other, and when one of them is alone again', () => {
  const bytes = recording('efi-both')

  expect(classOf(bytes.subarray(0, 6000))).toBe('uefi-console 80x50')
  expect(classOf(bytes.subarray(0, 8276))).toBe('both 80x50')
  expect(classOf(bytes.subarray(0, 16084))).toBe('both 80x50')
  expect(classOf(bytes)).toBe('grub-serial 80x24')
})

it('knows that GRUB’s serial terminal is alone as soon as it clears after a move of its own', () => {
  const both = recording('efi-both').subarray(0, 24458)

  expect(classOf(both, GRUB_CLEARS)).toBe('both 80x50')
  expect(classOf(both, '\u001b[11;7H \u001b[11;8H', GRUB_CLEARS)).toBe('grub-serial 80x24')
})

it('takes UEFI that goes on after GRUB left for UEFI, not for both', () => {
  expect(classOf(UEFI_BEGINS, GRUB_CLEARS, '\u001b[5;3Hmenu', '\u001b[2J\u001b[01;01Hfront page')).toMatch(
    /^uefi-console/,
  )
})

it('takes a machine that begins anew for what it is then', () => {
  expect(classOf(UEFI_BEGINS, GRUB_CLEARS, BIOS_BEGINS)).toBe('bios-console 80x25')
  expect(classOf(BIOS_BEGINS, UEFI_BEGINS)).toBe('uefi-console 80x25')
})

it('learns a size from where the cursor goes, or is told it', () => {
  expect(classOf(UEFI_BEGINS, '\u001b[05;99H')).toBe('uefi-console 100x31')
  expect(classOf(UEFI_BEGINS, '\u001b[05;127H')).toBe('uefi-console 128x40')
  expect(classOf(UEFI_BEGINS, '\u001b[8;040;128t')).toBe('uefi-console 128x40')
  expect(classOf(recording('efi-serial-250'))).toMatch(/^grub-serial 250x/)
})

it.each([
  ['\u001b[02;24HGNU GRUB  version 2.06-13+deb12u2\n\r', '80x25'],
  ['\u001b[02;34HGNU GRUB  version 2.06-13+deb12u2\n\r', '100x31'],
  ['\u001b[02;56HGRUB version 2.12\n\r', '128x40'],
  ['\u001b[02;34HGNU GRUB  version of something else\n\r', '80x25'],
])('learns it from where GRUB centres its title: %j', (title, size) => {
  expect(classOf(UEFI_BEGINS, title)).toBe(`uefi-console ${size}`)
})

it.each([
  '[    0.000000] Linux version 6.1.0\r\n',
  'EFI stub: Booting Linux Kernel...\r\n',
  'Welcome to \u001b[1mOracle Linux Server 8.9\u001b[0m!\r\n',
  'bash: no job control in this shell\r\n',
  '\u001b[?2004hroot@(none):/# ',
  'web-1 login: ',
])('lets the firmware’s size go when %j shows that Linux runs', (text) => {
  expect(classOf(UEFI_BEGINS, '\u001b[05;99H', '\u001b[2J\u001b[01;01H', text)).toBe('plain 80x24')
})

it('takes no greeting of GRUB, whole or in part, for Linux', () => {
  for (const text of ['Welcome to G', 'Welcome to GRUB!\r\n'])
    expect(classOf(UEFI_BEGINS, text)).toBe('uefi-console 80x25')
})

it('is not led to another size by a program that asks for the terminal’s', () => {
  expect(classOf(GRUB_CLEARS, '\u001b[32766;32766H\u001b[6n')).toBe('plain 80x24')
  expect(classOf(GRUB_CLEARS, '\u001b[32766;32766H')).toBe('grub-serial 80x24')
})
