import { describe, expect, test } from 'vitest'
import { FaultyChannel } from '../../test/helpers/faulty-channel.ts'
import { SystemdBoot, type SystemdBootOptions } from '../../test/helpers/systemd-boot.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { driverFor } from './driver-for.ts'
import type { BootHooks, BootRequest, WantedEntry } from './grub.ts'

/** They mostly wait for silences: side by side they wait at once. */
const it = test.concurrent
const REQUEST: BootRequest = { tokens: ['init=/bin/bash'], entry: { kind: 'default' } }

/** Options of so many columns. */
function options(columns: number): string {
  const words = Array.from({ length: 300 }, (_, index) => ` arg${index}=${'value'.slice(index % 5)}`).join('')
  return `root=UUID=1f2e3d4c${words}`.slice(0, columns - 1).concat('x')
}

function entry(title: string, columns: number) {
  return { title, options: options(columns) }
}

const FIRMWARE = { title: 'Reboot Into Firmware Interface', options: '', noEditor: true }

async function caught(loader: SystemdBoot, console: Console) {
  const signal = AbortSignal.timeout(110_000)
  const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
  loader.powerOn()
  const menu = await catching
  return {
    menu,
    boot: (request: BootRequest, hooks: BootHooks = {}) =>
      driverFor(menu).bootWithArguments(console, request, signal, hooks),
    bootEntry: (entry: WantedEntry) => driverFor(menu).bootEntry(console, { entry }, signal),
  }
}

async function rescue(changed: Partial<SystemdBootOptions>, request = REQUEST, hooks: BootHooks = {}) {
  const loader = new SystemdBoot({
    entries: [entry('Oracle Linux Server 9.4', 200), FIRMWARE],
    timeout: 50,
    ...changed,
  })
  await using _ = loader
  await using console = new Console(loader.line)
  const { boot } = await caught(loader, console)
  return { loader, booted: await boot(request, hooks) }
}

it.each([20, 62, 63, 76, 77, 78, 79, 300])(
  'appends to options of %i columns and boots exactly that',
  async (columns) => {
    const { loader, booted } = await rescue({ entries: [entry('Oracle Linux', columns), FIRMWARE] })

    expect(loader.booted).toEqual({ title: 'Oracle Linux', options: `${options(columns)} init=/bin/bash` })
    expect(booted.edits).toEqual([{ before: options(columns), after: `${options(columns)} init=/bin/bash` }])
  },
)

it.each([50, 70, 85, 97, 98, 99, 110, 300])(
  'appends to %i columns on a terminal that is narrower than systemd-boot believes',
  async (columns) => {
    const changed = { entries: [entry('Oracle Linux', columns), FIRMWARE], columns: 100, terminalColumns: 80 }
    const { loader } = await rescue(changed)

    // Blanks keep the end of the line off the columns where the cursor is not to be seen.
    expect(loader.booted?.options.split(/ +/)).toEqual([...options(columns).split(' '), 'init=/bin/bash'])
  },
)

it('stops the countdown with Space alone', async () => {
  const loader = new SystemdBoot({ entries: [entry('Oracle Linux', 40), FIRMWARE], timeout: 20, tickMs: 200 })
  await using _ = loader
  await using console = new Console(loader.line)
  const { menu } = await caught(loader, console)

  expect(menu).toMatchObject({ state: { kind: 'systemd-boot-menu', menu: { selected: 0, countdown: undefined } } })
  expect(loader.keys).toBe(' ')
})

it('boots another entry by its title', async () => {
  const entries = [entry('Oracle Linux (5.15.0)', 40), entry('Rescue', 50), entry('Oracle Linux (5.14.0)', 60)]
  const request: BootRequest = { tokens: ['single'], entry: { kind: 'title', title: 'Rescue' } }
  const { loader } = await rescue({ entries }, request)

  expect(loader.booted).toEqual({ title: 'Rescue', options: `${options(50)} single` })
})

it('finds the previous kernel by its version', async () => {
  const entries = [entry('Oracle Linux (5.15.0)', 40), entry('Rescue', 50), entry('Oracle Linux (5.14.0)', 60)]
  const { loader } = await rescue({ entries }, { tokens: ['single'], entry: { kind: 'previous-kernel' } })

  expect(loader.booted?.title).toBe('Oracle Linux (5.14.0)')
})

