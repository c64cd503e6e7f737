/** GRUB 2's driver on each kind of terminal, and its cures. */
import { describe, expect, it } from 'vitest'
import { Grub, type GrubOptions } from '../../test/helpers/grub.ts'
import { GrubLock } from '../../test/helpers/grub-lock.ts'
import { OverlaidGrub } from '../../test/helpers/overlaid-grub.ts'
import { typingThrough } from '../../test/helpers/typing-through.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { driverFor } from './driver-for.ts'
import type { BootHooks } from './grub.ts'
import { watchBoot } from './watch-boot.ts'

const TOKENS = ['rw', 'init=/bin/bash', 'systemd.unit=rescue.target', 'console=ttyS0,115200n8', 'loglevel=7']
const REQUEST = { tokens: TOKENS, entry: { kind: 'default' } } as const
const FIRMWARE = ['uefi-console', 'uefi-cut-off', 'bios-console'] as const

function kernelLine(columns: number): string {
  const words = Array.from({ length: 300 }, (_, index) => ` option${index}=value`).join('')
  return `\tlinux\t/boot/vmlinuz-6.1.0${words.slice(0, columns - 36)}x`
}

function entries(columns = 464) {
  const before = ['\tload_video', '\tinsmod gzio', '\techo loading', '\tsearch --no-floppy --set=root 1f2e3d4c']
  return [
    { title: 'Debian GNU/Linux', lines: [...before, kernelLine(columns), '\tinitrd\t/boot/initrd.img'] },
    { title: 'Other', lines: ['\tlinux\t/other'] },
  ]
}

/** Catches GRUB, boots with the tokens, says what was booted. */
async function rescue(options: Partial<GrubOptions>, hooks: BootHooks = {}, missed = 0) {
  const signal = AbortSignal.timeout(100_000)
  const grub = new Grub({ entries: entries(), timeout: 9, ...options })
  await using console = new Console(grub)
  const catching = catchBootLoader(console, { missed }, signal)
  grub.powerOn()
  const menu = await catching
  const booted = await driverFor(menu).bootWithArguments(console, REQUEST, signal, hooks)
  return { grub, booted, menu, line: grub.booted?.find((text) => text.includes('vmlinuz')) }
}

const edited = (columns = 464) => `${kernelLine(columns)} ${TOKENS.join(' ')}`

