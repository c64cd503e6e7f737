/**
 * Boots an entry of systemd-boot with more kernel arguments: `e` opens its one line of options, what is typed behind
 * them is read back from the line's start to its end, and Enter boots it.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { firmwareKeys, keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import type { SystemdBootMenu } from '../machine/systemd-boot.ts'
import { appears } from './appears.ts'
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
import { moveBy, readOpened, readToEnd, systemdBootLineIn, typeIntoSystemdBoot } from './systemd-boot-line.ts'
import { readStatus } from './systemd-boot-status.ts'

/** The firmware draws 60 ms long for a key; systemd-boot repaints its countdown once a second. */
const QUIET_MS = 200
const ANSWER_MS = 2500
const effect = effectsOn({ quietMs: QUIET_MS, answerMs: ANSWER_MS })
/** The firmware waits two seconds for the rest of a sequence that an Escape might begin. */
const ESCAPE_MS = 5000
const ATTEMPTS = 3
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
  const { title } = await choose(console, entry, signal)
  const booted = bootedEntry(title, undefined, [await editWithRetries(console, title, tokens, signal)])
  await hooks.onEdited?.(booted)
  await boot(console, signal)
  return booted
}

/** The kernel's file stands in what systemd-boot prints on request. */
async function bootEntry(console: Console, { entry }: EntryRequest, signal: AbortSignal): Promise<BootedEntry> {
  const { index, title } = await choose(console, entry, signal)
  const printed = (await readStatus(console, index + 1, signal)).get(index)
  const menu = await present(console, signal)
  if (titleOf(menu) !== title) throw new EditNotShown(title, console.view().text)
  await boot(console, signal)
  // The menu adds the version where two titles are the same.
  const isIt = printed?.title !== undefined && title.startsWith(printed.title)
  const booted = bootedEntry(title, isIt ? printed.kernel : undefined)
  return { ...booted, version: booted.version ?? (isIt ? printed.version : undefined) }
}

/** Highlights the entry that is wanted. */
async function choose(
  console: Console,
  wanted: WantedEntry,
  signal: AbortSignal,
): Promise<{ readonly index: number; readonly title: string }> {
  const { entries: titles, selected } = await present(console, signal)
  const asked = untold(titles, wanted)
  const printed = asked.length === 0 ? undefined : await readStatus(console, titles.length, signal)
  const told = asked.flatMap((index) => {
    const version = printed?.get(index)?.version
    return version === undefined ? [] : [[index, version] as const]
  })
  const menu = { titles, current: selected, width: WHOLE_TITLE, versions: new Map(told) }
  const index = chooseTitle(menu, wanted)
  await highlight(console, index, signal)
  return { index, title: titles[index] ?? '' }
}

async function present(console: Console, signal: AbortSignal): Promise<SystemdBootMenu> {
  return await console.until('the systemd-boot menu', menuIn, ANSWER_MS, signal, { quietMs: QUIET_MS })
}

async function editWithRetries(
  console: Console,
  title: string,
  tokens: readonly string[],
  signal: AbortSignal,
): Promise<KernelLineEdit> {
  for (let attempt = 1; ; attempt += 1) {
    await openEditor(console, title, signal)
    try {
      return await editLine(console, tokens, signal)
    } catch (thrown) {
      await discardEdit(console, signal)
      if (!(thrown instanceof EditNotShown) || attempt === ATTEMPTS) throw thrown
    }
  }
}

async function editLine(console: Console, tokens: readonly string[], signal: AbortSignal): Promise<KernelLineEdit> {
  const { line: before, cursor, width } = await readOpened(console, signal)
  if (before.trim() === '')
    throw new RescueError('machine', 'no-kernel-line', `this entry gives no arguments\n${console.view().text}`)
  const { at, insert, after } = insertion(before, tokens, width)
  await moveBy(console, at - cursor, signal)
  await typeIntoSystemdBoot(console, insert, signal)
  // Further than to the start, where further keys do nothing; what is read from elsewhere is not the whole line.
  await moveBy(console, -(at + insert.length + BEYOND), signal)
  const read = await readToEnd(console, signal)
  if (read !== after) throw new EditNotShown(after, console.view().text)
  return { before, after }
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
    const opens = { ...effect('systemd-boot’s editor', systemdBootLineIn, isMenu), presses: ATTEMPTS }
    await pressUntil(console, keys.edit, opens, signal)
  } catch (thrown) {
    if (!(thrown instanceof NothingAppeared) || menuIn(console.view()) === undefined) throw thrown
    const message = `systemd-boot opens no editor for: ${title}\n--- screen ---\n${thrown.screen}`
    throw new RescueError('machine', 'editor-off', message, { cause: thrown, details: { title } })
  }
}

/** Only while the editor is there: in the menu, Escape and then Enter would restart into the firmware. */
async function discardEdit(console: Console, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (systemdBootLineIn(console.view()) === undefined) return
  await console.type(keys.escape, signal)
  await appears(console, 'the systemd-boot menu', menuIn, ESCAPE_MS, signal, { quietMs: QUIET_MS })
}

async function boot(console: Console, signal: AbortSignal): Promise<void> {
  const left = (view: ScreenView) => (systemdBootLineIn(view) === undefined && !isMenu(view) ? true : undefined)
  const stands = (view: ScreenView) => systemdBootLineIn(view) !== undefined || isMenu(view)
  await pressUntil(console, keys.enter, { ...effect('systemd-boot to boot', left, stands), quietMs: 0 }, signal)
}

/** One entry at a time, each move seen. */
async function highlight(console: Console, index: number, signal: AbortSignal): Promise<void> {
  for (
    let menu = menuIn(console.view());
    menu !== undefined && menu.selected !== index;
    menu = menuIn(console.view())
  ) {
    const { selected } = menu
    const by = index > selected ? 1 : -1
    const moved = (view: ScreenView) => (menuIn(view)?.selected === selected + by ? true : undefined)
    const before = (view: ScreenView) => menuIn(view)?.selected === selected
    const key = by > 0 ? firmwareKeys.down : firmwareKeys.up
    await pressUntil(console, key, effect('the highlight to move', moved, before), signal)
  }
}

function menuIn(view: ScreenView): SystemdBootMenu | undefined {
  const { state } = recognise(view)
  return state.kind === 'systemd-boot-menu' ? state.menu : undefined
}

function isMenu(view: ScreenView): boolean {
  return menuIn(view) !== undefined
}

function titleOf({ entries, selected }: SystemdBootMenu): string {
  return entries[selected] ?? ''
}
