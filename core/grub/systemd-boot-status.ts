/**
 * What systemd-boot prints on request (`p`): a page about itself, one about its settings, one for each entry, and then
 * its menu anew, whole. (src/boot/efi/boot.c: print_status)
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { effectsOn, pressUntil } from './press.ts'
import { kernelVersion } from './title.ts'

/** The firmware draws a page of 1 kB in a second at 9600 baud, on a busy host with pauses. */
const QUIET_MS = 400
const ANSWER_MS = 5000
const effect = effectsOn({ quietMs: QUIET_MS, answerMs: ANSWER_MS })
/** Before the entries: about itself, about its settings. */
const PAGES_BEFORE = 2
/** What stands on its pages, and nowhere else. */
const STATUS =
  /^ *(?:systemd-boot version|(?:config|boot) entry|timeout \(config\)):? |^(?:───|---) (?:Press any|press) key/m
const ENTRY = /^ *(?:config|boot) entry: +(\d+)\/\d+\r?$/m

export interface StatusEntry {
  readonly title: string | undefined
  readonly kernel: string | undefined
  readonly version: string | undefined
}

/** The first `count` entries, by their indices, as far as they are printed; the menu stands there before and after. */
export async function readStatus(
  console: Console,
  count: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, StatusEntry>> {
  // A page may be longer than the screen.
  using heard = console.listen()
  await openStatus(console, signal)
  for (let page = 0; page < PAGES_BEFORE + count && !entriesIn(heard.text).has(count - 1); page += 1)
    if ((await turnPage(console, signal)) === 'menu') return entriesIn(heard.text)
  await closeStatus(console, signal)
  return entriesIn(heard.text)
}

async function openStatus(console: Console, signal: AbortSignal): Promise<void> {
  const { text } = console.view()
  const opened = (view: ScreenView) => (isStatus(view) && view.text !== text ? true : undefined)
  await pressUntil(
    console,
    'p',
    effect('systemd-boot-status', opened, (view) => view.text === text),
    signal,
  )
}

async function closeStatus(console: Console, signal: AbortSignal): Promise<void> {
  await pressUntil(console, 'q', effect('systemd-boot-menu', menuIn, isStatus), signal)
}

/** Behind the last page the menu comes by itself. On a busy host firmware loses the end of a long page. */
async function turnPage(console: Console, signal: AbortSignal): Promise<'page' | 'menu'> {
  const { text } = console.view()
  const next = (view: ScreenView) => (view.text === text ? undefined : (menuIn(view) ?? 'page'))
  return await pressUntil(
    console,
    keys.space,
    effect('next-page', next, (view) => view.text === text),
    signal,
  )
}

/** Also where a part of it got lost. */
export function isStatus({ text }: ScreenView): boolean {
  return STATUS.test(text)
}

function menuIn(view: ScreenView): 'menu' | undefined {
  return recognise(view).state.kind === 'systemd-boot-menu' ? 'menu' : undefined
}

function entriesIn(text: string): ReadonlyMap<number, StatusEntry> {
  const [, ...parts] = text.split(ENTRY)
  const entries = new Map<number, StatusEntry>()
  for (let index = 0; index < parts.length; index += 2)
    entries.set(Number(parts[index]) - 1, entryIn(parts[index + 1] ?? ''))
  return entries
}

function entryIn(text: string): StatusEntry {
  const field = (name: string) => new RegExp(`^ *${name}: +(?<value>.*\\S)`, 'm').exec(text)?.groups?.value
  const kernel = field('(?:loader|linux)')
  return { title: field('title'), kernel, version: kernelVersion(kernel ?? '') ?? field('version') }
}
