/** One real boot loader, caught after a reset and driven as a rescue does it; what was booted, the kernel says. */
import { Console } from '../../core/console/console.ts'
import { catchBootLoader } from '../../core/grub/catch.ts'
import { driverFor } from '../../core/grub/driver-for.ts'
import { GrubNotSeen } from '../../core/grub/failures.ts'
import type { BootedEntry, BootHooks, BootLoader, WantedEntry } from '../../core/grub/grub.ts'
import type { RigOptions } from '../rigs/options.ts'
import { type Rig, startRig } from '../rigs/rig.ts'

export const TOKENS = ['rw', 'init=/bin/bash', 'loglevel=7']
/** A boot takes 1 to 20 s with the machine to itself; ten times that when it is shared. */
export const BOOT_MS = 200_000
/** As many resets as a rescue tries when it missed the menu. */
const ATTEMPTS = 3

export interface Driven {
  readonly booted: string
  readonly unedited: string
  readonly entry: BootedEntry
}

export async function drive(
  options: RigOptions,
  wanted: WantedEntry | 'default' = 'default',
  hooks: BootHooks = {},
): Promise<Driven> {
  await using rig = await startRig(options, within())
  const entry = await driveRig(rig, wanted === 'default' ? { kind: 'default' } : wanted, hooks)
  return { entry, booted: await rig.bootedWith(within()), unedited: rig.unedited }
}

export function driveRig(rig: Rig, entry: WantedEntry, hooks: BootHooks): Promise<BootedEntry> {
  return onRig(rig, (loader, console) => loader.bootWithArguments(console, { tokens: TOKENS, entry }, within(), hooks))
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
