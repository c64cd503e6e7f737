/**
 * Takes the instance down and up again in a maintenance shell: reset, GRUB caught,
 * `init=/bin/bash` added and read back, a root shell that has proved itself.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { catchGrub } from '../grub/catch.ts'
import { type BootedEntry, bootWithArguments } from '../grub/grub2.ts'
import { watch } from '../machine/watch.ts'
import type { Instance } from '../record/events.ts'
import { mask } from '../record/masking.ts'
import { enterShell } from '../shell/enter.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import type { Journal } from './journal.ts'
import type { Patience } from './patience.ts'
import { maskedPicture } from './picture.ts'
import type { World } from './world.ts'

/** What the kernel starts instead of systemd (Oracle's tutorial on the serial console). */
const MAINTENANCE_ARGUMENTS = ['init=/bin/bash']

/** A menu that was missed is missed by moments: one that was missed three times is not there. */
const ATTEMPTS = 3

/** @throws RescueError `grub-not-seen`, `edit-not-shown`, `no-kernel-line`, `kernel-panic`, `line-dropped`, `oci-…` */
export async function bootMaintenanceShell(
  world: World,
  journal: Journal,
  console: Console,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<SerialShell> {
  await journal.append({ type: 'phase-began', phase: 'bootloader' })
  await resetAndCatchGrub(world, journal, console, instance, patience, signal)
  await bootWithArguments(console, MAINTENANCE_ARGUMENTS, signal, {
    onEdited: (entry) => reportEdit(journal, console, entry),
  })
  await journal.append({ type: 'phase-began', phase: 'shell' })
  await watch(console, ['maintenance-shell'], 'the maintenance shell', patience.shellMs, signal)
  const shell = await enterShell(console, signal)
  await journal.append({ type: 'noticed', code: 'shell-reached', details: {} })
  return shell
}

async function resetAndCatchGrub(
  world: World,
  journal: Journal,
  console: Console,
  instance: Instance,
  patience: Patience,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await console.forget()
    await world.reset(instance, signal)
    try {
      const menu = await catchGrub(console, { appearMs: patience.grubMs }, signal)
      await journal.append({
        type: 'saw',
        state: menu.state.kind,
        because: mask(menu.because),
        picture: maskedPicture(console),
      })
      return
    } catch (thrown) {
      const missed = thrown instanceof RescueError && thrown.code === 'grub-not-seen'
      if (!missed || attempt === ATTEMPTS) throw thrown
      const details = { ...thrown.details, attempt: String(attempt), attempts: String(ATTEMPTS) }
      await journal.append({ type: 'noticed', code: 'resetting-again', details })
    }
  }
}

async function reportEdit(journal: Journal, console: Console, { title, edits }: BootedEntry): Promise<void> {
  const picture = maskedPicture(console)
  const because = mask(edits.map(({ after }) => after.trim()).join('\n'))
  await journal.append({ type: 'saw', state: 'grub-editor', because, picture })
  await journal.append({ type: 'noticed', code: 'kernel-line-edited', details: { title } })
}
