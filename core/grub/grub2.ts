/**
 * GRUB 2's driver: highlights the wanted entry, opens the editor, adds the
 * arguments to every kernel line of the entry, reads each line back from the
 * screen, and boots only if all of it stands where it should.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { isOneOf, Stuck, wantedOrStuck } from '../machine/watch.ts'
import { chooseByTitles, chooseEntry, enterSubmenu } from './choose-entry.ts'
import { leaveCommandLine } from './command-line.ts'
import { readFromFirmware, writeByItself } from './cures.ts'
import { editKernelLines } from './edit-entry.ts'
import { editorIn, isInEditor } from './editor.ts'
import { EditNotShown } from './failures.ts'
import {
  type BootedEntry,
  type BootHooks,
  type BootLoader,
  type BootRequest,
  bootedEntry,
  type EntryRequest,
  type WantedEntry,
} from './grub.ts'
import { leaveQuestion, openGuarded } from './guarded.ts'
import { insist, settled } from './insist.ts'
import { menuIn, presentMenu, selectedTitle } from './menu.ts'
import { isReadByFirmware } from './pace.ts'
import { isRetryable, retried } from './retried.ts'
import { canBeTitle, titleInSource } from './title.ts'
import type { TypingOptions } from './type-into.ts'

export const grub2: BootLoader = { bootWithArguments, bootEntry }

/** Menus inside menus that are gone through to the entry that would boot. */
const LEVELS = 3

async function bootWithArguments(
  console: Console,
  { tokens, entry: wanted }: BootRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  const title = await findEntry(console, wanted, hooks, signal)
  const entry = await editWithRetries(console, title, tokens, hooks, signal)
  await hooks.onEdited?.(entry)
  await boot(console, signal)
  return entry
}

/** From the editor, too: what is booted then is what stands there, and GRUB remembers nothing of it. */
async function bootEntry(
  console: Console,
  { entry: wanted }: EntryRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  let title: string | undefined
  try {
    title = await findEntry(console, wanted, hooks, signal)
    const entry = await editWithRetries(console, title, [], hooks, signal)
    await boot(console, signal)
    return entry
  } catch (thrown) {
    if (!(thrown instanceof Stuck && thrown.code === 'grub-password')) throw thrown
    await leaveQuestion(console, signal)
    if (!isReadable(console.view())) throw thrown
  }
  return await bootFromMenu(console, title ?? (await chooseByTitles(console, wanted, signal)), signal)
}

/** Behind a password that nobody gave the menu boots what its titles say, and shows nothing of what that is. */
async function bootFromMenu(console: Console, title: string, signal: AbortSignal): Promise<BootedEntry> {
  if (selectedTitle(await presentMenu(console, signal)) !== title) throw new EditNotShown(title, console.view().text)
  const stays = (view: ScreenView) => menuIn(view) !== undefined
  const left = (view: ScreenView) => {
    wantedOrStuck(view, [], 'grub-boots')
    return stays(view) ? undefined : true
  }
  await insist(console, keys.enter, 'grub-boots', left, stays, signal)
  return bootedEntry(title, undefined)
}

/**
 * Its title, in a menu that can be read. On a busy machine the two terminals of a menu that can not be read answer too
 * late and in a wrong order: then it is begun again, from that menu.
 */
