/**
 * Boots an entry of GRUB legacy 0.97 with more kernel arguments: `e` shows its commands, `e` again edits the one that
 * starts Linux, and only when that was stored as it should be, read back whole, `b` boots it.
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
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
import { allRows, type BoxKind, boxEffect, goUpTo, legacyBoxIn, presentBox, selectedRow } from './legacy-box.ts'
import { editLegacyLine, kernelFile, linuxCommands } from './legacy-commands.ts'
import { legacyLineIn, readLegacyLine, typeIntoLegacyLine } from './legacy-line.ts'
import { backToLegacyMenu } from './legacy-menu.ts'
import { unlockLegacyMenu } from './legacy-password.ts'
import { pressUntil } from './press.ts'
import { retried } from './retried.ts'
import { kernelVersion } from './title.ts'

/** How many characters are typed before the screen is compared: one by one once it went wrong. */
const CHUNKS = [8, 1, 1]
/** Columns of a row in the box; a title as long has GRUB's mark in the last of them. */
const ROW = 70

export const grubLegacy: BootLoader = { bootWithArguments, bootEntry }

async function bootWithArguments(
  console: Console,
  { tokens, entry }: BootRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  await backToLegacyMenu(console, signal)
  await unlockLegacyMenu(console, hooks, signal)
  const preset = selectedRow(await presentBox(console, 'grub-legacy-menu', signal))
  let told = false
  const tell = async (booted: BootedEntry) => {
    if (!told) await hooks.onEdited?.(booted)
    told = true
  }
  const edit = async (size: number) => {
    const title = await choose(console, entry, preset, signal)
    return await editEntry(console, title, tokens, size, tell, signal)
  }
  const booted = await retried(CHUNKS, edit, () => backToLegacyMenu(console, signal))
  await boot(console, signal)
  return booted
}

/** Its commands are looked at before they are booted; a menu that is locked shows none, and boots all the same. */
async function bootEntry(console: Console, { entry }: EntryRequest, signal: AbortSignal): Promise<BootedEntry> {
  await backToLegacyMenu(console, signal)
  const preset = selectedRow(await presentBox(console, 'grub-legacy-menu', signal))
  const look = async () => {
    const title = await choose(console, entry, preset, signal)
    if (isLocked(console.view())) return { title, commands: undefined }
    await open(console, keys.edit, 'grub-legacy-menu', listIn, signal)
    return { title, commands: await allRows(console, 'grub-legacy-list', signal) }
  }
  const { title, commands } = await retried(CHUNKS, look, () => backToLegacyMenu(console, signal))
  if (commands === undefined) await open(console, keys.enter, 'grub-legacy-menu', leftBox, signal)
  else await boot(console, signal)
  return bootedEntry(title, kernelFile(commands ?? []))
}

/** Highlights the entry that is wanted, and returns its title. `preset` is the one that would boot by itself. */
async function choose(console: Console, wanted: WantedEntry, preset: string, signal: AbortSignal): Promise<string> {
  if (wanted.kind !== 'default') {
    const titles = await allRows(console, 'grub-legacy-menu', signal)
    const current = titles.indexOf(preset)
    if (current === -1) throw new EditNotShown(preset, console.view().text)
    const versions = await versionsOf(console, titles, untold(titles, wanted), signal)
    const index = chooseTitle({ titles, current, width: ROW, versions }, wanted)
    await goUpTo(console, 'grub-legacy-menu', titles, index, signal)
  }
  return selectedRow(await presentBox(console, 'grub-legacy-menu', signal))
}

