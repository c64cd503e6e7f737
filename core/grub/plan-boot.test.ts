import { expect, it } from 'vitest'
import type { BootOffer } from './boot-files.ts'
import { type Disks, planBoot, type Volume } from './plan-boot.ts'

function volume(device: string, files: readonly string[], more: Partial<Volume> = {}): Volume {
  return { device, uuid: device, files: new Set(files), fstabRoot: undefined, ...more }
}

function offer(title: string, version: string, more: Partial<BootOffer> = {}): BootOffer {
  const paths = { kernel: `/vmlinuz-${version}`, initrds: [`/initrd.img-${version}`] }
  return { title, names: [title], keyword: 'linux', ...paths, arguments: 'root=/dev/sda1 ro', uuid: undefined, ...more }
}

function filesOf(...versions: readonly string[]): string[] {
  return versions.flatMap((version) => [`/vmlinuz-${version}`, `/initrd.img-${version}`])
}

function disks(offers: readonly BootOffer[], volumes: readonly Volume[], more: Partial<Disks> = {}): Disks {
  const [first = volume('(hd0)', [])] = volumes
  const environment = new Map<string, string>()
  return {
    volumes,
    offers: offers.map((one) => ({ offer: one, volume: first })),
    environment,
    processor: 'x86_64',
    ...more,
  }
}

const DEFAULT = { kind: 'default' } as const
const BOOT = volume('(hd0,gpt2)', filesOf('6.1.0-18', '6.1.0-17'))

it('boots what the first entry says, and adds the serial line when nothing says where to speak', () => {
  expect(planBoot(disks([offer('Debian', '6.1.0-18')], [BOOT]), DEFAULT)).toEqual({
    title: 'Debian',
    linux: 'linux (hd0,gpt2)/vmlinuz-6.1.0-18 root=/dev/sda1 ro console=ttyS0,115200',
    initrd: 'initrd (hd0,gpt2)/initrd.img-6.1.0-18',
  })
})

it('keeps the entry’s own word for `linux`', () => {
  const efi = offer('Oracle', '6.1.0-18', { keyword: 'linuxefi', arguments: 'root=/dev/sda1 console=tty0' })

  expect(planBoot(disks([efi], [BOOT]), DEFAULT)).toMatchObject({
    linux: 'linuxefi (hd0,gpt2)/vmlinuz-6.1.0-18 root=/dev/sda1 console=tty0',
    initrd: 'initrdefi (hd0,gpt2)/initrd.img-6.1.0-18',
  })
})

it('takes the file system that the entry searches for, not another with files of the same names', () => {
  const other = volume('(hd1,gpt2)', filesOf('6.1.0-18'))
  const searched = offer('Debian', '6.1.0-18', { uuid: '(hd1,gpt2)' })

  expect(planBoot(disks([searched], [BOOT, other]), DEFAULT).linux).toMatch(/^linux \(hd1,gpt2\)/)
})

it.each<[string, Partial<BootOffer>]>([
  ['has no root', { arguments: 'ro quiet' }],
  ['has an initramfs that is not there', { initrds: ['/gone.img'] }],
  ['could not be read for sure', { arguments: 'root=/dev/sda1 ro con\ufffdsole=ttyS0' }],
])('passes over an entry that %s', (_, wrong) => {
  const offers = [offer('First', '6.1.0-18', wrong), offer('Second', '6.1.0-17')]

  expect(planBoot(disks(offers, [BOOT]), DEFAULT).title).toBe('Second')
})

it.each([
  ['default', '1'],
  ['default', 'Advanced>Second'],
  ['saved_entry', 'second-id'],
])('takes the entry that GRUB’s %s names: %s', (name, value) => {
  const names = ['Advanced>Second', '1', 'second-id']
  const offers = [offer('First', '6.1.0-18'), offer('Second', '6.1.0-17', { names })]

  expect(planBoot(disks(offers, [BOOT], { environment: new Map([[name, value]]) }), DEFAULT).title).toBe('Second')
})

it('does not take what only rescues for the usual one', () => {
  const offers = [offer('Debian (recovery mode)', '6.1.0-18'), offer('Debian', '6.1.0-17')]

  expect(planBoot(disks(offers, [BOOT]), DEFAULT).title).toBe('Debian')
})

it('says which entries there are when the wanted one is not among them', () => {
  const wanted = { kind: 'title', title: 'Windows' } as const

  expect(() => planBoot(disks([offer('Debian', '6.1.0-18')], [BOOT]), wanted)).toThrow(
    expect.objectContaining({ code: 'no-such-entry', details: { wanted: 'Windows', entries: 'Debian' } }),
  )
})
