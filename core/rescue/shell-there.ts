/**
 * A boot that did not come to our own shell, and ended in one that is there all the same: of an initramfs, or of
 * emergency mode. It is used when it is root's and the machine's own system can be reached from it.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf } from '../machine/watch.ts'
import { mask } from '../record/masking.ts'
import { enterShell } from '../shell/enter.ts'
import { enterRoot } from '../shell/enter-root.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import type { BootParts, BootWishes } from './maintenance.ts'
import { patienceOf } from './patience.ts'

type ShellThere = Sighting<'initramfs-shell' | 'emergency'>

/** What the screen shows, where it is the question of such a shell, or its prompt. */
export function seeShellThere(view: ScreenView): ShellThere | undefined {
  const sighting = recognise(view)
  return isOneOf(sighting, ['initramfs-shell', 'emergency']) ? sighting : undefined
}

/**
 * A shell of the machine's own system. What asks for a password is not typed to; nor is a root file system mounted that
 * waits for a check, unless that is what it is for (`skipsChecks`).
 * @throws RescueError `emergency-asks-password`, `emergency-root-locked`, `root-needs-fsck`, `root-not-mounted`,
 *   `root-without-shell`, and as `enterShell` does
 */
export async function enterShellThere(
  { journal, console, instance, context }: BootParts,
  { skipsChecks = false }: BootWishes,
  seen: ShellThere,
  signal: AbortSignal,
): Promise<SerialShell> {
  const details = { instance: instance.name, saw: seen.because }
  if (isOneOf(seen, ['emergency'])) refuseQuestion(seen, details)
  else if (!skipsChecks) refuseDamage(console.view(), details)
  await journal.append({ type: 'noticed', code: 'uses-shell-there', details: { saw: mask(seen.because) } })
  if (seen.state.kind === 'emergency') await pressEnter(console, patienceOf(context.settings).promptMs, details, signal)
  const found = await enterShell(console, signal)
  const { shell, device } = await enterRoot(console, found, signal)
  if (device !== undefined) await journal.append({ type: 'noticed', code: 'root-entered', details: { device } })
  return shell
}

/** (initramfs-tools scripts/functions, `_checkfs_once`; dracut modules.d/99fs-lib; e2fsck's own words) */
const NEEDS_FSCK = /requires a manual fsck|An error occurred during the file system check|RUN fsck MANUALLY/

function refuseDamage({ lines }: ScreenView, details: Record<string, string>): void {
  const needs = lines.find(({ text }) => NEEDS_FSCK.test(text))
  if (needs === undefined) return
  throw new RescueError('operator', 'root-needs-fsck', `the root file system is damaged: ${needs.text}`, {
    details: { ...details, saw: needs.text.trim() },
  })
}

function refuseQuestion({ state }: Sighting<'emergency'>, details: Record<string, string>): void {
  if (state.rootLocked)
    throw new RescueError('operator', 'emergency-root-locked', 'root, who is locked, is asked for', { details })
  if (state.asks === 'password') throw asksPassword(details)
}

/** sulogin gives a shell to whoever presses Enter, if root has no password; only its answer tells whether that is so. */
async function pressEnter(
  console: Console,
  limitMs: number,
  details: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  await console.type(keys.enter, signal)
  const look = (view: ScreenView) => {
    const sighting = recognise(view)
    if (isOneOf(sighting, ['maintenance-shell', 'initramfs-shell'])) return 'shell'
    return isOneOf(sighting, ['password-prompt']) || asksForPassword(sighting) ? 'password' : undefined
  }
  if ((await console.until('emergency-shell', look, limitMs, signal)) === 'password') throw asksPassword(details)
}

function asksForPassword(sighting: Sighting): boolean {
  return isOneOf(sighting, ['emergency']) && sighting.state.asks === 'password'
}

function asksPassword(details: Record<string, string>): RescueError {
  return new RescueError('operator', 'emergency-asks-password', "the emergency shell asks for root's password", {
    details,
  })
}