async function findEntry(
  console: Console,
  wanted: WantedEntry,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<string> {
  const find = async () => {
    await makeReadable(console, hooks, signal)
    return await chooseEntry(console, wanted, hooks, signal)
  }
  return await retried([1, 2, 3], find, () => leaveCommandLine(console, signal))
}

async function makeReadable(console: Console, hooks: BootHooks, signal: AbortSignal): Promise<void> {
  if (!isReadable(console.view())) await writeByItself(console, hooks, signal)
  else await cureLostKeys(console, hooks, signal)
}

function isReadable(view: ScreenView): boolean {
  return !isOneOf(recognise(view), ['grub-overlaid', 'grub-cut-off'])
}

/** The entry that is to be edited, in whatever menu it was last highlighted. */
interface Highlighted {
  title: string
}

/**
 * A key whose answer was late was pressed again: the second Escape leaves a submenu, and what is highlighted then is
 * another entry. So the title is looked at before each attempt, and looked for again where it is not highlighted.
 */
async function editWithRetries(
  console: Console,
  title: string,
  tokens: readonly string[],
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<BootedEntry> {
  const highlighted: Highlighted = { title }
  const edit = async (options: TypingOptions) => {
    if (selectedTitle(await settled(console, 'grub-menu', menuIn, signal)) !== highlighted.title)
      await chooseEntry(console, { kind: 'title', title: highlighted.title }, hooks, signal)
    return await editHighlighted(console, highlighted, { tokens, ...options }, hooks, signal)
  }
  return await retried(ATTEMPTS, edit, () => discardEdits(console, signal))
}

/** Where a firmware may steal keys; GRUB may have no command line, or lock it: then it goes on as it is. */
async function cureLostKeys(console: Console, hooks: BootHooks, signal: AbortSignal): Promise<void> {
  if (!isReadByFirmware(console.view())) return
  try {
    await readFromFirmware(console, hooks, signal)
  } catch (thrown) {
    if (!isRetryable(thrown)) throw thrown
    await leaveCommandLine(console, signal)
  }
}

/** With a chunk of the terminal's size, with the same again, and one by one. */
const ATTEMPTS: readonly TypingOptions[] = [{}, {}, { chunk: 1 }]

/** The highlighted entry; or, when that is a submenu, the one that is highlighted in there. */
async function editHighlighted(
  console: Console,
  highlighted: Highlighted,
  { tokens, ...options }: TypingOptions & { readonly tokens: readonly string[] },
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<BootedEntry> {
  for (let level = 1; ; level += 1) {
    // On the way here it was drawn to its end already.
    const { width, ...menu } = await settled(console, 'grub-menu', menuIn, signal)
    const { title } = highlighted
    if (selectedTitle(menu) !== title) throw new EditNotShown(title, console.view().text)
    const { lines } = await openGuarded(console, keys.edit, 'grub-editor', editorIn, hooks, signal)
    demandTitle(console, title, lines[0]?.text ?? '', width)
    const found = await editKernelLines(console, tokens, options, signal)
    if (found !== 'submenu') return bootedEntry(title, found.kernel, found.edits)
    await discardEdits(console, signal)
    if (level === LEVELS)
      throw new RescueError('machine', 'no-kernel-line', `menus without end\n${console.view().text}`)
    await enterSubmenu(console, signal)
    highlighted.title = selectedTitle(await presentMenu(console, signal))
  }
}

/** A key that moved the highlight late has opened another entry than the one that was seen. */
function demandTitle(console: Console, title: string, firstLine: string, width: number): void {
  const opened = titleInSource(firstLine)
  if (opened !== undefined && !canBeTitle(title, opened, width)) throw new EditNotShown(title, console.view().text)
}

/** Escape throws all edits away and shows the menu again. It stays alone: the menu is GRUB's answer to it. */
async function discardEdits(console: Console, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (console.ended || !isInEditor(console.view())) return
  await insist(console, keys.escape, 'grub-menu', menuIn, isInEditor, signal)
  await presentMenu(console, signal)
}

async function boot(console: Console, signal: AbortSignal): Promise<void> {
  if (editorIn(console.view()) === undefined) throw new EditNotShown('the entry', console.view().text)
  const left = (view: ScreenView) => (showsEditor(view) ? undefined : true)
  const stands = (view: ScreenView) => editorIn(view) !== undefined
  await insist(console, keys.boot, 'grub-boots-edited', left, stands, signal)
}

/** Also while it is being drawn, when the cursor is hidden. */
function showsEditor(view: ScreenView): boolean {
  return recognise(view).state.kind === 'grub-editor' || /\bGRUB +version\b/.test(view.text)
}
