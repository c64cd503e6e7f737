/**
 * Takes the instance down and up again in a maintenance shell: reset, GRUB caught,
 * `init=/bin/bash` added and read back, a root shell that has proved itself.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import { catchBootLoader } from '../grub/catch.ts'
import { driverFor } from '../grub/driver-for.ts'
import { GrubNotSeen } from '../grub/failures.ts'
import { leaveFirmware } from '../grub/firmware.ts'
import type { BootedEntry, BootHooks, Caught, WantedEntry } from '../grub/grub.ts'
import { watchBoot } from '../grub/watch-boot.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf, Stuck, watch } from '../machine/watch.ts'
import { mountUsr } from '../playbooks/index.ts'
import type { Instance } from '../record/events.ts'
import { mask } from '../record/masking.ts'
import { enterShell } from '../shell/enter.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import { askOperator, type Question } from './ask-operator.ts'
import type { RescueContext } from './context.ts'
import type { Journal } from './journal.ts'
import { type Patience, patienceOf } from './patience.ts'
import { maskedPicture } from './picture.ts'
import { enterShellThere, seeShellThere } from './shell-there.ts'
import type { World } from './world.ts'

/** What the kernel starts instead of systemd (Oracle's tutorial on the serial console). */
const MAINTENANCE_ARGUMENTS = ['init=/bin/bash']
/** For initramfs-tools(7) and systemd-fsck(8) in an initramfs: a damaged root file system would end the boot in there. */
const WITHOUT_CHECKS = ['fsck.mode=skip']

/** Which entry of the boot menu, and who wants to know what it was. */
export interface BootWishes {
  /** The one that would boot by itself, unless another one is wanted. */
  readonly entry?: WantedEntry
  readonly onBooted?: (entry: BootedEntry) => void
  /** True: no file system is checked on the way, since that is what the rescue is for. */
  readonly skipsChecks?: boolean
}

/** The parts of a rescue that a boot needs. */
export interface BootParts {
  readonly world: World
  readonly journal: Journal
  readonly console: Console
  readonly instance: Instance
  readonly context: RescueContext
}

/**
 * @throws RescueError `grub-not-seen`, `grub-does-not-wait`, `grub-error`, `edit-not-shown`, `no-kernel-line`,
 *   `no-kernel-found`, `root-unknown`, `kernel-panic`, `no-maintenance-shell`, `password-not-entered`, `line-dropped`,
 *   `not-mounted`, `oci-…`, and as `enterShellThere` does
 */
export async function bootMaintenanceShell(
  parts: BootParts,
  signal: AbortSignal,
  wishes: BootWishes = {},
): Promise<SerialShell> {
  const { journal } = parts
  const shell = await ownOrThere(parts, wishes, signal)
  await journal.append({ type: 'noticed', code: 'shell-reached', details: {} })
  for (const lack of shell.lacks) await journal.append({ type: 'noticed', code: `lacks-${lack}`, details: {} })
  return shell
}

/** Where a boot does not come to our own shell, and ends in one that anybody could use, that one does. */
async function ownOrThere(parts: BootParts, wishes: BootWishes, signal: AbortSignal): Promise<SerialShell> {
  const { journal, console, context } = parts
  const tokens = [...MAINTENANCE_ARGUMENTS, ...(wishes.skipsChecks === true ? WITHOUT_CHECKS : [])]
  try {
    await bootWithArguments(parts, tokens, signal, wishes)
    await journal.append({ type: 'phase-began', phase: 'shell' })
    await untilMaintenanceShell(console, patienceOf(context.settings), signal)
  } catch (thrown) {
    const there = mayBeThere(thrown, wishes) ? seeShellThere(console.view()) : undefined
    if (there === undefined) throw thrown
    if (journal.state.phases.at(-1)?.phase !== 'shell') await journal.append({ type: 'phase-began', phase: 'shell' })
    return await enterShellThere(parts, wishes, there, signal)
  }
  return await enterWithTools(console, signal)
}

/** A boot whose menu was missed was one of the default entry, to its end. */
function mayBeThere(thrown: unknown, { entry }: BootWishes): boolean {
  if (thrown instanceof Stuck) return true
  const isMissed = thrown instanceof RescueError && ['grub-not-seen', 'grub-does-not-wait'].includes(thrown.code)
  return isMissed && (entry === undefined || entry.kind === 'default')
}

/** The tools for sums are in /usr: a shell without them may be one without its /usr. */
async function enterWithTools(console: Console, signal: AbortSignal): Promise<SerialShell> {
  const shell = await enterShell(console, signal)
  if (!shell.lacks.includes('sum-tool') || !(await mountUsr(shell, signal))) return shell
  return await enterShell(console, signal)
}

