/**
 * Boots an entry of systemd-boot with more kernel arguments: `e` opens its one line of options, what is typed behind
 * them is read back from the line's start to its end, and Enter boots it.
 */
import { sleep } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { SystemdBootMenu } from '../machine/systemd-boot.ts'
import { chooseTitle, untold } from './choose-title.ts'
import { EditNotShown } from './failures.ts'
import {
  type BootedEntry,
  type BootHooks,
  type BootLoader,
  type BootRequest,
  bootedEntry,
  type EntryRequest,
  type KernelLineEdit,
  type WantedEntry,
} from './grub.ts'
import { demandPlain } from './kernel-line.ts'
import { effectsOn, pressUntil } from './press.ts'
import { retried } from './retried.ts'
import {
  moveBy,
  type OpenedLine,
  readOpened,
  readToEnd,
  systemdBootLineIn,
  typeIntoSystemdBoot,
} from './systemd-boot-line.ts'
import { backToSystemdBootMenu, presentSystemdBootMenu, systemdBootMenuIn } from './systemd-boot-menu.ts'
import { readStatus } from './systemd-boot-status.ts'

/** The firmware draws 60 ms long for a key; systemd-boot repaints its countdown once a second. */
const QUIET_MS = 200
const ANSWER_MS = 2500
const effect = effectsOn({ quietMs: QUIET_MS, answerMs: ANSWER_MS })
/** The firmware waits two seconds for the rest of a sequence. */
const SEQUENCE_MS = 2500
/** Attempts to edit an entry, or to look at it. */
const ATTEMPTS = [1, 2, 3]
/** Single bytes: an arrow of which the first is lost ends in a B, and systemd-boot 255 restarts the machine for that. */
const DOWN = 'j'
const UP = 'k'
/** A title is never cut off on a screen as wide as this. */
const WHOLE_TITLE = Number.MAX_SAFE_INTEGER
/** Up to this column every firmware's terminal puts the cursor where it belongs. (edk2: the 80 columns all modes have) */
const SURE_COLUMNS = 78
/** A line that ends so many columns behind the window's edge shows its end, and no cursor blinks in it. */
const BEYOND = 24

export const systemdBoot: BootLoader = { bootWithArguments, bootEntry }

async function bootWithArguments(
  console: Console,
  { tokens, entry }: BootRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  for (const token of tokens) demandPlain(token)
  const { selected } = await backToSystemdBootMenu(console, signal)
  const edit = async () => {
    const { title } = await choose(console, entry, selected, signal)
    await openEditor(console, title, signal)
    return bootedEntry(title, undefined, [await editLine(console, title, tokens, signal)])
  }
  const booted = await retried(ATTEMPTS, edit, () => backToSystemdBootMenu(console, signal))
  await hooks.onEdited?.(booted)
  await boot(console, isEditor, signal)
  return booted
}

/** The kernel's file stands in what systemd-boot prints on request. */
async function bootEntry(console: Console, { entry }: EntryRequest, signal: AbortSignal): Promise<BootedEntry> {
  const { selected } = await backToSystemdBootMenu(console, signal)
  const look = async () => {
    const { index, title } = await choose(console, entry, selected, signal)
    const printed = (await readStatus(console, index + 1, signal)).get(index)
    if (titleOf(await presentSystemdBootMenu(console, signal)) !== title)
      throw new EditNotShown(title, console.view().text)
    return { title, printed }
  }
  const { title, printed } = await retried(ATTEMPTS, look, () => backToSystemdBootMenu(console, signal))
  await boot(console, isMenu, signal)
  // The menu adds the version where two titles are the same.
  const isIt = printed?.title !== undefined && title.startsWith(printed.title)
  const booted = bootedEntry(title, isIt ? printed.kernel : undefined)
  return { ...booted, version: booted.version ?? (isIt ? printed.version : undefined) }
}

/** Highlights the entry that is wanted. `current` is the index of the one that would boot by itself. */
async function choose(
  console: Console,
  wanted: WantedEntry,
  current: number,
  signal: AbortSignal,
): Promise<{ readonly index: number; readonly title: string }> {
  const { entries: titles } = await presentSystemdBootMenu(console, signal)
  const asked = untold(titles, wanted)
  const printed = asked.length === 0 ? undefined : await readStatus(console, titles.length, signal)
  const told = asked.flatMap((index) => {
    const version = printed?.get(index)?.version
    return version === undefined ? [] : [[index, version] as const]
  })
  const index = chooseTitle({ titles, current, width: WHOLE_TITLE, versions: new Map(told) }, wanted)
  const title = titles[index] ?? ''
  if (titleOf(await highlight(console, index, signal)) !== title) throw new EditNotShown(title, console.view().text)
  return { index, title }
}