describe.concurrent('an entry as it is', () => {
  const kernels = ['6.5.0-14', '6.5.0-9', '6.2.0-20'].map((version) => ({
    title: 'Oracle Linux',
    options: options(version === '6.5.0-9' ? 1500 : 40),
    kernel: `\\4c0ffee012344c5b\\${version}\\linux`,
  }))

  async function booted(entry: WantedEntry, changed: Partial<SystemdBootOptions> = {}) {
    const loader = new SystemdBoot({ entries: [...kernels, FIRMWARE], ...changed })
    await using _ = loader
    await using console = new Console(loader.line)
    const { bootEntry } = await caught(loader, console)
    return { loader, entry: await bootEntry(entry) }
  }

  it('is booted, and its kernel told', async () => {
    const { loader, entry } = await booted({ kind: 'default' })

    expect(loader.booted).toEqual({ title: 'Oracle Linux', options: options(40) })
    expect(entry).toEqual({ title: 'Oracle Linux', kernel: kernels[0]?.kernel, version: '6.5.0-14', edits: [] })
  })

  it('is the previous kernel by what systemd-boot prints, where titles do not say it', async () => {
    const { loader, entry } = await booted({ kind: 'previous-kernel' })

    expect([entry.kernel, loader.booted?.options]).toEqual([kernels[1]?.kernel, options(1500)])
  })

  it('is the right one also when keys get lost', async () => {
    const { entry } = await booted({ kind: 'previous-kernel' }, { loses: (key) => key % 5 === 3 })

    expect(entry.kernel).toBe(kernels[1]?.kernel)
  })
})

it('puts the arguments before what is meant for init', async () => {
  const entries = [{ title: 'Oracle Linux', options: `${options(150)} -- single` }, FIRMWARE]
  const { loader } = await rescue({ entries })

  expect(loader.booted?.options).toBe(`${options(150)} init=/bin/bash -- single`)
})

it('shows what it added before it boots it', async () => {
  const loader = new SystemdBoot({ entries: [entry('Oracle Linux', 200), FIRMWARE] })
  await using _ = loader
  await using console = new Console(loader.line)
  const { boot } = await caught(loader, console)
  const seen: string[] = []

  await boot(REQUEST, { onEdited: () => void seen.push(String(loader.booted), console.view().text) })
  expect(seen).toEqual(['undefined', expect.stringContaining(' init=/bin/bash')])
})

it.each([
  [{ noEditor: true }, 'editor-off'],
  [{ entries: [{ title: 'Signed', options: options(80), noEditor: true }, FIRMWARE] }, 'editor-off'],
  [{ entries: [{ title: 'Windows Boot Manager', options: '' }, FIRMWARE] }, 'no-kernel-line'],
])('boots nothing, and shows the menu again, with %j', async (changed, code) => {
  const loader = new SystemdBoot({ entries: [entry('Oracle Linux', 80), FIRMWARE], ...changed })
  await using _ = loader
  await using console = new Console(loader.line)
  const { boot } = await caught(loader, console)

  await expect(boot(REQUEST)).rejects.toMatchObject({ code })
  expect(loader.booted).toBeUndefined()
  expect(loader.keys).not.toContain('\r')
})

it('boots the right edit whatever single byte of the screens is lost', async () => {
  const places = Array.from({ length: 40 }, (_, index) => index * 91)
  const booted = places.map(async (losesByte) => {
    const loader = new SystemdBoot({ entries: [entry('Oracle Linux', 90), FIRMWARE], timeout: 50 })
    await using _ = loader
    await using console = new Console(new FaultyChannel(loader.line, { seed: 1, said: { losesByte } }))
    const { boot } = await caught(loader, console)
    await boot(REQUEST)
    expect(loader.kept).toBe('')
    return loader.booted?.options
  })

  expect(new Set(await Promise.all(booted))).toEqual(new Set([`${options(90)} init=/bin/bash`]))
}, 120_000)

it('boots the right edit when one key of forty is lost, or nothing', async () => {
  const changed = { entries: [entry('Oracle Linux', 120), FIRMWARE], loses: (key: number) => key % 40 === 17 }
  const loader = new SystemdBoot(changed)
  await using _ = loader
  await using console = new Console(loader.line)
  const { boot } = await caught(loader, console)
  const ended = await boot(REQUEST).catch((thrown: unknown) => thrown)

  const right = `${options(120)} init=/bin/bash`
  expect([loader.booted?.options, ended]).toEqual(
    loader.booted === undefined
      ? [undefined, expect.objectContaining({ code: expect.stringMatching(/^(?:edit-not-shown|nothing-appeared)$/) })]
      : [right, expect.objectContaining({ title: 'Oracle Linux' })],
  )
}, 120_000)
