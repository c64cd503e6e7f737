/**
 * Boots the instance normally and watches it to a login prompt: at the end of
 * a repair, and whenever a rescue has to leave a machine that it took down.
 */
import { type RescueError, toRescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { leaveFirmware } from '../grub/firmware.ts'
import { isFirstOfKernel } from '../machine/kernel.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf, wantedOrStuck, watch } from '../machine/watch.ts'
import type { Instance } from '../record/events.ts'
import { mask } from '../record/masking.ts'
import type { MachineAfter } from './ending.ts'
import type { Journal } from './journal.ts'
import type { Patience } from './patience.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

/**
 * From an order to reset, or a reboot, to the login prompt that comes of it. The order is carried out a little later:
 * a system that is still going up or down meanwhile must not be taken for the next one.
 *
 * With an `entry`, a machine that is down anyway does not wait for GRUB to count down to that: Enter boots it. Only one
 * that was seen to load a kernel by itself: on a submenu, Enter would open that, and nobody would go on from there. The
 * countdown is 5 s long on most images, and 30 s on Ubuntu's after a boot that failed.
 */
export async function watchToLogin(
  console: Console,
  patience: Patience,
  signal: AbortSignal,
  entry?: string,
): Promise<Sighting<'login-prompt'>> {
  const began = await appears(console, 'machine-boots', beginning, patience.orderMs, signal)
  if (began === undefined) await watch(console, ANY_SIGN, 'machine-boots', patience.signOfBootMs, signal)
  const look = (view: ScreenView) =>
    wantedOrStuck(view, ['login-prompt'], 'login-prompt') ?? countingDownTo(entry, view)
  const seen = await console.until('login-prompt', look, patience.loginMs, signal)
  if (isOneOf(seen, ['login-prompt'])) return seen
  await console.type(keys.enter, signal)
  return await watch(console, ['login-prompt'], 'login-prompt', patience.loginMs, signal)
}

/** With a second or less left, the key could come after the menu. */
function countingDownTo(entry: string | undefined, view: ScreenView): Sighting<'grub-menu'> | undefined {
  const sighting = recognise(view)
  if (entry === undefined || !isOneOf(sighting, ['grub-menu'])) return undefined
  const { entries, selected, countdown = 0 } = sighting.state.menu
  return entries[selected] === entry && countdown > 1 ? sighting : undefined
}

/** For the machine that is silent until it is up, whatever it says counts in the end. */
const ANY_SIGN = [
  'firmware',
  'grub-starting',
  'grub-hidden',
  'grub-menu',
  'grub-booting',
  'kernel',
  'login-prompt',
] as const

/** What only a machine shows that has just begun anew. */
function beginning(view: ScreenView): Sighting | undefined {
  const sighting = recognise(view)
  if (isOneOf(sighting, ['firmware', 'grub-starting', 'grub-hidden', 'grub-menu', 'grub-booting'])) return sighting
  return isOneOf(sighting, ['kernel']) && isFirstOfKernel(sighting.because) ? sighting : undefined
}

/**
 * After a line that dropped during a normal boot: the login prompt of that boot, when it is still to come; what has
 * come already can not be seen any more, so the machine is booted once more then, through OCI.
 */
export async function bootAgain(
  world: World,
  journal: Journal,
  console: Console,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<Sighting<'login-prompt'>> {
  const login = (view: ScreenView) => upAlready(recognise(view))
  const seen = await appears(console, 'login-prompt', login, patience.missedBootMs, signal)
  if (seen !== undefined) return seen
  await leaveFirmware(console, signal)
  await console.forget()
  await world.reset(instance, signal)
  await journal.append({ type: 'noticed', code: 'booting-once-more', details: {} })
  return await watchToLogin(console, patience, signal)
}

/** The login prompt that a story has come to, as it stands in the thread. */
export async function noteLogin(journal: Journal, { state, because }: Sighting<'login-prompt'>): Promise<void> {
  await journal.append({ type: 'saw', state: state.kind, because: mask(because) })
  await journal.append({ type: 'proved', proof: { kind: 'login-prompt', host: state.host } })
}

/**
 * Leaves no machine down: resets it through OCI and watches it come up, on the open console or a new one.
 * A console that can not be had costs the watching, not the reset. A machine that is up is left alone. Pays the debt.
 */
export async function bootNormally(
  world: World,
  journal: Journal,
  session: Session,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<MachineAfter> {
  if (journal.state.phases.at(-1)?.phase !== 'boot') await journal.append({ type: 'phase-began', phase: 'boot' })
  const console = await consoleIfPossible(journal, session, instance, signal)
  const login =
    (console && upAlready(recognise(console.view()))) ??
    (await resetAndWatch(world, journal, session, console, instance, patience, signal))
  if (login !== undefined) {
    await journal.append({ type: 'proved', proof: { kind: 'login-prompt', host: login.state.host } })
  }
  await journal.append({ type: 'paid', debt: 'maintenance' })
  return login === undefined ? 'reset' : 'up'
}

/** What stood on the screen was forgotten before each reset, so that a login prompt there is of a boot that came after. */
function upAlready(sighting: Sighting): Sighting<'login-prompt'> | undefined {
  return isOneOf(sighting, ['login-prompt']) ? sighting : undefined
}

async function resetAndWatch(
  world: World,
  journal: Journal,
  session: Session,
  console: Console | undefined,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<Sighting<'login-prompt'> | undefined> {
  if (console !== undefined) await leaveFirmware(console, signal)
  await console?.forget()
  await world.reset(instance, signal)
  await journal.append({ type: 'noticed', code: 'booting-normally', details: {} })
  return console === undefined ? undefined : await loginIfSeen(journal, session, console, patience, signal)
}

async function consoleIfPossible(
  journal: Journal,
  session: Session,
  instance: Instance,
  signal: AbortSignal,
): Promise<Console | undefined> {
  if (session.console !== undefined && !session.console.ended) return session.console
  try {
    await session.close(instance, signal)
    return await session.open(instance, signal)
  } catch (thrown) {
    await report(journal, 'boot-not-watched', demandOurs(thrown, signal))
    return undefined
  }
}

async function loginIfSeen(
  journal: Journal,
  session: Session,
  console: Console,
  patience: Patience,
  signal: AbortSignal,
): Promise<Sighting<'login-prompt'> | undefined> {
  try {
    return await watchToLogin(console, patience, signal)
  } catch (thrown) {
    const error = demandOurs(thrown, signal)
    await session.showFailure()
    await report(journal, 'boot-not-seen', error)
    return undefined
  }
}

/** What ends the clean-up itself must not be taken for a console that failed. */
function demandOurs(thrown: unknown, signal: AbortSignal): RescueError {
  if (signal.aborted) throw thrown
  const error = toRescueError(thrown)
  if (error.code === 'fenced-off') throw error
  return error
}

async function report(journal: Journal, code: string, { code: cause }: RescueError): Promise<void> {
  await journal.append({ type: 'noticed', code, details: { cause } })
}
