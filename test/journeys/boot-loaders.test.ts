/**
 * Real boot loaders, each caught after a reset and made to boot an entry with more
 * arguments by the drivers that a rescue uses. What was booted, the kernel says.
 */
import { expect, it } from 'vitest'
import { Console } from '../../core/console/console.ts'
import { catchBootLoader } from '../../core/grub/catch.ts'
import { driverFor } from '../../core/grub/driver-for.ts'
import { bootOption, leaveFirmware, openFirmware } from '../../core/grub/firmware.ts'
import type { WantedEntry } from '../../core/grub/grub.ts'
import type { RigClass } from '../rigs/classes.ts'
import { argumentsOfLength, type LinuxEntry, type RigConfig } from '../rigs/options.ts'
import { startRig } from '../rigs/rig.ts'
import {
  BOOT_MS,
  drive,
  driveRig,
  expectBootWithoutMenu,
  expectEditWithPassword,
  expectNoBootWithoutPassword,
  expectPreviousKernel,
  onRig,
  TOKENS,
  within,
} from './loader-journey.ts'

const CLASSES: readonly RigClass[] = [
  'bios-serial',
  'bios-console',
  'uefi-serial',
  'uefi-console',
  'uefi-console-cut',
  'uefi-both',
  'arm64-console',
  'grub-legacy',
  'systemd-boot',
]

it.each(CLASSES)('boots the default entry with more arguments: %s', async (rigClass) => {
  const { booted, unedited } = await drive({ class: rigClass })

  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
})

it.each<RigClass>(['bios-serial', 'bios-console', 'uefi-console'])('opens a hidden menu: %s', async (rigClass) => {
  const { booted, unedited } = await drive({ class: rigClass, menu: { style: 'hidden', timeout: 5 } })

  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
})

it('stops a countdown without a menu', async () => {
  const { booted, unedited } = await drive({ class: 'bios-serial', menu: { style: 'countdown', timeout: 5 } })

  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
})

it('stays in a nested menu, as Debian and Ubuntu have it on UEFI', async () => {
  const { booted, unedited } = await drive({ class: 'uefi-console', menu: { nested: true } })

  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
})

it('catches a menu that is there for one second', async () => {
  const { booted, unedited } = await drive({ class: 'bios-serial', menu: { timeout: 1 } })

  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
})

it.each<RigClass>(['bios-serial', 'uefi-console'])('reads back a line of 1,900 columns: %s', async (rigClass) => {
  const line = 'linux   /vmlinuz '
  const entries = [{ title: 'Long', arguments: argumentsOfLength(1900 - line.length) }]
  const { booted, unedited } = await drive({ class: rigClass, menu: { entries } })

  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
})

it('edits with the password that the operator gives, after a wrong one', () => expectEditWithPassword('bios-serial'))

it('boots nothing when nobody knows the password', () => expectNoBootWithoutPassword('bios-serial'))

it('does not boot what GRUB legacy would cut off without a word', async () => {
  const entries = [{ title: 'Long', arguments: argumentsOfLength(240) }]
  await using rig = await startRig({ class: 'grub-legacy', menu: { entries } }, within())

  const driven = driveRig(rig, { kind: 'default' }, {})

  await expect(driven).rejects.toMatchObject({ code: 'kernel-line-too-long' })
  await expect(rig.bootedWith(AbortSignal.timeout(500))).rejects.toThrow('timeout')
})

it.each<[WantedEntry, number]>([
  [{ kind: 'title', title: 'Linux number 20' }, 20],
  [{ kind: 'title', title: 'Advanced options>Inner number 3' }, 103],
])('finds %o in a scrolled menu of 34 entries and a submenu', async (wanted, number) => {
  const numbered = (title: string, from: number, count: number): LinuxEntry[] =>
    Array.from({ length: count }, (_, n) => ({
      title: `${title} number ${n}`,
      arguments: `entry=${from + n} ro console=ttyS0`,
    }))
  const submenu = { title: 'Advanced options', entries: numbered('Inner', 100, 5) }
  const entries = [...numbered('Linux', 0, 33), submenu]
  const { booted } = await drive({ class: 'bios-serial', menu: { entries } }, wanted)

  expect(booted).toBe(`BOOT_IMAGE=/vmlinuz entry=${number} ro console=ttyS0 ${TOKENS.join(' ')}`)
})

it('takes `linux16` for a kernel line', async () => {
  const entries: LinuxEntry[] = [{ title: 'Old', arguments: 'ro console=ttyS0', keyword: 'linux16' }]
  const { booted } = await drive({ class: 'bios-serial', menu: { entries } })

  expect(booted).toBe(`BOOT_IMAGE=/vmlinuz ro console=ttyS0 ${TOKENS.join(' ')}`)
})

it.each<RigConfig>(['elsewhere', 'entries'])('boots a GRUB that has no menu: %s', (config) =>
  expectBootWithoutMenu('bios-serial', config),
)

it.each<RigClass>(['bios-serial', 'grub-legacy'])(
  'boots the previous kernel once, as its entry has it: %s',
  (rigClass) => expectPreviousKernel(rigClass, '/vmlinuz'),
)

it('boots an entry from its menu when only its editor wants a password', async () => {
  const password = { username: 'root', password: 'a Secret' }
  await using rig = await startRig({ class: 'bios-serial', menu: { password } }, within())
  const wanted = 'Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-55'
  const entry = await onRig(rig, (loader, console) =>
    loader.bootEntry(console, { entry: { kind: 'title', title: wanted } }, within()),
  )

  expect(entry).toMatchObject({ title: 'Debian GNU/Linux, with Linux 6.1.0-55', version: '6.1.0-55' })
  expect(await rig.bootedWith(within())).toContain(' previous root=')
})

it('goes through the menus of the firmware to a boot loader', async () => {
  // The way there is what this is about; a menu that is there for a moment may be missed on a busy machine.
  await using rig = await startRig({ class: 'uefi-console', menu: { timeout: 20 }, firmwareMs: 10_000 }, within())
  await using console = new Console(rig.openChannel())
  await rig.reset()

  expect(await openFirmware(console, BOOT_MS, within())).toBe(true)
  // What OVMF calls the rig's disk; on OCI it is `UEFI ORACLE BlockVolume`.
  await bootOption(console, /^UEFI Misc Device/, within())
  const menu = await catchBootLoader(console, { appearMs: BOOT_MS }, within())
  await driverFor(menu).bootWithArguments(console, { tokens: TOKENS, entry: { kind: 'default' } }, within())

  expect(await rig.bootedWith(within())).toBe(`${rig.unedited} ${TOKENS.join(' ')}`)
})

it('leaves the menus of the firmware by its own way on', async () => {
  await using rig = await startRig({ class: 'uefi-console', menu: { timeout: 0 }, firmwareMs: 10_000 }, within())
  await using console = new Console(rig.openChannel())
  await rig.reset()
  await openFirmware(console, BOOT_MS, within())

  await leaveFirmware(console, within())

  expect(await rig.bootedWith(within())).toBe(rig.unedited)
})
