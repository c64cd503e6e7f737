import { describe, expect, test } from 'vitest'
import { FaultyChannel } from '../../test/helpers/faulty-channel.ts'
import { LegacyGrub, type LegacyOptions } from '../../test/helpers/grub-legacy.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import type { BootHooks, BootRequest, WantedEntry } from './grub.ts'
import { grubLegacy } from './grub-legacy.ts'

/** They mostly wait for silences: side by side they wait at once. */
const it = test.concurrent
const REQUEST: BootRequest = { tokens: ['init=/bin/bash'], entry: { kind: 'default' } }

/** A `kernel` line of so many columns. */
function kernelLine(columns: number, end = 'x'): string {
  const words = Array.from({ length: 300 }, (_, index) => ` arg${index}=${'value'.slice(index % 5)}`).join('')
  return `kernel /boot/vmlinuz${words}`.slice(0, columns - end.length) + end
}

function entry(title: string, ...kernel: string[]) {
  return { title, commands: ['root (hd0,0)', ...kernel, 'initrd /boot/initramfs.img'] }
}

async function rescue(options: Partial<LegacyOptions>, request = REQUEST, hooks: BootHooks = {}) {
  const grub = new LegacyGrub({ entries: [entry('Oracle Linux', kernelLine(380))], ...options })
  await using console = new Console(grub.line)
  await using _ = grub
  grub.powerOn()
  const booted = await grubLegacy.bootWithArguments(console, request, AbortSignal.timeout(110_000), hooks)
  return { grub, booted }
}

// 66 to 68: the line fills the window with the prompt; 134 and 201: it fills one of the later ones.
it.each([40, 67, 68, 134, 380, 1400])('appends to a line of %i columns and boots exactly that', async (columns) => {
  const { grub, booted } = await rescue({ entries: [entry('Oracle Linux', kernelLine(columns))] })

  expect(grub.booted?.[1]).toBe(`${kernelLine(columns)} init=/bin/bash`)
  expect(booted.edits).toEqual([{ before: kernelLine(columns), after: `${kernelLine(columns)} init=/bin/bash` }])
})

it('boots another entry by its title, also one that is scrolled away, and leaves the others alone', async () => {
  const entries = Array.from({ length: 20 }, (_, index) =>
    entry(`Entry ${index}`, kernelLine(60, `root=/dev/sda${index}`)),
  )
  const request: BootRequest = { tokens: ['single'], entry: { kind: 'title', title: 'Entry 17' } }
  const { grub, booted } = await rescue({ entries }, request)

  expect(booted.title).toBe('Entry 17')
  expect(grub.booted?.[1]).toBe(`${kernelLine(60, 'root=/dev/sda17')} single`)
})

it('finds the previous kernel by its version', async () => {
  const titles = [
    'Oracle Linux (4.1.12-124.el6uek)',
    'Oracle Linux (2.6.32-754.el6)',
    'Oracle Linux (4.1.12-61.el6uek)',
  ]
  const entries = titles.map((title) => entry(title, kernelLine(60, title.slice(-8))))
  const { booted } = await rescue({ entries }, { tokens: ['single'], entry: { kind: 'previous-kernel' } })

  expect(booted.title).toBe('Oracle Linux (4.1.12-61.el6uek)')
})

