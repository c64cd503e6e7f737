/**
 * GRUB's prompt: what is typed there is compared with its echo before it is given, and what a command answers is read
 * from the line, for it may be longer than the screen.
 */
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'
import type { ScreenView } from '../console/screen-view.ts'
import type { Transcript } from '../console/transcript.ts'
import { UNSURE } from './boot-files.ts'
import { EditNotShown } from './failures.ts'
import { answered, insist } from './insist.ts'
import { paceOf } from './pace.ts'

const PROMPT = 'grub>'
/** A key that is lost so often in a row is not lost by chance: on a busy machine UEFI steals every other one. */
const FAILURES = 12
/** An echo is one character: it comes in milliseconds, one that comes later is erased again, and the next waited for longer. */
const ECHO_MS = 400
const LONGEST_ECHO_MS = 3200
/** A command may load modules and a configuration from a slow disk. */
export const COMMAND_MS = 30_000
/** Keys that firmware has kept come within moments. */
const LATE_MS = 500
/** No line of a file that says how to boot is longer; GRUB takes any number for its terminal's width. */
const WIDE = 4000

/**
 * What is typed behind the prompt, up to the cursor; undefined when there is no prompt. Two terminals at once (class D)
 * write prompt and echo side by side and put the cursor back, so that each character covers the second of the one before.
 */
export function typedCommand(view: ScreenView): string | undefined {
  const { terminal } = view
  const text = sincePrompt(view)
  if (text === undefined) return undefined
  if (DOUBLED.test(text)) return ''
  return text[PROMPT.length] === ' ' || terminal === 'both' ? text.slice(PROMPT.length + 1) : undefined
}

/** What two terminals write that have not yet been typed to. */
export function isDoubledPrompt({ beforeCursor }: ScreenView): boolean {
  return DOUBLED.test(beforeCursor)
}

const DOUBLED = /^grub>grub> *$/

/** GRUB breaks a long command where the row ends, and moves the cursor on by itself: only full rows say that it goes on. */
function sincePrompt({ rows, cursor, columns, beforeCursor }: ScreenView): string | undefined {
  let text = beforeCursor
  for (let row = cursor.row - 1; !text.startsWith(PROMPT); row -= 1) {
    const above = rows[row] ?? ''
    // A blank in the last column is not to be seen.
    if (above.length < columns - 1) return undefined
    text = above.padEnd(columns) + text
  }
  return text
}

/**
 * Types a command, as many characters at once as the terminal takes, and leaves it to be given. Throws `EditNotShown`.
 * `slowly`: one by one, for a line that loses keys.
 */
export async function typeCommand(
  console: Console,
  command: string,
  signal: AbortSignal,
  slowly?: 'slowly',
): Promise<void> {
  let failures = 0
  let size = slowly === undefined ? paceOf(console.view()).chunk : 1
  for (let typed = typedCommand(console.view())?.length ?? 0; typed < command.length; ) {
    if (failures === FAILURES) throw new EditNotShown(command, console.view().text)
    const next = Math.min(typed + size, command.length)
    await console.type(command.slice(typed, next), signal)
    const echoMs = Math.min(ECHO_MS * 2 ** failures, LONGEST_ECHO_MS)
    if (await stands(console, command.slice(0, next), echoMs, signal)) {
      typed = next
      failures = 0
    } else {
      failures += 1
      size = 1
      typed = await eraseWrong(console, command, echoMs, signal)
    }
  }
}

async function eraseWrong(console: Console, command: string, echoMs: number, signal: AbortSignal): Promise<number> {
  const shown = typedCommand(console.view()) ?? ''
  let right = 0
  while (right < shown.length && shown[right] === command[right]) right += 1
  if (shown.length > right) await console.type(keys.erase.repeat(shown.length - right), signal)
  await stands(console, command.slice(0, right), echoMs, signal)
  return right
}

async function stands(console: Console, text: string, echoMs: number, signal: AbortSignal): Promise<boolean> {
  const look = (view: ScreenView) => (typedCommand(view) === text ? true : undefined)
  return (await answered(console, 'command-echoed', look, signal, echoMs)) !== undefined
}

/** Gives the command that stands behind the prompt. It is taken once something else stands there. */
export async function giveCommand(console: Console, signal: AbortSignal): Promise<void> {
  const typed = typedCommand(console.view())
  const stays = (view: ScreenView) => typedCommand(view) === typed
  const taken = (view: ScreenView) => (stays(view) ? undefined : true)
  await insist(console, keys.enter, 'command-taken', taken, stays, signal)
}

