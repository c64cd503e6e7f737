/**
 * Unlocks GRUB legacy's menu: until then it edits nothing. It asks for no name, shows a star for each character, and says
 * when the password was wrong. (stage2/stage2.c: run_menu)
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { LegacyMenu } from '../machine/grub-legacy.ts'
import { recognise } from '../machine/recognise.ts'
import { isOneOf } from '../machine/watch.ts'
import type { BootHooks } from './grub.ts'
import { boxEffect } from './legacy-box.ts'
import { pressUntil } from './press.ts'

/** How often whoever knows the password is asked. */
const ASKS = 3
/** GRUB hashes it a thousand times on one old processor. */
const VERDICT_MS = 20_000

/** Does nothing when the menu is open already. Throws `grub-password` when nobody knows the password. */
export async function unlockLegacyMenu(console: Console, hooks: BootHooks, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; menuIn(console.view())?.locked; attempt += 1) {
    await pressUntil(console, 'p', boxEffect('password-asked', asks(0), isLocked), signal)
    const answer = attempt > ASKS ? undefined : await hooks.askPassword?.(attempt, signal)
    if (answer === undefined) await giveUp(console, signal)
    else await give(console, answer.password, signal)
  }
}

/** Leaves the question as it was found, with the menu waiting. */
async function giveUp(console: Console, signal: AbortSignal): Promise<never> {
  const { text } = console.view()
  await pressUntil(console, keys.enter, boxEffect('password-verdict', verdict, asks(0)), signal)
  await acknowledge(console, signal)
  throw new RescueError('machine', 'grub-password', `GRUB legacy asks for a password\n--- screen ---\n${text}`)
}

async function give(console: Console, password: string, signal: AbortSignal): Promise<void> {
  // One by one: the stars say which were lost, as long as no two come at once.
  for (const [index, character] of [...password].entries())
    await pressUntil(console, character, boxEffect('password-star', asks(index + 1), asks(index)), signal)
  const seen = await pressUntil(
    console,
    keys.enter,
    { ...boxEffect('password-verdict', verdict, asks(password.length)), answerMs: VERDICT_MS },
    signal,
  )
  if (seen === 'failed') await acknowledge(console, signal)
}

/** A wrong password waits for any key, and then the menu is back. */
async function acknowledge(console: Console, signal: AbortSignal): Promise<void> {
  const back = (view: ScreenView) => menuIn(view)
  const waits = (view: ScreenView) => verdict(view) === 'failed'
  await pressUntil(console, keys.space, boxEffect('grub-legacy-menu', back, waits), signal)
}

function menuIn(view: ScreenView): LegacyMenu | undefined {
  const sighting = recognise(view)
  return isOneOf(sighting, ['grub-legacy-menu']) ? sighting.state.menu : undefined
}

function isLocked(view: ScreenView): boolean {
  return menuIn(view)?.locked === true
}

function asks(typed: number): (view: ScreenView) => true | undefined {
  return (view) => {
    const { state } = recognise(view)
    return state.kind === 'grub-legacy-password' && !state.failed && state.typed === typed ? true : undefined
  }
}

function verdict(view: ScreenView): 'failed' | 'unlocked' | undefined {
  const { state } = recognise(view)
  if (state.kind === 'grub-legacy-password') return state.failed ? 'failed' : undefined
  return menuIn(view)?.locked === false ? 'unlocked' : undefined
}
