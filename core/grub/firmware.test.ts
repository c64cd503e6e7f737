import { describe, expect, test } from 'vitest'
import { Firmware, type FirmwareOptions } from '../../test/helpers/firmware-menu.ts'
import { Console } from '../console/console.ts'
import { BOOT_VOLUME, bootOption, leaveFirmware, openFirmware } from './firmware.ts'

/** They mostly wait for silences: side by side they wait at once. */
const it = test.concurrent
const OPTIONS = ['UEFI Misc Device', 'UEFI PXEv4', 'UEFI ORACLE BlockVolume', 'EFI Internal Shell']

async function at(page: Parameters<Firmware['show']>[0], options: Partial<FirmwareOptions> = {}) {
  const firmware = new Firmware({ bootOptions: OPTIONS, ...options })
  const console = new Console(firmware.line)
  firmware.show(page)
  await console.until(
    'shell-prompt',
    (view) => (view.text === '' ? undefined : true),
    5000,
    AbortSignal.timeout(5000),
    {
      quietMs: 100,
    },
  )
  return { firmware, console, signal: AbortSignal.timeout(55_000) }
}

it.each(['front', 'boot-manager', 'other'] as const)('boots the boot volume from the page %s', async (page) => {
  const { firmware, console, signal } = await at(page)
  await using _ = console

  expect(await bootOption(console, BOOT_VOLUME, signal)).toBe('UEFI ORACLE BlockVolume')
  expect(firmware.started).toBe('UEFI ORACLE BlockVolume')
})

it('opens the menus of firmware that starts, with one Escape', async () => {
  const firmware = new Firmware({ bootOptions: OPTIONS })
  await using console = new Console(firmware.line)
  const opening = openFirmware(console, 20_000, AbortSignal.timeout(55_000))
  firmware.powerOn()

  expect([await opening, firmware.keys]).toEqual([true, '\u001b'])
})

it('boots the right option also when keys get lost', async () => {
  const { firmware, console, signal } = await at('front', { loses: (key) => key % 3 === 1 })
  await using _ = console

  await bootOption(console, BOOT_VOLUME, signal)
  expect(firmware.started).toBe('UEFI ORACLE BlockVolume')
})

it.each<[string, (highlight: number) => boolean]>([
  ['as the page is drawn', (highlight) => highlight === 0],
  ['on the way to the option', (highlight) => [1, 4].includes(highlight)],
])('boots the right option also when a highlight comes torn: %s', async (_, tears) => {
  const { firmware, console, signal } = await at('front', { tears })
  await using __ = console

  await bootOption(console, BOOT_VOLUME, signal)
  expect(firmware.started).toBe('UEFI ORACLE BlockVolume')
})

it('opens the menus of firmware that starts also when their first page comes torn', async () => {
  const firmware = new Firmware({ bootOptions: OPTIONS, tears: (highlight) => highlight === 0 })
  await using console = new Console(firmware.line)
  const opening = openFirmware(console, 20_000, AbortSignal.timeout(55_000))
  firmware.powerOn()

  expect(await opening).toBe(true)
})

it('says what the firmware offers when the boot volume is not among it, and starts nothing', async () => {
  const { firmware, console, signal } = await at('front', { bootOptions: ['UEFI PXEv4', 'EFI Internal Shell'] })
  await using _ = console

  await expect(bootOption(console, BOOT_VOLUME, signal)).rejects.toMatchObject({
    code: 'no-boot-option',
    details: { options: 'UEFI PXEv4; EFI Internal Shell' },
  })
  expect(firmware.started).toBeUndefined()
})

it.each(['front', 'boot-manager', 'other', 'shell'] as const)('leaves the page %s by its own way on', async (page) => {
  const { firmware, console, signal } = await at(page)
  await using _ = console

  await leaveFirmware(console, signal)
  expect(firmware.started).toBe('Continue')
})

describe.concurrent('without an item “Continue”', () => {
  const noDisk = ['UEFI PXEv4', 'EFI Internal Shell']

  it.each<[string, Partial<FirmwareOptions>]>([
    ['Exit', { frontItems: ['Main', 'Exit'] }],
    ['UEFI ORACLE BlockVolume', { frontItems: ['Sprache', 'Boot Manager', 'Weiter', 'Reset'] }],
    ['Reset', { frontItems: ['Boot Manager', 'Weiter', 'Reset'], bootOptions: noDisk }],
  ])('leaves by %s', async (way, options) => {
    const { firmware, console, signal } = await at('other', options)
    await using _ = console

    await leaveFirmware(console, signal)
    expect(firmware.started).toBe(way)
  })

  it('says so, with the screen, when nothing is known to lead out', async () => {
    const options = { frontItems: ['Sprache', 'Boot Manager', 'Weiter'], bootOptions: noDisk }
    const { firmware, console, signal } = await at('front', options)
    await using _ = console

    await expect(leaveFirmware(console, signal)).rejects.toMatchObject({
      code: 'firmware-not-left',
      message: expect.stringContaining('Weiter'),
    })
    expect(firmware.started).toBeUndefined()
  })
})

it('discards what somebody has changed in the menus, and does not save it', async () => {
  const { firmware, console, signal } = await at('other', { unsaved: true })
  await using _ = console

  await leaveFirmware(console, signal)
  expect([firmware.changes, firmware.started]).toEqual(['discarded', 'Continue'])
})

it('types nothing where no firmware is', async () => {
  const { firmware, console, signal } = await at('front')
  await using _ = console
  firmware.line.say(Buffer.from('\u001b[0m\u001b[2J\u001b[01;01H[    0.000000] Linux version 6.1.0\r\nweb-1 login: '))
  await console.until('shell-prompt', (view) => (view.text.endsWith('login:') ? true : undefined), 5000, signal)

  await leaveFirmware(console, signal)
  expect(await openFirmware(console, 5000, signal)).toBe(false)
  expect(firmware.keys).toBe('')
})