/** Throws `EditNotShown` unless these commands stand at the end of the screen, each behind a prompt, the last to be given. */
export function demandShown({ rows, cursor, columns, text }: ScreenView, commands: readonly string[]): void {
  const wanted = commands.flatMap((command) => rowsOf(`${PROMPT} ${command}`, columns))
  const shown = rows.slice(0, cursor.row + 1).slice(-wanted.length)
  if (shown.join('\n') !== wanted.slice(-shown.length).join('\n')) throw new EditNotShown(commands.join('\n'), text)
}

/** The cursor stands behind the last character: in the next row, when that is full. */
function rowsOf(text: string, columns: number): string[] {
  const count = Math.floor(text.length / columns) + 1
  return Array.from({ length: count }, (_, row) => text.slice(row * columns, (row + 1) * columns).trimEnd())
}

/** Erases what came from elsewhere, once nothing more comes. */
export async function clearPrompt(console: Console, signal: AbortSignal): Promise<void> {
  for (let attempt = 0; attempt < FAILURES; attempt += 1) {
    const standing = await console.until('grub-prompt', typedCommand, COMMAND_MS, signal, { quietMs: LATE_MS })
    if (standing === '') return
    await console.type(keys.erase.repeat(standing.length), signal)
  }
  throw new EditNotShown('an empty prompt', console.view().text)
}

/**
 * What the command says, row by row, errors among it, once the prompt is back. An Enter that was pressed again because
 * GRUB was slow may come as late as this command stands there: it is heard from its beginning all the same.
 */
export async function ask(
  console: Console,
  command: string,
  signal: AbortSignal,
  slowly?: 'slowly',
  limitMs = COMMAND_MS,
): Promise<readonly string[]> {
  using heard = await standing(console, command, signal, slowly)
  await giveCommand(console, signal)
  const back = (view: ScreenView) => (typedCommand(view) === '' ? true : undefined)
  const { quietMs } = paceOf(console.view())
  await console.until('grub-prompt', back, limitMs, signal, { quietMs })
  const rows = heard.text.replaceAll('\r', '').split('\n')
  return rows
    .slice(
      0,
      rows.findLastIndex((row) => row.startsWith(PROMPT)),
    )
    .filter((row) => row !== '' && row.trimEnd() !== PROMPT)
}

/** Listens from the moment on in which the whole command stands there and nothing of its answer does. */
async function standing(
  console: Console,
  command: string,
  signal: AbortSignal,
  slowly: 'slowly' | undefined,
): Promise<Transcript & Disposable> {
  for (let attempt = 0; attempt < FAILURES; attempt += 1) {
    await typeCommand(console, command, signal, slowly)
    const heard = console.listen()
    if (typedCommand(console.view()) === command) return heard
    heard[Symbol.dispose]()
  }
  throw new EditNotShown(command, console.view().text)
}

/**
 * A file's lines, or undefined when GRUB can not read it. GRUB's own serial terminal is made wide for it, for the rows of a
 * narrow one do not say whether a blank ended them: elsewhere such places read `UNSURE`. What was read twice alike has
 * lost nothing on the way. Throws `EditNotShown` when it never is.
 */
export async function readFile(console: Console, path: string, signal: AbortSignal): Promise<string | undefined> {
  const readings = new Set<string | undefined>()
  while (readings.size < MOST_READINGS) {
    const text = await readOnce(console, path, signal)
    if (readings.has(text)) return text
    readings.add(text)
  }
  throw new EditNotShown(`the same ${path} twice`, console.view().text)
}

const MOST_READINGS = 6

async function readOnce(console: Console, path: string, signal: AbortSignal): Promise<string | undefined> {
  const { terminal, columns } = console.view()
  const own = terminal === 'grub-serial'
  const rows = await ask(console, own ? wide(`cat ${path}`) : `cat ${path}`, signal)
  if (rows.some((row) => /^error: /.test(row))) return undefined
  return own ? rows.join('\n') : joined(rows, columns)
}

/** It ends on an empty screen, where GRUB knows again which row it is in. */
function wide(command: string): string {
  return [`terminfo -g ${WIDE}x24 serial vt100`, command, 'terminfo -g 80x24 serial vt100', 'clear'].join('; ')
}

/** GRUB leaves the last column free, and drops a blank that would be the first of the next row. */
function joined(rows: readonly string[], columns: number): string {
  return rows.map((row) => (row.length >= columns - 1 ? row + UNSURE : `${row}\n`)).join('')
}
