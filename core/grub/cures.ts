/**
 * Cures for GRUB on UEFI, tried on OVMF. Where GRUB's serial driver and the firmware read one port, keys are lost
 * (class A'): GRUB then takes them from the firmware. Where both write to it (class D), or the firmware writes only a
 * part of it, the screen can not be read: GRUB then writes by its own driver alone.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { runCommand } from './command-line.ts'
import type { BootHooks } from './grub.ts'
import { ask, COMMAND_MS, clearPrompt, giveCommand, isDoubledPrompt, typeCommand, typedCommand } from './prompt.ts'

/** Both at once: where two terminals write, only the first command stands behind its prompt. */
const ONE_TERMINAL = 'terminal_input console; terminal_output serial'
/** GRUB's own driver for the first serial port, with the rate that OCI's consoles have. */
const OWN_DRIVER = 'serial --unit=0 --speed=115200; terminal_output serial'

/** The prompt stands there for so long when it is the last that comes. */
const SWITCHED_MS = 300

/** From the menu and back to it. */
export async function readFromFirmware(console: Console, hooks: BootHooks, signal: AbortSignal): Promise<void> {
  await runCommand(console, 'terminal_input console', hooks, signal)
}

/**
 * From a menu that can not be read to one that can. Keys that both terminals read come in a wrong order: the input is
 * one again, too. Throws `grub-screen-garbled` when GRUB has no serial driver.
 */
export async function writeByItself(console: Console, hooks: BootHooks, signal: AbortSignal): Promise<void> {
  await runCommand(console, console.view().terminal === 'both' ? ONE_TERMINAL : OWN_DRIVER, hooks, signal)
  // What was drawn twice is still there: only what GRUB clears from now on shows that it draws alone.
  if (!showsMenu(console)) await runCommand(console, '', hooks, signal)
  if (!showsMenu(console))
    throw new RescueError('machine', 'grub-screen-garbled', `GRUB draws what can not be read\n${console.view().text}`)
}

/** The same at the prompt, as far as GRUB can: what is typed there is long, and what it answers is read in full. */
export async function curePrompt(console: Console, signal: AbortSignal): Promise<void> {
  const { terminal, firmware } = console.view()
  if (isDoubledPrompt(console.view())) await switchTerminal(console, ONE_TERMINAL, signal)
  else if (terminal !== 'grub-serial') await switchTerminal(console, OWN_DRIVER, signal)
  else if (firmware === 'uefi-console') await readFromFirmwareAtPrompt(console, signal)
}

/**
 * Two clear screens: what was drawn twice shows elsewhere than GRUB believes until one of them alone has cleared it, and a
 * BIOS moves the cursor once more after GRUB's own driver has written its prompt.
 */
async function switchTerminal(console: Console, command: string, signal: AbortSignal): Promise<void> {
  await typeCommand(console, `${command}; clear`, signal, isDoubledPrompt(console.view()) ? 'slowly' : undefined)
  await giveCommand(console, signal)
  const switched = (view: ScreenView) =>
    view.terminal === 'grub-serial' || typedCommand(view) === '' ? true : undefined
  await console.until('grub-terminal', switched, COMMAND_MS, signal, { quietMs: SWITCHED_MS })
  await ask(console, 'clear', signal)
}

/** The firmware gives to GRUB then what it has taken before: that is erased. */
async function readFromFirmwareAtPrompt(console: Console, signal: AbortSignal): Promise<void> {
  await typeCommand(console, 'terminal_input console', signal, 'slowly')
  await giveCommand(console, signal)
  await clearPrompt(console, signal)
}

function showsMenu(console: Console): boolean {
  return recognise(console.view()).state.kind === 'grub-menu'
}
