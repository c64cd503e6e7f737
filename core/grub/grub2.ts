/**
 * Boots GRUB 2's highlighted entry with more kernel arguments: opens the editor,
 * adds them to every `linux` line of the entry, reads each line back from the
 * screen, and boots only if all of it stands where it should.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { watch } from '../machine/watch.ts'
import { editorIn, goBackTo, goDownTo, insist, openEditor, readLine, typeInto } from './editor.ts'
import { EditNotShown } from './failures.ts'
import type { BootedEntry, BootHooks, BootLoader, BootRequest, KernelLineEdit } from './grub.ts'
import { editKernelLine, isKernelLine } from './kernel-line.ts'

/** How many characters are typed before the screen is compared: one by one, each again if it was lost, once it went wrong. */
const CHUNKS = [8, 1, 1]
const MENU_MS = 6000

export const grub2: BootLoader = { bootWithArguments }

async function bootWithArguments(
  console: Console,
  { tokens }: BootRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  const { state } = await watch(console, ['grub-menu'], 'the GRUB menu', MENU_MS, signal)
  const title = state.menu.entries[state.menu.selected] ?? ''
  const entry = { title, edits: await editWithRetries(console, tokens, signal) }
  await hooks.onEdited?.(entry)
  await boot(console, entry.edits, signal)
  return entry
}

async function editWithRetries(
  console: Console,
  tokens: readonly string[],
  signal: AbortSignal,
): Promise<KernelLineEdit[]> {
  let wrong: EditNotShown | undefined
  for (const size of CHUNKS) {
    await openEditor(console, signal)
    try {
      return await editEntry(console, tokens, size, signal)
    } catch (thrown) {
      await discardEdits(console, signal)
      if (!(thrown instanceof EditNotShown)) throw thrown
      wrong = thrown
    }
  }
  throw wrong ?? new RescueError('us', 'unexpected', 'no attempt was made')
}

/** Also a `menuentry` inside stops the search: what is open then is a submenu, and its lines boot nothing. */
async function editEntry(
  console: Console,
  tokens: readonly string[],
  size: number,
  signal: AbortSignal,
): Promise<KernelLineEdit[]> {
  const edits: KernelLineEdit[] = []
  const wanted = (line: string) => isKernelLine(line) || /^\s*(?:menuentry|submenu)\s/.test(line)
  for (;;) {
    const editor = await goDownTo(console, wanted, edits.length === 0 ? 'this line' : 'the next line', signal)
    const line = editor?.lines[editor.current]?.text
    if (line === undefined || !isKernelLine(line)) break
    edits.push(await editLine(console, tokens, size, signal))
  }
  if (edits.length > 0) return edits
  throw new RescueError('machine', 'no-kernel-line', `this entry boots no Linux\n${console.view().text}`)
}

async function editLine(
  console: Console,
  tokens: readonly string[],
  size: number,
  signal: AbortSignal,
): Promise<KernelLineEdit> {
  const before = await readLine(console, signal)
  const { at, insert, after } = editKernelLine(before, tokens)
  await goBackTo(console, before, at, signal)
  await typeInto(console, before, at, insert, size, signal)
  const read = await readLine(console, signal)
  if (read !== after) throw new EditNotShown(after, console.view().text)
  return { before, after }
}

/** Escape throws all edits away and shows the menu again. It stays alone: the menu is GRUB's answer to it. */
async function discardEdits(console: Console, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (editorIn(console.view()) === undefined) return
  await console.type(keys.escape, signal)
  await watch(console, ['grub-menu'], 'the GRUB menu', MENU_MS, signal)
}

async function boot(console: Console, edits: readonly KernelLineEdit[], signal: AbortSignal): Promise<void> {
  if (editorIn(console.view()) === undefined)
    throw new EditNotShown(edits.map(({ after }) => after).join('\n'), console.view().text)
  const left = (view: ScreenView) => (isInEditor(view) ? undefined : true)
  const stands = (view: ScreenView) => editorIn(view) !== undefined
  await insist(console, keys.boot, 'GRUB to boot the edited entry', left, stands, signal)
}

/** Also while it is being drawn, when the cursor is hidden. */
function isInEditor(view: ScreenView): boolean {
  return recognise(view).state.kind === 'grub-editor' || /\bGRUB +version\b/.test(view.text)
}