async function editLine(
  console: Console,
  title: string,
  tokens: readonly string[],
  signal: AbortSignal,
): Promise<KernelLineEdit> {
  const { line: before, cursor, width } = await readUntouched(console, title, signal)
  if (before.trim() === '')
    throw new RescueError('machine', 'no-kernel-line', `this entry gives no arguments\n${console.view().text}`)
  const { at, insert, after } = insertion(before, tokens, width)
  await moveBy(console, at - cursor, signal)
  await demandStillOpen(console, title, signal)
  await typeIntoSystemdBoot(console, insert, signal)
  // Further than to the start, where further keys do nothing; what is read from elsewhere is not the whole line.
  await moveBy(console, -(at + insert.length + BEYOND), signal)
  const read = await readToEnd(console, signal)
  await demandStillOpen(console, title, signal)
  if (read !== after) throw new EditNotShown(after, console.view().text)
  return { before, after }
}

/**
 * The line as the entry has it. Where it shows what keys leave in it that came twice, or without their first byte, it
 * is opened once more, and counts if it then reads the same.
 */
async function readUntouched(console: Console, title: string, signal: AbortSignal): Promise<OpenedLine> {
  const opened = await readOpened(console, signal)
  if (!opened.line.startsWith(keys.edit) && !opened.line.includes('[')) return opened
  await backToSystemdBootMenu(console, signal)
  await openEditor(console, title, signal)
  const again = await readOpened(console, signal)
  if (again.line !== opened.line) throw new EditNotShown(opened.line, console.view().text)
  return again
}

/**
 * An arrow whose end was lost becomes an Escape after a while, or with the next key: what would be typed then, or the
 * Enter that boots, would reach the menu.
 */
async function demandStillOpen(console: Console, title: string, signal: AbortSignal): Promise<void> {
  await sleep(SEQUENCE_MS, signal)
  const look = (view: ScreenView) => (systemdBootLineIn(view)?.title === title ? true : undefined)
  await console.until('systemd-boot-editor', look, ANSWER_MS, signal)
}

/**
 * Where the tokens go: behind all arguments, or before ` -- `, for what follows is for init. Blanks before them make a
 * line longer that would end where no cursor's place can be trusted.
 */
function insertion(
  before: string,
  tokens: readonly string[],
  width: number,
): { readonly at: number; readonly insert: string; readonly after: string } {
  const at = /\s--(?:\s|$)/.exec(before)?.index ?? before.length
  const words = tokens.map((token) => ` ${token}`).join('')
  const length = before.length + words.length
  const isUnsure = width > SURE_COLUMNS && length >= SURE_COLUMNS && length < width + BEYOND
  const insert = ' '.repeat(isUnsure ? width + BEYOND - length : 0) + words
  return { at, insert, after: before.slice(0, at) + insert + before.slice(at) }
}

/** systemd-boot opens no editor where that is switched off, and none for an entry whose arguments are signed with it. */
async function openEditor(console: Console, title: string, signal: AbortSignal): Promise<void> {
  try {
    const opens = { ...effect('systemd-boot-editor', systemdBootLineIn, isMenu), presses: ATTEMPTS.length }
    const opened = await pressUntil(console, keys.edit, opens, signal)
    if (opened.title !== title) throw new EditNotShown(title, console.view().text)
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared) || !isMenu(console.view())) throw thrown
    const message = `systemd-boot opens no editor for: ${title}\n--- screen ---\n${thrown.screen}`
    throw new RescueError('machine', 'editor-off', message, { cause: thrown, details: { title } })
  }
}

/** Enter, as long as it would be pressed in the editor, or in the menu. */
async function boot(console: Console, stands: (view: ScreenView) => boolean, signal: AbortSignal): Promise<void> {
  const left = (view: ScreenView) => (isEditor(view) || isMenu(view) ? undefined : true)
  await pressUntil(console, keys.enter, { ...effect('systemd-boot-boots', left, stands), quietMs: 0 }, signal)
}

/** One entry at a time, each move seen. */
async function highlight(console: Console, index: number, signal: AbortSignal): Promise<SystemdBootMenu> {
  for (;;) {
    const menu = await presentSystemdBootMenu(console, signal)
    const { selected } = menu
    if (selected === index) return menu
    const by = index > selected ? 1 : -1
    const moved = (view: ScreenView) => (systemdBootMenuIn(view)?.selected === selected + by ? true : undefined)
    const before = (view: ScreenView) => systemdBootMenuIn(view)?.selected === selected
    await pressUntil(console, by > 0 ? DOWN : UP, effect('highlight-moved', moved, before), signal)
  }
}

function isEditor(view: ScreenView): boolean {
  return systemdBootLineIn(view) !== undefined
}

function isMenu(view: ScreenView): boolean {
  return systemdBootMenuIn(view) !== undefined
}

function titleOf({ entries, selected }: SystemdBootMenu): string {
  return entries[selected] ?? ''
}
