/**
 * Opens what GRUB may keep behind a password: its editor and its command line.
 * A name is compared with its echo; a password has none, and GRUB's answer to a
 * wrong one is the menu again. (grub-core/normal/auth.c)
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { Sighting } from '../machine/state.ts'
import { isOneOf, Stuck, wantedOrStuck } from '../machine/watch.ts'
import type { BootHooks, Credentials } from './grub.ts'
import { answered, insist } from './insist.ts'

/** How often whoever knows the password is asked. */
const ASKS = 3
/** GRUB hashes a password for a second or two, and waits 1, 2, 4, … seconds after each wrong one. */
const VERDICT_MS = 60_000
/** What is typed wrong so often is not typed wrong by chance. */
const FAILURES = 8

/**
 * Presses `key` in the menu until `look` finds what it opens; answers GRUB's questions on the way.
 * Throws `Stuck` (`grub-password`) when nobody knows the answer.
 */
export async function openGuarded<T extends object>(
  console: Console,
  key: string,
  what: string,
  look: (view: ScreenView) => T | undefined,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<T> {
  const open = () => insist(console, key, what, (view) => look(view) ?? question(view, what), isMenu, signal)
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

/** UEFI's firmware steals keys from GRUB's serial driver, and in a password nobody sees which. */
function typings(console: Console): number {
  return console.view().terminal === 'grub-serial' ? 2 : 1
}

function isQuestion(seen: object): seen is Sighting<'grub-password'> {
  return 'state' in seen
}

function question(view: ScreenView, what: string): Sighting<'grub-password'> | undefined {
  const sighting = recognise(view)
  if (isOneOf(sighting, ['grub-password'])) return sighting
  wantedOrStuck(view, [], what)
  return undefined
}

function isMenu(view: ScreenView): boolean {
  return isOneOf(recognise(view), ['grub-menu', 'grub-overlaid', 'grub-cut-off'])
}

/** What opened, or undefined when GRUB refused the answer and shows its menu again. */
async function give<T>(
  console: Console,
  { username, password }: Credentials,
  what: string,
  look: (view: ScreenView) => T | undefined,
  signal: AbortSignal,
): Promise<T | undefined> {
  await typeName(console, username, signal)
  const asksPassword = (view: ScreenView) => asks(view, 'password')
  await insist(console, keys.enter, 'GRUB to ask for the password', asksPassword, echoes(username), signal)
  // One by one: what is lost of it shows nowhere.
  for (const key of password) await console.type(key, signal)
  await console.type(keys.enter, signal)
  const verdict = (view: ScreenView) => look(view) ?? (isMenu(view) ? 'refused' : undefined)
  const seen = await console.until(what, verdict, VERDICT_MS, signal)
  return seen === 'refused' ? undefined : seen
}

function asks(view: ScreenView, what: 'username' | 'password'): true | undefined {
  const { state } = recognise(view)
  return state.kind === 'grub-password' && state.asks === what ? true : undefined
}

async function typeName(console: Console, name: string, signal: AbortSignal): Promise<void> {
  let failures = 0
  for (let typed = 0; typed < name.length && failures < FAILURES; ) {
    await console.type(name.slice(typed, typed + 1), signal)
    const echoed = await answered(console, 'the name', matches(echoes(name.slice(0, typed + 1))), signal)
    if (echoed !== undefined) typed += 1
    else {
      failures += 1
      typed = await eraseWrong(console, name, signal)
    }
  }
}

/** Erases the echo back to what is right of it, and returns how much that is. */
async function eraseWrong(console: Console, name: string, signal: AbortSignal): Promise<number> {
  const echo = console.view().beforeCursor
  let right = 0
  while (right < echo.length && echo[right] === name[right]) right += 1
  if (echo.length > right) await console.type(keys.erase.repeat(echo.length - right), signal)
  await answered(console, 'the name', matches(echoes(name.slice(0, right))), signal)
  return right
}

/** GRUB echoes the name in the row below its question. */
function echoes(name: string): (view: ScreenView) => boolean {
  return (view) => view.beforeCursor === name
}

function matches(test: (view: ScreenView) => boolean): (view: ScreenView) => true | undefined {
  return (view) => (test(view) ? true : undefined)
}
