import { describe, expect, it } from 'vitest'
import { Grub, type GrubEntry, type GrubOptions } from '../../test/helpers/grub.ts'
import { GrubLock } from '../../test/helpers/grub-lock.ts'
import { typingThrough } from '../../test/helpers/typing-through.ts'
import type { Channel } from '../console/channel.ts'
import { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { catchBootLoader } from './catch.ts'
import type { WantedEntry } from './grub.ts'
import { grub2 } from './grub2.ts'

function linux(title: string, kernel = title): GrubEntry {
  return {
    title,
    lines: ['\tinsmod gzio', `\tlinux\t/boot/vmlinuz-${kernel} root=/dev/sda1 ro`, '\tinitrd\t/boot/initrd'],
  }
}

const DEBIAN: readonly GrubEntry[] = [
  linux('Debian GNU/Linux', '6.1.0-18-amd64'),
  {
    title: 'Advanced options for Debian GNU/Linux',
    lines: [],
    entries: [
      linux('Debian GNU/Linux, with Linux 6.1.0-18-amd64', '6.1.0-18-amd64'),
      linux('Debian GNU/Linux, with Linux 6.1.0-18-amd64 (recovery mode)', '6.1.0-18-amd64 single'),
      linux('Debian GNU/Linux, with Linux 6.1.0-9-amd64', '6.1.0-9-amd64'),
      linux('Debian GNU/Linux, with Linux 6.1.0-17-amd64', '6.1.0-17-amd64'),
    ],
  },
  { title: 'UEFI Firmware Settings', lines: ['\tfwsetup'] },
]

async function boot(entry: WantedEntry, options: Partial<GrubOptions> = {}) {
  const signal = AbortSignal.timeout(60_000)
  const grub = new Grub({ entries: DEBIAN, timeout: 9, ...options })
  await using console = new Console(grub)
  const caught = catchBootLoader(console, {}, signal)
  grub.powerOn()
  await caught
  const booted = await grub2
    .bootWithArguments(console, { tokens: ['rw'], entry }, signal)
    .catch((thrown: unknown) => thrown)
  return { grub, booted, line: grub.booted?.find((line) => line.includes('vmlinuz')) }
}

function kernelLine(kernel: string): string {
  return `\tlinux\t/boot/vmlinuz-${kernel} root=/dev/sda1 ro rw`
}

/** An Escape comes once more, so many milliseconds after the highlight has moved in a submenu: pressed again, and late. */
function withLateEscape(grub: Grub, delayMs: number): Channel {
  let isInSubmenu = false
  let isDue = true
  return typingThrough(grub, async (bytes) => {
    const key = Buffer.from(bytes).toString('latin1')
    await grub.write(bytes)
    isInSubmenu ||= key === keys.enter
    if (!isInSubmenu || !isDue || (key !== keys.nextLine && key !== keys.previousLine)) return
    isDue = false
    setTimeout(() => void grub.write(Buffer.from(keys.escape, 'latin1')).catch(() => undefined), delayMs)
  })
}

describe.concurrent('the wanted entry', () => {
  it.each([50, 150, 250])('or none is booted when an Escape comes late, after %i ms', async (delayMs) => {
    const signal = AbortSignal.timeout(60_000)
    const grub = new Grub({ entries: DEBIAN, timeout: 9 })
    await using console = new Console(withLateEscape(grub, delayMs))
    const caught = catchBootLoader(console, {}, signal)
    grub.powerOn()
    await caught

    await grub2.bootEntry(console, { entry: { kind: 'previous-kernel' } }, signal).catch(() => undefined)

    const line = grub.booted?.find((one) => one.includes('vmlinuz'))
    expect([undefined, kernelLine('6.1.0-17-amd64').replace(' rw', '')]).toContain(line)
  })

  it('boots the one that would boot', async () => {
    expect((await boot({ kind: 'default' })).line).toBe(kernelLine('6.1.0-18-amd64'))
  })

  it('goes into the submenu that would boot', async () => {
    const { line } = await boot({ kind: 'default' }, { entries: DEBIAN.slice(1) })

    expect(line).toBe(kernelLine('6.1.0-18-amd64'))
  })

  it.each(['6.1.0-9-amd64', '6.1.0-17-amd64'])('finds a title in a submenu: %s', async (kernel) => {
    const { line } = await boot({ kind: 'title', title: `Debian GNU/Linux, with Linux ${kernel}` })

    expect(line).toBe(kernelLine(kernel))
  })

  it('takes a path of titles', async () => {
    const title = 'Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6.1.0-9-amd64'

    expect((await boot({ kind: 'title', title })).line).toBe(kernelLine('6.1.0-9-amd64'))
  })

  it('takes the newest kernel that is older, by its numbers and not in another mode', async () => {
    const { line, booted } = await boot({ kind: 'previous-kernel' })

    expect(line).toBe(kernelLine('6.1.0-17-amd64'))
    expect(booted).toMatchObject({ title: 'Debian GNU/Linux, with Linux 6.1.0-17-amd64' })
  })

  it('finds the previous kernel in a flat menu, as Oracle Linux has it', async () => {
    const entries = [
      linux('Oracle Linux Server (5.15.0-204.147.6.2.el9uek.x86_64) 9.4', '5.15.0-204.147.6.2.el9uek.x86_64'),
      linux('Oracle Linux Server (5.14.0-427.18.1.el9_4.x86_64) 9.4', '5.14.0-427.18.1.el9_4.x86_64'),
      linux('Oracle Linux Server (0-rescue-4c0ffee) 9.4', '0-rescue-4c0ffee'),
    ]

    expect((await boot({ kind: 'previous-kernel' }, { entries })).line).toBe(kernelLine('5.14.0-427.18.1.el9_4.x86_64'))
  })

  it.each([0, 1, 11, 12, 33])('finds entry %i of 34, wherever the menu scrolls', async (number) => {
    const entries = Array.from({ length: 34 }, (_, index) => linux(`Entry number ${index}`, `5.${index}.0`))
    const { line, grub } = await boot({ kind: 'title', title: `Entry number ${number}` }, { entries })

    expect(line).toBe(kernelLine(`5.${number}.0`))
    expect(grub.keys).not.toContain('\r')
  })

  it('finds it when keys that move the highlight get lost', async () => {
    const entries = Array.from({ length: 15 }, (_, index) => linux(`Entry number ${index}`, `5.${index}.0`))
    const loses = (key: number) => key % 9 === 4
    const { line } = await boot({ kind: 'title', title: 'Entry number 13' }, { entries, loses })

    expect(line).toBe(kernelLine('5.13.0'))
  })

  it('knows a title by its visible part, and one that is not ASCII by what is left of it', async () => {
    const long = `A long title ${'that goes on and on '.repeat(5)}to its end`
    const entries = [linux('First'), linux(long, 'long'), linux('Système de secours', 'accent')]

    expect((await boot({ kind: 'title', title: long }, { entries })).line).toBe(kernelLine('long'))
    expect((await boot({ kind: 'title', title: 'Système de secours' }, { entries })).line).toBe(kernelLine('accent'))
  })

  it('says so when a visible part can be two titles', async () => {
    const long = `A long title ${'that goes on and on '.repeat(5)}`
    const entries = [linux(`${long} one`), linux(`${long} two`)]
    const { booted, grub } = await boot({ kind: 'title', title: `${long} one` }, { entries })

    expect(booted).toMatchObject({ code: 'ambiguous-entry' })
    expect(grub.booted).toBeUndefined()
  })

  it('says which entries there are when none has the title, and boots none', async () => {
    const { booted, grub } = await boot({ kind: 'title', title: 'Windows' })

    expect(booted).toMatchObject({
      code: 'no-such-entry',
      details: { wanted: 'Windows', entries: expect.stringMatching(/UEFI Firmware Settings;.*6\.1\.0-17-amd64$/) },
    })
    expect(grub.booted).toBeUndefined()
  })

  it('takes the newest for the one that boots when that has no version', async () => {
    const [, advanced] = DEBIAN
    const entries = [
      linux('Debian GNU/Linux', 'current root=UUID=1 netroot=iscsi:169.254.0.2'),
      ...(advanced ? [advanced] : []),
    ]

    expect((await boot({ kind: 'previous-kernel' }, { entries })).line).toBe(kernelLine('6.1.0-17-amd64'))
  })

  it('says so when there is no older kernel', async () => {
    const { booted } = await boot({ kind: 'previous-kernel' }, { entries: [linux('Debian', '6.1.0-9-amd64')] })

    expect(booted).toMatchObject({ code: 'no-such-entry' })
  })

  it('finds entries in a nested menu without leaving it', async () => {
    const { line, grub } = await boot(
      { kind: 'title', title: 'Debian GNU/Linux, with Linux 6.1.0-9-amd64' },
      { nested: true },
    )

    expect(line).toBe(kernelLine('6.1.0-9-amd64'))
    expect(grub.commands).toEqual([])
  })
})

describe.concurrent('an entry as it is', () => {
  const USER = { username: 'root', password: 'a secret' }

  async function bootAsIs(entry: WantedEntry, options: Partial<GrubOptions> = {}, lock?: 'nobody knows' | 'known') {
    const signal = AbortSignal.timeout(60_000)
    const grub = new Grub({ entries: DEBIAN, timeout: 9, ...options })
    const guard = new GrubLock(grub, lock === undefined ? undefined : USER)
    await using console = new Console(typingThrough(grub, (bytes) => guard.write(bytes)))
    const catching = catchBootLoader(console, {}, signal)
    grub.powerOn()
    await catching
    const hooks = lock === 'known' ? { askPassword: async () => USER } : {}
    const booted = await grub2.bootEntry(console, { entry }, signal, hooks).catch((thrown: unknown) => thrown)
    return { grub, booted, lines: grub.booted?.filter((line) => line !== '' && !line.startsWith('setparams')) }
  }

  const older = DEBIAN[1]?.entries?.[3]

  it('is booted with nothing added, and its kernel told', async () => {
    const { booted, lines } = await bootAsIs({ kind: 'previous-kernel' })

    expect(lines).toEqual(older?.lines)
    expect(booted).toEqual({
      title: older?.title,
      kernel: '/boot/vmlinuz-6.1.0-17-amd64',
      version: '6.1.0-17-amd64',
      edits: [],
    })
  })

  it('is found by its title, in a submenu, too', async () => {
    const { booted } = await bootAsIs({ kind: 'title', title: 'Debian GNU/Linux, with Linux 6.1.0-9-amd64' })

    expect(booted).toMatchObject({ kernel: '/boot/vmlinuz-6.1.0-9-amd64' })
  })

  it('is looked into to its end, where the kernel’s line is below what shows first', async () => {
    const before = Array.from({ length: 20 }, (_, index) => `\tinsmod module${index}`)
    const long = { title: 'Long', lines: [...before, '\tlinux\t/vmlinuz-6.1.0 root=/dev/sda1', '\tinitrd\t/initrd'] }
    const { booted, lines } = await bootAsIs({ kind: 'default' }, { entries: [long] })

    expect([booted, lines]).toEqual([expect.objectContaining({ kernel: '/vmlinuz-6.1.0' }), long.lines])
  })

  it('may be a unified kernel, which takes no arguments but needs none', async () => {
    const entries = [{ title: 'Unified', lines: ['\tchainloader /EFI/Linux/oracle-6.1.0-18.efi'] }]

    expect((await bootAsIs({ kind: 'default' }, { entries })).booted).toMatchObject({
      kernel: '/EFI/Linux/oracle-6.1.0-18.efi',
    })
  })

  it.each<[WantedEntry, readonly string[] | undefined]>([
    [{ kind: 'default' }, DEBIAN[0]?.lines],
    [{ kind: 'title', title: `${DEBIAN[1]?.title}>${older?.title}` }, older?.lines],
  ])('is booted from its menu when nobody knows the password: %o', async (wanted, expected) => {
    const { booted, lines } = await bootAsIs(wanted, {}, 'nobody knows')

    expect(lines).toEqual(expected)
    expect(booted).toMatchObject({ kernel: undefined, edits: [] })
  })

  it('is looked into with the password that somebody knows', async () => {
    const { booted } = await bootAsIs({ kind: 'previous-kernel' }, {}, 'known')

    expect(booted).toMatchObject({ kernel: '/boot/vmlinuz-6.1.0-17-amd64' })
  })

  it('is not found in a submenu that nobody may look for, and then none is booted', async () => {
    const { grub, booted } = await bootAsIs({ kind: 'previous-kernel' }, {}, 'nobody knows')

    expect(booted).toMatchObject({ code: 'no-such-entry' })
    expect(grub.booted).toBeUndefined()
  })
})
