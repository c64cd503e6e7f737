/**
 * systemd-boot on the screen: titles in the middle of an empty screen, one of
 * them lit, and below them a line that counts down, or one that is edited.
 * (src/boot/efi/boot.c: menu_run; src/boot/efi/line-edit.c)
 */
import type { ScreenView, Stretch } from '../console/screen-view.ts'
import type { Sighting } from './state.ts'

export interface SystemdBootMenu {
  /** The titles on the screen. */
  readonly entries: readonly string[]
  /** Index in `entries` of the highlighted one. */
  readonly selected: number
  /** Seconds until the highlighted entry boots; undefined once that is stopped. */
  readonly countdown: number | undefined
  /** What it says below its titles, if not the seconds. */
  readonly hint: string | undefined
}

export interface SystemdBootEditor {
  /** Title of the entry whose options are edited. */
  readonly title: string
  /** The columns of the line that the screen shows at most. */
  readonly width: number
  /** What it shows of the line, as wide as that at most and without trailing blanks. */
  readonly text: string
}

/** Titles have so many blanks on both sides within their light row. (boot.c: entry_padding) */
const PADDING = 3
/** The line that is edited begins in the second column and leaves the last one free. (boot.c: line_edit's call) */
const LINE_COLUMN = 1
/** The least that any text mode of UEFI is wide, without these two. */
const LEAST_WIDTH = 78
const RULE = /^ *─+$/
const COUNTDOWN = /^ *Boot in (?<seconds>\d+) s(?:ec)?\.$/m
/** By so many columns a text may be off the middle that has lost some. */
const OFF_MIDDLE = 2
/** A title, the line that is edited, and one of the two where it does not belong. */
const MOST_LIT = 3

export function seeSystemdBoot(view: ScreenView): Sighting | undefined {
  if (view.terminal !== 'uefi-console') return undefined
  const block = titleBlock(view)
  if (block === undefined) return undefined
  const { entries, selected } = block
  const because = entries[selected] ?? ''
  const below = view.rows.slice(block.last + 1)
  const editor = readEditorLine(view, block.last + 1)
  if (editor !== undefined)
    return { state: { kind: 'systemd-boot-editor', editor: { ...editor, title: because } }, because: editor.text }
  if (view.light.slice(block.last + 1).some((stretches) => stretches.length > 0)) return undefined
  const [said = '', ...more] = below.filter((row) => row !== '' && !RULE.test(row))
  // A line that is edited, without the light ground that was lost on the way.
  if (more.length > 0 || /^ ?\S/.test(said)) return undefined
  const seconds = COUNTDOWN.exec(said)?.groups?.seconds
  const countdown = seconds === undefined ? undefined : Number(seconds)
  const hint = seconds === undefined && said !== '' ? said.trim() : undefined
  return { state: { kind: 'systemd-boot-menu', menu: { entries, selected, countdown, hint } }, because }
}

/** Whether it counts down, whatever else the line has lost of its screen. */
export function isSystemdBootCountdown(view: ScreenView): boolean {
  return view.terminal === 'uefi-console' && COUNTDOWN.test(view.text)
}

/**
 * Whether systemd-boot may have drawn this screen, whatever the line has lost of it: it counts down, or a row in the
 * middle of the screen is lit, and at most one above it stands elsewhere. Others draw so, too: it is for where
 * systemd-boot was seen before.
 */
export function isOfSystemdBoot(view: ScreenView): boolean {
  if (isSystemdBootCountdown(view)) return true
  const lit = view.light.flatMap((stretches, row) => (stretches.length > 0 ? [row] : []))
  return view.terminal === 'uefi-console' && lit.length <= MOST_LIT && lit.some((row) => isTitle(view, row))
}

function isTitle(view: ScreenView, row: number): boolean {
  const [area, ...more] = view.light[row] ?? []
  if (area === undefined || more.length > 0 || view.rows[row] === '') return false
  const stray = view.rows.slice(0, row + 1).filter((text) => text !== '' && !isWithinColumns(text, area))
  return Math.abs(area.from - (view.columns - area.to)) <= OFF_MIDDLE && stray.length <= 1
}

function isWithinColumns(row: string, { from, to }: Stretch): boolean {
  return row.search(/\S/) >= from - OFF_MIDDLE && row.length <= to + OFF_MIDDLE
}

interface TitleBlock {
  readonly entries: readonly string[]
  readonly selected: number
  readonly last: number
}

/** Rows that follow each other, alone on the screen above: all within the columns of the light one, and in their middle. */
function titleBlock(view: ScreenView): TitleBlock | undefined {
  const lit = view.light.findIndex((stretches) => stretches.length > 0)
  const [area, ...more] = view.light[lit] ?? []
  if (area === undefined || more.length > 0) return undefined
  const first = view.rows.findIndex((row) => row !== '')
  const end = view.rows.findIndex((row, index) => index > first && row === '')
  const text = view.rows.slice(first, end === -1 ? view.rows.length : end)
  const rows = text.slice(0, text.findIndex((row) => RULE.test(row)) >>> 0)
  if (first === -1 || lit < first || lit >= first + rows.length) return undefined
  if (!rows.every((row) => isWithin(row, area))) return undefined
  const longest = Math.max(...rows.map((row) => row.trim().length))
  if (area.to - area.from !== longest + 2 * PADDING) return undefined
  return {
    entries: rows.map((row) => row.trim()),
    selected: lit - first,
    last: first + rows.length - 1,
  }
}

/** Centred within the light row, to the column: the odd blank stands on the right. An arrow marks the default entry. */
function isWithin(row: string, area: Stretch): boolean {
  const start = row.length - row.trimStart().length
  const left = start - area.from
  const right = area.to - row.length
  if (row.startsWith('=>', area.from)) return true
  return left >= PADDING && right >= PADDING && right - left >= 0 && right - left <= 1
}

/**
 * The line that is edited stands on a light ground, its cursor in turn on a dark and a light one. Where the firmware's
 * terminal is narrower than systemd-boot takes it for, the cursor's blinking is written behind the line: that is left out.
 */
function readEditorLine(view: ScreenView, below: number): Omit<SystemdBootEditor, 'title'> | undefined {
  const row = view.light.findIndex((stretches, index) => index >= below && stretches.length > 0)
  if (row === -1) return undefined
  const width = view.columns - LINE_COLUMN - 1
  const lit = (view.light[row] ?? []).reduce(
    (sum, { from, to }) => sum + Math.min(to, LINE_COLUMN + width) - Math.min(from, LINE_COLUMN + width),
    0,
  )
  const isLine = view.light[row]?.[0]?.from !== 0 && lit >= width / 2
  if (!isLine || width < LEAST_WIDTH) return undefined
  return { width, text: (view.rows[row] ?? '').slice(LINE_COLUMN, LINE_COLUMN + width).trimEnd() }
}