describe.concurrent('an entry as it is', () => {
  const kernels = ['4.1.12-124.el6uek', '2.6.32-754.el6', '4.1.12-61.el6uek']
  const entries = kernels.map((version, index) => ({
    title: `Oracle Linux ${index}`,
    commands: ['root (hd0,0)', `kernel /vmlinuz-${version} ro`, `initrd /initrd-${version}`],
  }))

  async function booted(entry: WantedEntry, options: Partial<LegacyOptions> = {}) {
    const grub = new LegacyGrub({ entries, ...options })
    await using console = new Console(grub.line)
    await using _ = grub
    grub.powerOn()
    return { grub, entry: await grubLegacy.bootEntry(console, { entry }, AbortSignal.timeout(50_000)) }
  }

  it('is booted, and its kernel told', async () => {
    const { grub, entry } = await booted({ kind: 'title', title: 'Oracle Linux 1' })

    expect(grub.booted).toEqual(entries[1]?.commands)
    const kernel = `/vmlinuz-${kernels[1]}`
    expect(entry).toEqual({ title: 'Oracle Linux 1', kernel, version: kernels[1], edits: [] })
  })

  it('is the previous kernel by its commands, where titles do not say it', async () => {
    const { grub, entry } = await booted({ kind: 'previous-kernel' })

    expect([entry.title, grub.booted]).toEqual(['Oracle Linux 2', entries[2]?.commands])
  })

  it('is booted from a menu that is locked, too, and asks nobody', async () => {
    const { grub, entry } = await booted({ kind: 'title', title: 'Oracle Linux 1' }, { password: 'opensesame' })

    expect(grub.booted).toEqual(entries[1]?.commands)
    expect(entry).toEqual({ title: 'Oracle Linux 1', kernel: undefined, version: undefined, edits: [] })
  })
})

it('says which entries there are when the wanted one is not among them', async () => {
  const missing = rescue({}, { tokens: ['single'], entry: { kind: 'title', title: 'Oracle Linux 7' } })

  await expect(missing).rejects.toMatchObject({ code: 'no-such-entry', details: { entries: 'Oracle Linux' } })
})

it('gives the arguments to the kernel that Xen starts, not to Xen', async () => {
  const xen = ['kernel /xen.gz dom0_mem=512M', 'module /vmlinuz-4.1.12 root=/dev/sda1', 'module /initramfs.img']
  const { grub } = await rescue({ entries: [{ title: 'Oracle VM', commands: ['root (hd0,0)', ...xen] }] })

  expect(grub.booted).toEqual(['root (hd0,0)', xen[0], `${xen[1]} init=/bin/bash`, xen[2]])
})

it('edits each kernel line of an entry that has two', async () => {
  const { grub, booted } = await rescue({ entries: [entry('Two', kernelLine(90, 'one'), kernelLine(90, 'two'))] })

  expect(grub.booted?.slice(1, 3)).toEqual([
    `${kernelLine(90, 'one')} init=/bin/bash`,
    `${kernelLine(90, 'two')} init=/bin/bash`,
  ])
  expect(booted.edits).toHaveLength(2)
})

it('puts the arguments before what is meant for init', async () => {
  const { grub } = await rescue({ entries: [entry('Oracle Linux', `${kernelLine(200)} -- single`)] })

  expect(grub.booted?.[1]).toBe(`${kernelLine(200)} init=/bin/bash -- single`)
})

it.each([
  [['rootnoverify (hd0,0)', 'chainloader +1'], 'entry-not-linux'],
  [['kernel /xen.gz', 'module /netbsd'], 'entry-not-linux'],
  [['root (hd0,0)'], 'no-kernel-line'],
  // 255 characters are passed on, and these are 250.
  [[`kernel /vmlinuz ${'x'.repeat(250)}`], 'kernel-line-too-long'],
])('boots nothing, and shows the menu again, when an entry is %j', async (commands, code) => {
  const grub = new LegacyGrub({ entries: [{ title: 'Other', commands }] })
  await using _ = grub
  await using console = new Console(grub.line)
  grub.powerOn()

  await expect(grubLegacy.bootWithArguments(console, REQUEST, AbortSignal.timeout(50_000))).rejects.toMatchObject({
    code,
  })
  expect(grub.booted).toBeUndefined()
  expect(console.view().text).toContain("'c' for a command-line.")
})

