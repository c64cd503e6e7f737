/**
 * GRUB's command line: each character is compared with its echo before a command
 * is given, and the menu is shown again afterwards.
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf, Stuck } from '../machine/watch.ts'
import { appears } from './appears.ts'
import { EditNotShown } from './failures.ts'
import { BOOT_MENUS, type BootHooks } from './grub.ts'
import { openGuarded } from './guarded.ts'
import { answered, insist } from './insist.ts'
import { paceOf } from './pace.ts'

const PROMPT = 'grub>'
/** A key that is lost so often in a row is not lost by chance: on a busy machine UEFI steals every other one. */
const FAILURES = 12
/** An echo is one character: it comes in milliseconds, and one that comes later is erased again. */
const ECHO_MS = 400
/** A command may load modules and a configuration from a slow disk. */
const COMMAND_MS = 30_000
/** GRUB's menu, after an Escape that it does not answer. */
const ESCAPE_ANSWER_MS = 1000

/** From the menu: gives the command, and shows the menu again. */
export async function runCommand(
  console: Console,
  command: string,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<void> {
  const prompt = (view: ScreenView) => (typedCommand(view) === '' ? { view } : undefined)
  await openGuarded(console, keys.commandLine, 'GRUB’s command line', prompt, hooks, signal)
  await typeCommand(console, command, signal)
  const given = (view: ScreenView) => (typedCommand(view) === '' ? true : undefined)
  await insist(console, keys.enter, 'GRUB’s prompt', given, (view) => typedCommand(view) === command, signal)
  await leaveCommandLine(console, signal)
}

/** Back to the menu it was opened from, if it is open. */
export async function leaveCommandLine(console: Console, signal: AbortSignal): Promise<void> {
  const isOpen = (view: ScreenView) => typedCommand(view) !== undefined
  const menu = (view: ScreenView) => (isOneOf(recognise(view), BOOT_MENUS) ? true : undefined)
  if (isOpen(console.view())) await insist(console, keys.escape, 'the GRUB menu', menu, isOpen, signal)
}

/**
 * From a command line that nobody asked for, back to a menu: Escape leads out of one opened from a menu, and the
 * commands read the configuration again. Throws `Stuck` (`grub-command-line`) when there is none.
 */
export async function backToMenu(
  console: Console,
  signal: AbortSignal,
): Promise<Sighting<'grub-menu' | 'grub-hidden'>> {
  const menu = (view: ScreenView) => {
    const sighting = recognise(view)
    return isOneOf(sighting, ['grub-menu', 'grub-hidden']) ? sighting : undefined
  }
  await console.type(keys.escape, signal)
  const { escapeMs } = paceOf(console.view())
  const left = await appears(console, 'the GRUB menu', menu, escapeMs + ESCAPE_ANSWER_MS, signal)
  if (left !== undefined) return left
  for (const command of ['normal', 'configfile $prefix/grub.cfg']) {
    if (typedCommand(console.view()) === undefined) break
    await typeCommand(console, command, signal)
    await console.type(keys.enter, signal)
    const answer = (view: ScreenView) => menu(view) ?? (typedCommand(view) === '' ? 'prompt' : undefined)
    const seen = await appears(console, 'the GRUB menu', answer, COMMAND_MS, signal)
    if (seen !== undefined && seen !== 'prompt') return seen
  }
  throw new Stuck('the GRUB menu', recognise(console.view()), console.view().text)
}

/**
 * What is typed behind the prompt, up to the cursor; undefined when there is no prompt. Two terminals at once (class D)
 * write prompt and echo side by side and put the cursor back, so that each character covers the second of the one before.
 */
export function typedCommand({ beforeCursor, terminal }: ScreenView): string | undefined {
  if (!beforeCursor.startsWith(PROMPT)) return undefined
  if (terminal === 'both' && /^grub>grub> *$/.test(beforeCursor)) return ''
  return beforeCursor[PROMPT.length] === ' ' || terminal === 'both' ? beforeCursor.slice(PROMPT.length + 1) : undefined
}

/** Throws `EditNotShown`. */
async function typeCommand(console: Console, command: string, signal: AbortSignal): Promise<void> {
  let failures = 0
  for (let typed = typedCommand(console.view())?.length ?? 0; typed < command.length; ) {
    if (failures === FAILURES) throw new EditNotShown(command, console.view().text)
    await console.type(command.slice(typed, typed + 1), signal)
    if (await stands(console, command.slice(0, typed + 1), signal)) {
      typed += 1
      failures = 0
    } else {
      failures += 1
      typed = await eraseWrong(console, command, signal)
    }
  }
}

async function eraseWrong(console: Console, command: string, signal: AbortSignal): Promise<number> {
  const shown = typedCommand(console.view()) ?? ''
  let right = 0
  while (right < shown.length && shown[right] === command[right]) right += 1
  if (shown.length > right) await console.type(keys.erase.repeat(shown.length - right), signal)
  await stands(console, command.slice(0, right), signal)
  return right
}

async function stands(console: Console, text: string, signal: AbortSignal): Promise<boolean> {
  const look = (view: ScreenView) => (typedCommand(view) === text ? true : undefined)
  return (await answered(console, 'GRUB to echo the command', look, signal, ECHO_MS)) !== undefined
}
