/**
 * GRUB legacy 0.97 on the screen (Oracle Linux 6): its menu, the list of an
 * entry's commands, its one-line editor, and what it asks before any of them.
 * Its box is narrower than GRUB 2's, and its words are never translated.
 * (stage2/stage2.c: run_menu; stage2/char_io.c: get_cmdline)
 */
import type { ScreenView } from '../console/screen-view.ts'
import type { MachineState, Sighting } from './state.ts'

export interface LegacyBox {
  /** The titles, or the commands, on the screen; more may be scrolled away. What is too long ends in `>`. */
  readonly entries: readonly string[]
  /** Index in `entries` of the highlighted one. */
  readonly selected: number
  readonly moreAbove: boolean
  readonly moreBelow: boolean
}

export interface LegacyMenu extends LegacyBox {
  /** Seconds until GRUB boots the highlighted entry; undefined once that is stopped. */
  readonly countdown: number | undefined
  /** It lets nobody edit before `p` and the password. */
  readonly locked: boolean
}

/** A window on one long line: GRUB shows it in sections of which each begins with the last ten columns of the one before. */
export interface LegacyLine {
  /** Whether the line's start is in the window, behind the prompt. */
  readonly fromStart: boolean
  /** What the window shows of the line, without trailing blanks. */
  readonly text: string
  /** The cursor's place in the window, from 0; right of `text` where blanks are. */
  readonly cursor: number
  /** Whether the line goes on to the right of the window. */
  readonly goesOn: boolean
}

/** 80 columns whatever the terminal: borders in 1 and 75, text from 3, the mark of a cut title in 72, arrows in 77. */
const RULE = /^ [+┌└]([-─])\1{72}[+┐┘]$/
const RIGHT_BORDER = 75
const TEXT = { from: 3, to: 73 }
const ARROWS = 77
/** Where GRUB parks the cursor: inside the right border, in the highlighted row. */
const PARKED = 74
const VERTICAL = ['|', '│']
const PROMPT = 'grub edit> '
/** The column of the mark that says that a line goes on. */
const LAST_COLUMN = 78

export function seeGrubLegacy(view: ScreenView): Sighting | undefined {
  return seeBox(view) ?? seeLine(view) ?? seeQuestion(view)
}

/** Whether this is the frame of GRUB legacy's box, also while it is drawn. */
export function isLegacyFrame(view: ScreenView): boolean {
  return view.rows.some((row) => RULE.test(row))
}

/** What stands around its box. (stage2/char_io.c: init_page; stage2/stage2.c: run_menu) */
const BOX_SIGNS = [
  /^ {4}GNU GRUB {2}version 0\.9/m,
  /^ [+┌└]([-─])\1{72}[+┐┘]$/m,
  /^ {4}Use the \S and \S keys to select which entry is highlighted\.$/m,
  /'c' for a command-line/,
]
/** What stands above a line, row by row. (stage2/cmdline.c: print_cmdline_message) */
const LINE_SIGNS = [
  /^ {7}\[ Minimal BASH-like line editing is supported\. {3}For$/m,
  /^ {9}the {3}first {3}word, {2}TAB {2}lists {2}possible {2}command$/m,
  /^ {9}completions\. {2}Anywhere else TAB lists the possible$/m,
  /^ {9}completions of a device\/filename\. {2}ESC at any time$/m,
  /^ {9}exits\. \]$/m,
]
/** The line may have lost a part of a screen; by chance no two of them stand together. */
const ENOUGH_SIGNS = 2

/** Whether GRUB legacy has drawn this screen, whatever the line has lost of it. */
export function isOfGrubLegacy({ text }: ScreenView): boolean {
  return hasSigns([...BOX_SIGNS, ...LINE_SIGNS], text)
}

function hasSigns(signs: readonly RegExp[], text: string): boolean {
  return signs.filter((sign) => sign.test(text)).length >= ENOUGH_SIGNS
}

/** The complete box: exactly one row is highlighted, and the cursor is parked there. */
function seeBox(view: ScreenView): Sighting | undefined {
  const rules = view.rows.flatMap((row, index) => (RULE.test(row) ? [index] : []))
  const [top, bottom] = rules
  if (top === undefined || bottom === undefined || rules.length !== 2) return undefined
  const content = view.rows.slice(top + 1, bottom)
  if (!content.every(hasBorders)) return undefined
  const lit = content.flatMap((_, index) => ((view.light[top + 1 + index] ?? []).length > 0 ? [index] : []))
  const [selected] = lit
  const parked = view.cursor.row - top - 1 === selected && view.cursor.column === PARKED
  if (selected === undefined || lit.length !== 1 || !parked) return undefined
  const state = boxState(boxOf(content, selected), view.rows.slice(bottom + 1).join('\n'))
  return state === undefined ? undefined : { state, because: view.rows[top - 2]?.trim() ?? 'the frame of GRUB legacy' }
}