describe.concurrent('the consoles of firmware', () => {
  it.each(FIRMWARE)('boots the right edit: %s', async (terminal) => {
    const { grub, line } = await rescue({ terminal })

    expect(line).toBe(edited())
    expect(grub.keys).not.toMatch(/\t|\u007f|\u001b[^c]?\[/)
  })

  it.each(FIRMWARE)('works when bytes arrive in small pieces: %s', async (terminal) => {
    expect((await rescue({ terminal, atOnce: 7 })).line).toBe(edited())
  })

  it.each(FIRMWARE)('edits a line of 1,900 columns: %s', async (terminal) => {
    expect((await rescue({ terminal, entries: entries(1900) })).line).toBe(edited(1900))
  })

  it.each(['uefi-console', 'bios-console'] as const)('opens a hidden menu with one Escape: %s', async (terminal) => {
    const { grub, line } = await rescue({ terminal, style: 'hidden' })

    expect(line).toBe(edited())
    expect(grub.keys.indexOf('\u001b')).toBe(0)
  })

  it.each(['uefi-console', 'bios-console'] as const)('stays in a nested menu: %s', async (terminal) => {
    const { grub, line } = await rescue({ terminal, nested: true })

    expect(line).toBe(edited())
    expect(grub.keys).not.toContain('\u001b')
  })

  it('lets GRUB draw by itself where UEFI leaves out a part of the screen', async () => {
    const { grub, menu } = await rescue({ terminal: 'uefi-cut-off' })

    expect(menu.state.kind).toBe('grub-cut-off')
    expect(grub.commands).toEqual(['serial --unit=0 --speed=115200; terminal_output serial'])
  })
})

describe.concurrent('a firmware that steals keys', () => {
  it('is made the one that GRUB reads from, before anything is edited', async () => {
    const steals = (key: number) => key % 3 === 1
    const { grub, line } = await rescue({ afterUefi: true, steals })

    expect(line).toBe(edited())
    expect(grub.commands).toEqual(['terminal_input console'])
    expect(grub.keys).not.toContain('\b')
  })

  it('is let be where there is none: on a BIOS the console is its keyboard', async () => {
    const { grub, line } = await rescue({ steals: (key) => key % 10 === 7 })

    expect(line).toBe(edited())
    expect(grub.commands).toEqual([])
  })
})

describe.concurrent('a password', () => {
  const user = { username: 'admin', password: 'correct horse' }

  async function locked(answers: readonly (typeof user | undefined)[]) {
    const asked: number[] = []
    const signal = AbortSignal.timeout(60_000)
    const grub = new Grub({ entries: entries(), timeout: 9 })
    const lock = new GrubLock(grub, user)
    await using console = new Console(typingThrough(grub, (bytes) => lock.write(bytes)))
    const catching = catchBootLoader(console, {}, signal)
    grub.powerOn()
    const askPassword = async (attempt: number) => {
      asked.push(attempt)
      return answers[attempt - 1]
    }
    const booting = driverFor(await catching).bootWithArguments(console, REQUEST, signal, { askPassword })
    const outcome = await booting.catch((thrown: unknown) => thrown)
    return { outcome, asked, line: grub.booted?.find((text) => text.includes('vmlinuz')) }
  }

  it('is asked for once when it is right', async () => {
    const { asked, line } = await locked([user])

    expect([asked, line]).toEqual([[1], edited()])
  })

  it('is asked for again when it was wrong', async () => {
    const { asked, line } = await locked([{ ...user, password: 'wrong' }, user])

    expect([asked, line]).toEqual([[1, 2], edited()])
  })

  it('is asked for three times at most', async () => {
    const wrong = { ...user, username: 'nobody' }
    const { asked, outcome, line } = await locked([wrong, wrong, wrong, user])

    expect(asked).toEqual([1, 2, 3])
    expect(outcome).toMatchObject({ code: 'grub-password' })
    expect(line).toBeUndefined()
  })

  it('that nobody tells ends it', async () => {
    const { outcome } = await locked([undefined])

    expect(outcome).toMatchObject({ code: 'grub-password' })
  })
})

describe.concurrent('a password behind a screen that can not be read', () => {
  const user = { username: 'oorroot', password: 'correct horse' }

  async function overlaid(answers: readonly (typeof user | undefined)[], loses?: (key: number) => boolean) {
    const asked: number[] = []
    const signal = AbortSignal.timeout(60_000)
    const grub = new OverlaidGrub(entries(), user, loses)
    await using console = new Console(grub)
    const catching = catchBootLoader(console, {}, signal)
    grub.powerOn()
    const menu = await catching
    const askPassword = async (attempt: number) => {
      asked.push(attempt)
      return answers[attempt - 1]
    }
    const booting = driverFor(menu).bootWithArguments(console, REQUEST, signal, { askPassword })
    const outcome = await booting.catch((thrown: unknown) => thrown)
    return { menu, outcome, asked, line: grub.alone.booted?.find((text) => text.includes('vmlinuz')) }
  }

  it('is given where two terminals echo a name twice', async () => {
    const { menu, asked, line } = await overlaid([user])

    expect([menu.state.kind, asked, line]).toEqual(['grub-overlaid', [1], edited()])
  })

  it('is asked for again when it was wrong', async () => {
    const { asked, line } = await overlaid([{ ...user, password: 'wrong' }, user])

    expect([asked, line]).toEqual([[1, 2], edited()])
  })

  it('is typed anew, and nobody is asked, when a key of the name got lost', async () => {
    const { asked, line } = await overlaid([user], (key) => key === 3)

    expect([asked, line]).toEqual([[1], edited()])
  })

  it('that nobody tells ends it, with nothing booted', async () => {
    const { outcome, line } = await overlaid([undefined])

    expect([outcome, line]).toEqual([expect.objectContaining({ code: 'grub-password' }), undefined])
  })

  it('is asked for, too, where UEFI leaves out a part of the screen', async () => {
    const signal = AbortSignal.timeout(60_000)
    const grub = new Grub({ entries: entries(), timeout: 9, terminal: 'uefi-cut-off' })
    const lock = new GrubLock(grub, user, 'uefi-cut-off')
    await using console = new Console(typingThrough(grub, (bytes) => lock.write(bytes)))
    const catching = catchBootLoader(console, {}, signal)
    grub.powerOn()
    const menu = await catching
    await driverFor(menu).bootWithArguments(console, REQUEST, signal, { askPassword: async () => user })

    expect(menu.state.kind).toBe('grub-cut-off')
    expect(grub.booted?.find((text) => text.includes('vmlinuz'))).toBe(edited())
  })
})

describe.concurrent('a command line that nobody asked for', () => {
  it('is led back to the menu', async () => {
    const signal = AbortSignal.timeout(20_000)
    const grub = new Grub({ entries: entries(), style: 'prompt' })
    await using console = new Console(grub)
    const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
    grub.powerOn()

    expect(await catching).toMatchObject({ state: { kind: 'grub-menu' } })
    expect(grub.commands).toEqual(['normal'])
  })

  it('is where GRUB is caught when there is no menu to be led to', async () => {
    const signal = AbortSignal.timeout(20_000)
    const grub = new Grub({ entries: [], style: 'prompt' })
    await using console = new Console(grub)
    const catching = catchBootLoader(console, { appearMs: 5000 }, signal)
    grub.powerOn()

    expect(await catching).toMatchObject({ state: { kind: 'grub-command-line' } })
    expect(grub.commands).toEqual(['normal', 'configfile $prefix/grub.cfg'])
  })
})

describe.concurrent('an error of GRUB', () => {
  async function bootWith(options: Partial<GrubOptions>) {
    const signal = AbortSignal.timeout(20_000)
    const grub = new Grub({ entries: entries(), ...options })
    await using console = new Console(grub)
    grub.powerOn()
    const menu = await catchBootLoader(console, {}, signal)
    await driverFor(menu).bootWithArguments(console, REQUEST, signal)
    return await watchBoot(console, ['kernel'], 'grub-boots', 5000, signal).catch((thrown: unknown) => thrown)
  }

  it('that keeps the kernel from being loaded is told in its words', async () => {
    const error = { message: "file `/boot/vmlinuz' not found.", fails: true }

    expect(await bootWith({ error })).toMatchObject({ code: 'grub-error', details: { message: error.message } })
  })

  it('that only waits for a key gets one, and the boot goes on', async () => {
    const error = { message: 'no suitable video mode found.', fails: false }
    const kernel = '[    0.000000] Linux version 6.1.0\r\n'

    expect(await bootWith({ error, kernel })).toMatchObject({ state: { kind: 'kernel' } })
  })
})
