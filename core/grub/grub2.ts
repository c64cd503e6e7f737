/**
 * GRUB 2's driver: highlights the wanted entry, opens the editor, adds the
 * arguments to every kernel line of the entry, reads each line back from the
 * screen, and boots only if all of it stands where it should.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import { NothingAppeared } from '../console/nothing-appeared.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { isOneOf } from '../machine/watch.ts'
import { chooseEntry, enterSubmenu, isMenuLine } from './choose-entry.ts'
import { leaveCommandLine } from './command-line.ts'
import { readFromFirmware, writeByItself } from './cures.ts'
import { editorIn, goDownTo, isInEditor } from './editor.ts'
import { EditNotShown } from './failures.ts'
import type { BootedEntry, BootHooks, BootLoader, BootRequest, KernelLineEdit } from './grub.ts'
import { openGuarded } from './guarded.ts'
import { insist, settled } from './insist.ts'
import { editKernelLine, isKernelLine } from './kernel-line.ts'
import { menuIn, presentMenu, selectedTitle } from './menu.ts'
import { isReadByFirmware } from './pace.ts'
import { readLine } from './read-line.ts'
import { demandLinux } from './refusals.ts'
import { canBeTitle, titleInSource } from './title.ts'
import { goBackTo, type TypingOptions, typeInto } from './type-into.ts'

export const grub2: BootLoader = { bootWithArguments }

/** Menus inside menus that are gone through to the entry that would boot. */
const LEVELS = 3

async function bootWithArguments(
  console: Console,
  { tokens, entry: wanted }: BootRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  if (!isReadable(console.view())) await writeByItself(console, hooks, signal)
  else await cureLostKeys(console, hooks, signal)
  await chooseEntry(console, wanted, hooks, signal)
  const entry = await editWithRetries(console, tokens, hooks, signal)
  await hooks.onEdited?.(entry)
  await boot(console, entry.edits, signal)
  return entry
}

function isReadable(view: ScreenView): boolean {
  return !isOneOf(recognise(view), ['grub-overlaid', 'grub-cut-off'])
}

async function editWithRetries(
  console: Console,
  tokens: readonly string[],
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<BootedEntry> {
  let wrong: unknown
  for (const options of ATTEMPTS) {
    try {
      return await editHighlighted(console, tokens, options, hooks, signal)
    } catch (thrown) {
      await discardEdits(console, signal)
      if (!isRetryable(thrown)) throw thrown
      wrong = thrown
    }
  }
  throw wrong
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

function isRetryable(thrown: unknown): boolean {
  return thrown instanceof EditNotShown || thrown instanceof NothingAppeared
}

/** The highlighted entry; or, when that is a submenu, the one that is highlighted in there. */
async function editHighlighted(
  console: Console,
  tokens: readonly string[],
  options: TypingOptions,
  hooks: BootHooks,
  signal: AbortSignal,
): Promise<BootedEntry> {
  for (let level = 1; ; level += 1) {
    // On the way here it was drawn to its end already.
    const { width, ...menu } = await settled(console, 'the GRUB menu', menuIn, signal)
    const title = selectedTitle(menu)
    const { lines } = await openGuarded(console, keys.edit, 'GRUB’s editor', editorIn, hooks, signal)
    demandTitle(console, title, lines[0]?.text ?? '', width)
    const edits = await editKernelLines(console, tokens, options, signal)
    if (edits !== 'submenu') return { title, edits }
    await discardEdits(console, signal)
    if (level === LEVELS)
      throw new RescueError('machine', 'no-kernel-line', `menus without end\n${console.view().text}`)
    await enterSubmenu(console, signal)
  }
}

/** A key that moved the highlight late has opened another entry than the one that was seen. */
function demandTitle(console: Console, title: string, firstLine: string, width: number): void {
  const opened = titleInSource(firstLine)
  if (opened !== undefined && !canBeTitle(title, opened, width)) throw new EditNotShown(title, console.view().text)
}

/** A `menuentry` inside stops the search: what is open then is a submenu, and its lines boot nothing. */
async function editKernelLines(
  console: Console,
  tokens: readonly string[],
  options: TypingOptions,
  signal: AbortSignal,
): Promise<KernelLineEdit[] | 'submenu'> {
  const edits: KernelLineEdit[] = []
  const seen = new Set<string>()
  const wanted = (line: string) => seen.add(line) && (isKernelLine(line) || isMenuLine(line))
  for (;;) {
    const editor = await goDownTo(console, wanted, edits.length === 0 ? 'this line' : 'the next line', signal)
    const line = editor?.lines[editor.current]?.text
    if (line === undefined) break
    if (!isKernelLine(line)) return edits.length === 0 ? 'submenu' : edits
    edits.push(await editLine(console, tokens, options, signal))
  }
  demandAllEdited(console, edits, seen)
  demandLinux(edits.length, [...seen], console.view().text)
  return edits
}

/** A move that came twice may have passed a kernel line. What was seen of it may be its beginning only. */
function demandAllEdited(console: Console, edits: readonly KernelLineEdit[], seen: ReadonlySet<string>): void {
  const isEdited = (line: string) =>
    edits.some(({ before, after }) => before.startsWith(line) || after.startsWith(line))
  const passed = [...seen].find((line) => isKernelLine(line) && !isEdited(line))
  if (passed !== undefined) throw new EditNotShown(passed, console.view().text)
}

async function editLine(
  console: Console,
  tokens: readonly string[],
  options: TypingOptions,
  signal: AbortSignal,
): Promise<KernelLineEdit> {
  const line = await readLine(console, signal)
  const { at, insert: text, after } = editKernelLine(line, tokens)
  await goBackTo(console, line, at, signal)
  await typeInto(console, { line, at, text }, options, signal)
  const read = await readLine(console, signal)
  if (read !== after) throw new EditNotShown(after, console.view().text)
  return { before: line, after }
}

/** Escape throws all edits away and shows the menu again. It stays alone: the menu is GRUB's answer to it. */
async function discardEdits(console: Console, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (console.ended || !isInEditor(console.view())) return
  await insist(console, keys.escape, 'the GRUB menu', menuIn, isInEditor, signal)
  await presentMenu(console, signal)
}

async function boot(console: Console, edits: readonly KernelLineEdit[], signal: AbortSignal): Promise<void> {
  if (editorIn(console.view()) === undefined)
    throw new EditNotShown(edits.map(({ after }) => after).join('\n'), console.view().text)
  const left = (view: ScreenView) => (showsEditor(view) ? undefined : true)
  const stands = (view: ScreenView) => editorIn(view) !== undefined
  await insist(console, keys.boot, 'GRUB to boot the edited entry', left, stands, signal)
}

/** Also while it is being drawn, when the cursor is hidden. */
function showsEditor(view: ScreenView): boolean {
  return recognise(view).state.kind === 'grub-editor' || /\bGRUB +version\b/.test(view.text)
}
