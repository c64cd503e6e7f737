/**
 * Opens what GRUB may keep behind a password: its editor and its command line.
 * A name is compared with its echo; a password has none, and GRUB's answer to a
 * wrong one is the menu again. (grub-core/normal/auth.c)
 */

import { sleep } from '../base/deadline.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { Awaited } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf, Stuck, wantedOrStuck } from '../machine/watch.ts'
import type { BootHooks, Credentials } from './grub.ts'
import { answered, insist } from './insist.ts'
import { paceOf } from './pace.ts'

/** How often whoever knows the password is asked. */
const ASKS = 3
/**
 * GRUB hashes a password for a second or two, and waits 1, 2, 4, … seconds after each wrong one. It takes the length of a
 * second from one millisecond at its start: where the host was busy just then, seconds were seen to take 17.
 */
const VERDICT_MS = 300_000
/** Who still sees the question after so long has lost the Enter on the way: GRUB's own pauses come after the question. */
const ENTER_LOST_MS = 10_000
/** Nothing shows when keys of a password were taken: a firmware looks for them 18 times a second, and buffers 15. */
const KEYS_TAKEN_MS = 150
/** What is typed wrong so often is not typed wrong by chance. */
const FAILURES = 8

/**
 * Presses `key` in the menu until `look` finds what it opens; answers GRUB's questions on the way.
 * Throws `Stuck` (`grub-password`) when nobody knows the answer.
 */
export async function openGuarded<T extends object>(
  console: Console,
  key: string,
  what: Awaited,
  look: (view: ScreenView) => T | undefined,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<T> {
  const open = () => insist(console, key, what, (view) => look(view) ?? question(view, key, what), isMenu, signal)
  let seen = await open()
  for (let attempt = 1; isQuestion(seen); attempt += 1) {
    const answer = attempt > ASKS ? undefined : await hooks.askPassword?.(attempt, signal)
    if (answer === undefined) throw new Stuck(what, seen, console.view().text)
    for (let typing = 1; typing <= typings(console) && isQuestion(seen); typing += 1) {
      seen = (await give(console, answer, what, look, signal)) ?? (await open())
    }
  }
  return seen
}

/** Takes GRUB's question back: that counts as a wrong answer, after which it shows its menu again. */
export async function leaveQuestion(console: Console, signal: AbortSignal): Promise<void> {
  await escapeQuestion(console, signal)
  await console.until('grub-menu', matches(isMenu), VERDICT_MS, signal)
}

async function escapeQuestion(console: Console, signal: AbortSignal): Promise<void> {
  const stays = (view: ScreenView) => isOneOf(recognise(view), ['grub-password'])
  const gone = matches((view) => !stays(view))
  await insist(console, keys.escape, 'question-gone', gone, stays, signal)
}

/** UEFI's firmware steals keys from GRUB's serial driver, and in a password nobody sees which. */
function typings(console: Console): number {
  return ['grub-serial', 'both'].includes(console.view().terminal) ? 3 : 1
}

function isQuestion(seen: object): seen is Sighting<'grub-password'> {
  return 'state' in seen
}

function question(view: ScreenView, key: string, what: Awaited): Sighting<'grub-password'> | undefined {
  const sighting = recognise(view)
  if (isOneOf(sighting, ['grub-password'])) return sighting
  // A command line that was asked for may not be drawn to its end: two terminals write its prompt one after the other.
  wantedOrStuck(view, key === keys.commandLine ? ['grub-command-line'] : [], what)
  return undefined
}

function isMenu(view: ScreenView): boolean {
  return isOneOf(recognise(view), ['grub-menu', 'grub-overlaid', 'grub-cut-off'])
}

/** What opened, or undefined when GRUB refused the answer and shows its menu again. */
async function give<T>(
  console: Console,
  { username, password }: Credentials,
  what: Awaited,
  look: (view: ScreenView) => T | undefined,
  signal: AbortSignal,
): Promise<T | undefined> {
  if (!(await typeName(console, username, signal))) {
    await leaveQuestion(console, signal)
    return undefined
  }
  const asksPassword = (view: ScreenView) => asks(view, 'password')
  await insist(console, keys.enter, 'password-asked', asksPassword, echoes(username), signal)
  await typePassword(console, password, signal)
  const verdict = (view: ScreenView) => look(view) ?? (isMenu(view) ? 'refused' : undefined)
  const left = matches((view) => asks(view, 'password') === undefined)
  // Escape takes the question back, as a wrong answer does; in an editor that opened late it does no harm.
  if ((await appears(console, what, left, ENTER_LOST_MS, signal)) === undefined) await escapeQuestion(console, signal)
  // What two terminals have drawn of a command line so far looks like what they leave of a menu.
  const { quietMs } = paceOf(console.view())
  const seen = await console.until(what, verdict, VERDICT_MS, signal, { quietMs })
  return seen === 'refused' ? undefined : seen
}

/** One by one, and no more at once than are buffered: what is lost of it shows nowhere. */
async function typePassword(console: Console, password: string, signal: AbortSignal): Promise<void> {
  const { chunk } = paceOf(console.view())
  for (const [index, key] of [...password, keys.enter].entries()) {
    if (index > 0 && index % chunk === 0) await sleep(KEYS_TAKEN_MS, signal)
    await console.type(key, signal)
  }
}

function asks(view: ScreenView, what: 'username' | 'password'): true | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-password' && state.asks === what ? true : undefined
}

/** Whether the name stands there as it should. */
async function typeName(console: Console, name: string, signal: AbortSignal): Promise<boolean> {
  let failures = 0
  for (let typed = 0; typed < name.length; ) {
    if (failures === FAILURES) return false
    await console.type(name.slice(typed, typed + 1), signal)
    const echoed = await answered(console, 'username-echoed', matches(echoes(name.slice(0, typed + 1))), signal)
    if (echoed !== undefined) typed += 1
    // Two terminals at once show of an erased character only that something was there: the name is given up for another try.
    else if (console.view().terminal === 'both') return false
    else {
      failures += 1
      typed = await eraseWrong(console, name, signal)
    }
  }
  return true
}

/** Erases the echo back to what is right of it, and returns how much that is. */
async function eraseWrong(console: Console, name: string, signal: AbortSignal): Promise<number> {
  const echo = typedName(console.view()) ?? ''
  let right = 0
  while (right < echo.length && echo[right] === name[right]) right += 1
  if (echo.length > right) await console.type(keys.erase.repeat(echo.length - right), signal)
  await answered(console, 'username-echoed', matches(echoes(name.slice(0, right))), signal)
  return right
}

/** GRUB echoes the name in the row below its question. */
function echoes(name: string): (view: ScreenView) => boolean {
  return (view) => typedName(view) === name
}

function typedName(view: ScreenView): string | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-password' && state.asks === 'username' ? state.typed : undefined
}

function matches(test: (view: ScreenView) => boolean): (view: ScreenView) => true | undefined {
  return (view) => (test(view) ? true : undefined)
}