/** The kernels of some entries, by their commands; the highlight is on the last of all titles, before and after. */
async function versionsOf(
  console: Console,
  titles: readonly string[],
  indices: readonly number[],
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string>> {
  const versions = new Map<number, string>()
  if (isLocked(console.view())) return versions
  for (const index of indices) {
    await goUpTo(console, 'grub-legacy-menu', titles, index, signal)
    await open(console, keys.edit, 'grub-legacy-menu', listIn, signal)
    const version = kernelVersion(kernelFile(await allRows(console, 'grub-legacy-list', signal)) ?? '')
    if (version !== undefined) versions.set(index, version)
    await backToLegacyMenu(console, signal)
    await allRows(console, 'grub-legacy-menu', signal)
  }
  return versions
}

async function editEntry(
  console: Console,
  title: string,
  tokens: readonly string[],
  size: number,
  tell: (booted: BootedEntry) => Promise<void>,
  signal: AbortSignal,
): Promise<BootedEntry> {
  await open(console, keys.edit, 'grub-legacy-menu', listIn, signal)
  const edits = await editList(console, tokens, size, signal)
  const lines = edits.map(({ before }) => before)
  const booted = bootedEntry(
    title,
    kernelFile(lines),
    edits.map(({ before, after }) => ({ before, after })),
  )
  await readBack(console, edits, () => tell(booted), signal)
  return booted
}

interface CommandEdit extends KernelLineEdit {
  /** Which of the entry's commands it is, from 0. */
  readonly index: number
}

/** From the last of the lines that start Linux to the first: there the highlight then is. */
async function editList(
  console: Console,
  tokens: readonly string[],
  size: number,
  signal: AbortSignal,
): Promise<readonly CommandEdit[]> {
  const edits: CommandEdit[] = []
  const commands = await allRows(console, 'grub-legacy-list', signal)
  for (const index of linuxCommands(commands, console.view().text).toReversed()) {
    const rows = edits.length === 0 ? commands : await allRows(console, 'grub-legacy-list', signal)
    await goUpTo(console, 'grub-legacy-list', rows, index, signal)
    edits.unshift({ index, ...(await editCommand(console, tokens, size, signal)) })
  }
  return edits
}

/** Opens each edited command once more, to see what was stored; `tell` is called while the last of them is open. */
async function readBack(
  console: Console,
  edits: readonly CommandEdit[],
  tell: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let rows = edits.length === 1 ? [] : await allRows(console, 'grub-legacy-list', signal)
  for (const { index, after } of edits.toReversed()) {
    if (edits.length > 1) await goUpTo(console, 'grub-legacy-list', rows, index, signal)
    rows = rows.slice(0, index + 1)
    await open(console, keys.edit, 'grub-legacy-list', legacyLineIn, signal)
    await demandLine(console, after, signal)
    if (index === edits[0]?.index) await tell()
    await closeLine(console, keys.escape, signal)
  }
}

/**
 * The command that is highlighted, opened. Where the key that opens it may have come twice, and so stand at its end, it
 * is opened a second time.
 */
async function readCommand(console: Console, signal: AbortSignal): Promise<string> {
  await open(console, keys.edit, 'grub-legacy-list', legacyLineIn, signal)
  const line = await readLegacyLine(console, signal)
  if (!line.endsWith(keys.edit)) return line
  await closeLine(console, keys.escape, signal)
  await open(console, keys.edit, 'grub-legacy-list', legacyLineIn, signal)
  await demandLine(console, line, signal)
  return line
}

/** The command that is highlighted, stored with the tokens. */
async function editCommand(
  console: Console,
  tokens: readonly string[],
  size: number,
  signal: AbortSignal,
): Promise<KernelLineEdit> {
  const before = await readCommand(console, signal)
  const { at, insert, after } = editLegacyLine(before, tokens)
  await typeIntoLegacyLine(console, before, at, insert, size, signal)
  await closeLine(console, keys.enter, signal)
  return { before, after }
}

async function demandLine(console: Console, wanted: string, signal: AbortSignal): Promise<void> {
  const read = await readLegacyLine(console, signal)
  if (read !== wanted) throw new EditNotShown(wanted, console.view().text)
}

async function boot(console: Console, signal: AbortSignal): Promise<void> {
  await open(console, 'b', 'grub-legacy-list', leftBox, signal)
}

/** Also when a kernel has scrolled GRUB's words away. */
function leftBox(view: ScreenView): true | undefined {
  const isPast = ['grub-booting', 'grub-error', 'kernel', 'kernel-panic'].includes(recognise(view).state.kind)
  return isPast || /^ {2}Booting (?:command-list|'.*')/m.test(view.text) ? true : undefined
}

function isLocked(view: ScreenView): boolean {
  const { state } = recognise(view)
  return state.kind === 'grub-legacy-menu' && state.menu.locked
}

async function closeLine(console: Console, key: string, signal: AbortSignal): Promise<void> {
  const before = (view: ScreenView) => legacyLineIn(view) !== undefined
  await pressUntil(console, key, boxEffect('entry-commands', listIn, before), signal)
}

/** Presses what leads on from the menu or the list. */
async function open<T>(
  console: Console,
  key: string,
  from: BoxKind,
  look: (view: ScreenView) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const before = (view: ScreenView) => legacyBoxIn(view, from) !== undefined
  return await pressUntil(console, key, boxEffect('grub-legacy-goes-on', look, before), signal)
}

function listIn(view: ScreenView) {
  return legacyBoxIn(view, 'grub-legacy-list')
}