function hasBorders(row: string): boolean {
  return VERTICAL.includes(row[1] ?? '') && VERTICAL.includes(row[RIGHT_BORDER] ?? '')
}

function boxOf(content: readonly string[], selected: number): LegacyBox {
  const entries = content.map((row) => row.slice(TEXT.from, TEXT.to).trimEnd())
  return {
    entries: entries.slice(0, entries.findLastIndex((entry) => entry !== '') + 1),
    selected,
    moreAbove: /[\^↑]/.test(content.at(0)?.[ARROWS] ?? ''),
    moreBelow: /[v↓]/.test(content.at(-1)?.[ARROWS] ?? ''),
  }
}

/** Which box it is, the help below it says; none while that is not drawn. */
function boxState(box: LegacyBox, help: string): MachineState | undefined {
  if (/'b' to boot/.test(help)) {
    return /go back to the main menu\./.test(help) ? { kind: 'grub-legacy-list', list: box } : undefined
  }
  const locked = /next set of features\./.test(help)
  if (!locked && !/'c' for a command-line\./.test(help)) return undefined
  const seconds = /booted automatically in (?<seconds>\d+) seconds/.exec(help)?.groups?.seconds
  const countdown = seconds === undefined ? undefined : Number(seconds)
  return { kind: 'grub-legacy-menu', menu: { ...box, countdown, locked } }
}

/** The one-line editor, under its help: with its prompt, or with `<` where the line's start is out of the window. */
function seeLine(view: ScreenView): Sighting | undefined {
  const { row, column } = view.cursor
  const shown = view.rows[row] ?? ''
  const fromStart = shown.startsWith(PROMPT.trimEnd())
  if (!fromStart && !(shown.startsWith('<') && hasEditorHelp(view, row))) return undefined
  const from = fromStart ? PROMPT.length : 1
  if (column < from || column > LAST_COLUMN) return undefined
  const goesOn = shown[LAST_COLUMN] === '>'
  const text = shown.slice(from, LAST_COLUMN)
  const line = { fromStart, text: goesOn ? text : text.trimEnd(), cursor: column - from, goesOn }
  return { state: { kind: 'grub-legacy-line', line }, because: shown }
}

function hasEditorHelp(view: ScreenView, row: number): boolean {
  return hasSigns(LINE_SIGNS, view.rows.slice(0, row).join('\n'))
}

/** `terminal --timeout` waits for a key on one of its terminals; a hidden menu counts down; a password has no name. */
function seeQuestion(view: ScreenView): Sighting | undefined {
  const because = view.text.split('\n').at(-1) ?? ''
  const typed = /^ Password: (?<stars>\**)$/.exec(view.beforeCursor)?.groups?.stars?.length
  if (typed !== undefined) return { state: { kind: 'grub-legacy-password', typed, failed: false }, because }
  if (/^Failed!$/m.test(view.text) && /^ {6}Press any key to continue\.\.\.$/.test(view.beforeCursor))
    return { state: { kind: 'grub-legacy-password', typed: 0, failed: true }, because }
  const left = /^Press `ESC' to enter the menu\.\.\. (?<left>\d+) *$/.exec(view.beforeCursor)?.groups?.left
  if (left !== undefined) return { state: { kind: 'grub-legacy-hidden', countdown: Number(left) }, because }
  const waits = because === 'Press any key to continue.' && view.rows[view.cursor.row - 1] === because
  if (waits) return { state: { kind: 'grub-legacy-any-key' }, because }
  return undefined
}

/** What one line says about GRUB legacy, wherever it stands. */
export function readLegacyLine(line: string, view: ScreenView): MachineState | undefined {
  if (/^ {2}Booting (?:command-list|'.*')$/.test(line)) return { kind: 'grub-booting' }
  if (/^ {3}\[Linux-(?:bzImage|zImage|EFI), |^ {3}\[Multiboot-/.test(line)) return { kind: 'grub-booting' }
  const message = /^Error (?<message>\d+: .+)/.exec(line)?.groups?.message
  if (message === undefined) return undefined
  return { kind: 'grub-error', message, waits: view.beforeCursor === 'Press any key to continue...' }
}