/** Resets the instance, catches its boot loader, and boots an entry with more arguments for its kernel. */
async function bootWithArguments(
  parts: BootParts,
  tokens: readonly string[],
  signal: AbortSignal,
  { entry = { kind: 'default' }, onBooted }: BootWishes = {},
): Promise<void> {
  const { loader, hooks } = await resetToBootLoader(parts, signal)
  const booted = await loader.bootWithArguments(parts.console, { tokens, entry }, signal, hooks)
  onBooted?.(booted)
}

/** As `bootWithArguments`, with the entry as it is: nothing is edited. */
export async function bootEntry(parts: BootParts, entry: WantedEntry, signal: AbortSignal): Promise<void> {
  const { loader, hooks } = await resetToBootLoader(parts, signal)
  await loader.bootEntry(parts.console, { entry }, signal, hooks)
}

/** The driver for what waits for keys now, and how it reports and asks. */
async function resetToBootLoader({ world, journal, console, instance, context }: BootParts, signal: AbortSignal) {
  await journal.append({ type: 'phase-began', phase: 'bootloader' })
  const menu = await resetAndCatch(world, journal, console, instance, patienceOf(context.settings), signal)
  const hooks: BootHooks = {
    onEdited: (edited) => reportEdit(journal, console, edited),
    askPassword: (attempt, until) =>
      askOperator(world, journal, console, context, { what: questionOf(menu), attempt }, until),
  }
  return { loader: driverFor(menu), hooks }
}

/** GRUB legacy has no users. */
function questionOf({ state }: Sighting<Caught>): Question['what'] {
  return state.kind.startsWith('grub-legacy') ? 'grub-legacy-password' : 'grub-password'
}

/** A kernel whose arguments were changed on the way, by a boot loader before or after GRUB, starts the system instead. */
async function untilMaintenanceShell(console: Console, patience: Patience, signal: AbortSignal): Promise<void> {
  const wanted = ['maintenance-shell', 'login-prompt'] as const
  const { state, because } = await watchBoot(console, wanted, 'maintenance-shell', patience.shellMs, signal)
  if (state.kind === 'maintenance-shell') return
  throw new RescueError('machine', 'no-maintenance-shell', `the system was started instead: ${mask(because)}`)
}

async function resetAndCatch(
  world: World,
  journal: Journal,
  console: Console,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<Sighting<Caught>> {
  for (let attempt = 1; ; attempt += 1) {
    // An instance that is reset from inside its firmware's menus may not come up again.
    await leaveFirmware(console, signal)
    await console.forget()
    await world.reset(instance, signal)
    try {
      const menu = await catchBootLoader(console, { appearMs: patience.grubMs, missed: attempt - 1 }, signal)
      await journal.append({
        type: 'saw',
        state: menu.state.kind,
        because: mask(menu.because),
        picture: maskedPicture(console, (text) => journal.mask(text)),
      })
      return menu
    } catch (thrown) {
      if (!(thrown instanceof GrubNotSeen)) throw thrown
      if (isOneOf(thrown.sighting, ['grub-booting', 'kernel'])) await letItBoot(console, patience, signal)
      if (attempt >= patience.catchAttempts) throw missed(thrown)
      const details = { ...thrown.details, attempt: String(attempt), attempts: String(patience.catchAttempts) }
      await journal.append({ type: 'noticed', code: 'resetting-again', details })
    }
  }
}

function missed(thrown: GrubNotSeen): RescueError {
  if (!thrown.hadBegun) return thrown
  return new RescueError('machine', 'grub-does-not-wait', 'GRUB boots without waiting for a key', { cause: thrown })
}

/**
 * A boot that was missed comes to its end before the next reset: cut off in its middle, its last words would be taken
 * for the next one's, and it may be about to mend its file systems.
 */
export async function letItBoot(console: Console, patience: Patience, signal: AbortSignal): Promise<void> {
  try {
    await watch(console, ['login-prompt'], 'missed-boot', patience.missedBootMs, signal)
  } catch (thrown) {
    if (!(thrown instanceof Stuck || thrown instanceof NothingAppeared)) throw thrown
  }
}

async function reportEdit(journal: Journal, console: Console, { title, edits }: BootedEntry): Promise<void> {
  const picture = maskedPicture(console, (text) => journal.mask(text))
  const because = mask(edits.map(({ after }) => after.trim()).join('\n'))
  await journal.append({ type: 'saw', state: recognise(console.view()).state.kind, because, picture })
  await journal.append({ type: 'noticed', code: 'kernel-line-edited', details: { title: mask(title) } })
}
