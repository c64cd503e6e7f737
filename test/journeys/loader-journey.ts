/**
 * One real boot loader, caught after a reset and driven as a rescue does it; what was booted, the kernel says. What is
 * expected of more than one group of classes stands here, too.
 */
import { expect } from 'vitest'
import { Console } from '../../core/console/console.ts'
import { catchBootLoader } from '../../core/grub/catch.ts'
import { driverFor } from '../../core/grub/driver-for.ts'
import { GrubNotSeen } from '../../core/grub/failures.ts'
import type { BootedEntry, BootHooks, BootLoader, WantedEntry } from '../../core/grub/grub.ts'
import type { RigClass } from '../rigs/classes.ts'
import type { RigConfig, RigOptions } from '../rigs/options.ts'
import { type Rig, startRig } from '../rigs/rig.ts'

export const TOKENS = ['rw', 'init=/bin/bash', 'loglevel=7']
/** A boot takes 1 to 20 s with the machine to itself; ten times that when it is shared. */
export const BOOT_MS = 200_000
/** GRUB waits after each wrong password, and on a busy host its seconds were seen to take 17. */
const PASSWORD_MS = 600_000
/** As many resets as a rescue tries when it missed the menu. */
const ATTEMPTS = 3
const PASSWORD = { username: 'root', password: 'a Secret' }

export interface Driven {
  readonly booted: string
  readonly unedited: string
  readonly entry: BootedEntry
}

export async function drive(
  options: RigOptions,
  wanted: WantedEntry | 'default' = 'default',
  hooks: BootHooks = {},
  signal = within(),
): Promise<Driven> {
  await using rig = await startRig(options, signal)
  const entry = await driveRig(rig, wanted === 'default' ? { kind: 'default' } : wanted, hooks, signal)
  return { entry, booted: await rig.bootedWith(within()), unedited: rig.unedited }
}

export function driveRig(rig: Rig, entry: WantedEntry, hooks: BootHooks, signal = within()): Promise<BootedEntry> {
  return onRig(rig, (loader, console) => loader.bootWithArguments(console, { tokens: TOKENS, entry }, signal, hooks))
}

/** As a rescue does it: a menu that was missed is waited for again, after another reset. */
export async function onRig(
  rig: Rig,
  boot: (loader: BootLoader, console: Console) => Promise<BootedEntry>,
): Promise<BootedEntry> {
  await using console = new Console(rig.openChannel())
  for (let attempt = 1; ; attempt += 1) {
    await console.forget()
    try {
      const [menu] = await Promise.all([catchBootLoader(console, { appearMs: BOOT_MS }, within()), rig.reset()])
      return await boot(driverFor(menu), console)
    } catch (thrown) {
      if (!(thrown instanceof GrubNotSeen) || attempt === ATTEMPTS) throw thrown
    }
  }
}

export function within(): AbortSignal {
  return AbortSignal.timeout(BOOT_MS)
}

/** After a wrong one. */
export async function expectEditWithPassword(rigClass: RigClass): Promise<void> {
  const asked: number[] = []
  const hooks: BootHooks = {
    askPassword: async (attempt) => {
      asked.push(attempt)
      return attempt === 1 ? { ...PASSWORD, password: 'wrong' } : PASSWORD
    },
  }
  const options: RigOptions = { class: rigClass, menu: { password: PASSWORD } }
  const { booted, unedited } = await drive(options, 'default', hooks, AbortSignal.timeout(PASSWORD_MS))

  expect(asked).toEqual([1, 2])
  expect(booted).toBe(`${unedited} ${TOKENS.join(' ')}`)
}

/** Nobody knows the password. */
export async function expectNoBootWithoutPassword(rigClass: RigClass): Promise<void> {
  await using rig = await startRig({ class: rigClass, menu: { password: PASSWORD } }, within())

  const driven = driveRig(rig, { kind: 'default' }, {})

  await expect(driven).rejects.toMatchObject({ code: 'grub-password' })
  await expect(rig.bootedWith(AbortSignal.timeout(500))).rejects.toThrow('timeout')
}

export async function expectBootWithoutMenu(rigClass: RigClass, config: RigConfig): Promise<void> {
  const { entry, booted, unedited } = await drive({ class: rigClass, menu: { config } })

  const args = unedited.replace(/^\S+ /, '')
  // The root file system's UUID is a new one for each rig.
  const root = `root=${/\broot=(?<root>\S+)/.exec(booted)?.groups?.root} ro console=${rigClass === 'arm64-console' ? 'ttyAMA0' : 'ttyS0'},115200`
  const kernel = config === 'elsewhere' ? '/vmlinuz' : '(hd0,msdos1)/vmlinuz'
  expect(entry.kernel).toBe(kernel)
  expect(booted).toBe(`BOOT_IMAGE=${kernel} ${config === 'none' ? root : args} ${TOKENS.join(' ')}`)
  expect(booted).toMatch(/ root=UUID=[-\w]+ /)
}

/** `kernel`: the path of it as the entry has it. */
export async function expectPreviousKernel(rigClass: RigClass, kernel: string): Promise<void> {
  await using rig = await startRig({ class: rigClass }, within())
  const entry = await onRig(rig, (loader, console) =>
    loader.bootEntry(console, { entry: { kind: 'previous-kernel' } }, within()),
  )

  const title = 'Debian GNU/Linux, with Linux 6.1.0-55'
  expect(entry).toEqual({ title, kernel, version: '6.1.0-55', edits: [] })
  expect(await rig.bootedWith(within())).toBe(rig.unedited.replace(/(?=(?:ro )?root=)/, 'previous '))
}