it('boots the right edit whatever single byte of the screens is lost', async () => {
  // Two menus, two lists and a line are 9 kB: every byte of them in turn would take minutes.
  const places = Array.from({ length: 60 }, (_, index) => index * 151)
  const booted = places.map(async (losesByte) => {
    const entries = [entry('Oracle Linux', kernelLine(90)), entry('Old', kernelLine(70))]
    const grub = new LegacyGrub({ entries, timeout: 50 })
    await using _ = grub
    await using console = new Console(new FaultyChannel(grub.line, { seed: 1, said: { losesByte } }))
    const signal = AbortSignal.timeout(55_000)
    const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
    grub.powerOn()
    await catching
    await grubLegacy.bootWithArguments(console, REQUEST, signal)
    return grub.booted?.[1]
  })

  expect(new Set(await Promise.all(booted))).toEqual(new Set([`${kernelLine(90)} init=/bin/bash`]))
})

it('boots the right edit when one key of thirty is lost, wherever that happens', async () => {
  const { grub } = await rescue({ entries: [entry('Oracle Linux', kernelLine(90))], loses: (key) => key % 30 === 7 })

  expect(grub.booted?.[1]).toBe(`${kernelLine(90)} init=/bin/bash`)
})

it('shows the edit before it boots it', async () => {
  const seen: string[] = []
  const grub = new LegacyGrub({ entries: [entry('Oracle Linux', kernelLine(150))] })
  await using _ = grub
  await using console = new Console(grub.line)
  grub.powerOn()
  const onEdited = () => void seen.push(String(grub.booted), console.view().text)

  await grubLegacy.bootWithArguments(console, REQUEST, AbortSignal.timeout(50_000), { onEdited })
  expect(seen).toEqual(['undefined', expect.stringContaining('init=/bin/bash')])
})

it('unlocks a menu with the password, and asks again when it was wrong', async () => {
  const attempts: number[] = []
  const askPassword = async (attempt: number) => {
    attempts.push(attempt)
    return { username: '', password: attempt === 1 ? 'wrong' : 'opensesame' }
  }
  const { grub } = await rescue({ password: 'opensesame' }, REQUEST, { askPassword })

  expect(attempts).toEqual([1, 2])
  expect(grub.booted?.[1]).toBe(`${kernelLine(380)} init=/bin/bash`)
})

it('says that GRUB wants a password when nobody knows it, and boots nothing', async () => {
  const grub = new LegacyGrub({ entries: [entry('Oracle Linux', kernelLine(80))], password: 'opensesame' })
  await using _ = grub
  await using console = new Console(grub.line)
  grub.powerOn()

  const booting = grubLegacy.bootWithArguments(console, REQUEST, AbortSignal.timeout(50_000))
  await expect(booting).rejects.toMatchObject({ code: 'grub-password' })
  expect(grub.booted).toBeUndefined()
})

async function caught(options: Partial<LegacyOptions>) {
  const signal = AbortSignal.timeout(50_000)
  const grub = new LegacyGrub({ entries: [entry('Oracle Linux', kernelLine(80))], ...options })
  await using _ = grub
  await using console = new Console(grub.line)
  const catching = catchBootLoader(console, { appearMs: 3000 }, signal)
  grub.powerOn()
  return { grub, sighting: await catching.catch((thrown: unknown) => thrown) }
}

it('is caught at its menu, and its countdown stopped', async () => {
  const { grub, sighting } = await caught({ timeout: 10, tickMs: 100 })

  expect(sighting).toMatchObject({ state: { kind: 'grub-legacy-menu', menu: { countdown: undefined } } })
  expect(grub.keys).toBe(' ')
})

it('is told by a key which terminal is used, and then caught at its menu', async () => {
  const { sighting } = await caught({ asksForKey: true, timeout: 10, tickMs: 100 })

  expect(sighting).toMatchObject({ state: { kind: 'grub-legacy-menu', menu: { countdown: undefined } } })
})

it('shows its hidden menu after one Escape', async () => {
  const { grub, sighting } = await caught({ style: 'hidden', timeout: 10, tickMs: 300 })

  expect(sighting).toMatchObject({ state: { kind: 'grub-legacy-menu', menu: { countdown: undefined } } })
  expect(grub.keys).toBe('\u001b')
})
