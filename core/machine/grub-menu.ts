/** Reads GRUB's menu off the screen: which entries it shows, which one is highlighted, whether it is about to boot it. */
import type { ScreenView } from '../console/screen-view.ts'
import { boxRow, type GrubBox } from './grub-box.ts'

export interface GrubMenu {
  /** The titles on the screen; more may be scrolled away. A title too long ends in `>`. */
  readonly entries: readonly string[]
  /** Index in `entries` of the highlighted one. */
  readonly selected: number
  /** A menu inside a menu, which Escape would leave. */
  readonly nested: boolean
  /** Seconds until GRUB boots the highlighted entry; undefined once that is stopped. */
  readonly countdown: number | undefined
}

/**
 * The menu in `box`, or undefined when that shows none or GRUB is still drawing it: exactly one row has the star and
 * the highlight, and GRUB parks the cursor there last.
 */
export function readMenu(view: ScreenView, box: GrubBox): GrubMenu | undefined {
  const rows = Array.from({ length: box.last - box.first + 1 }, (_, index) => box.first + index)
  const highlighted = rows.filter((row) => view.highlighted[row])
  const [selectedRow] = highlighted
  if (selectedRow === undefined || highlighted.length !== 1 || view.cursor.row !== selectedRow) return undefined
  if (!boxRow(view, box, selectedRow).text.startsWith('*')) return undefined
  const titles = rows.map((row) => boxRow(view, box, row)).map(({ text, mark }) => (text.slice(1) + mark).trimEnd())
  const count = titles.findLastIndex((title) => title !== '') + 1
  const help = box.below.join('\n')
  return {
    entries: titles.slice(0, count),
    selected: selectedRow - box.first,
    nested: isNested(view, box, help),
    countdown: readCountdown(help),
  }
}

/** A nested menu explains Escape too: one more line of help, one row less in the box (12 of 24 rows become 11). */
function isNested(view: ScreenView, box: GrubBox, help: string): boolean {
  const rows = box.last - box.first + 1
  // On a wider screen the help takes fewer lines, and how many rows that screen has is not sure.
  return /\bESC\b/.test(help) || (view.columns === 80 && rows === view.rows.length - 13)
}

/** `… executed automatically in 5s.`, or `5s` alone where there is no room; translations keep number and `s`. */
function readCountdown(help: string): number | undefined {
  const seconds = /(?<!\S)(?<seconds>\d+)\s?s\b/.exec(help)?.groups?.seconds
  return seconds === undefined ? undefined : Number(seconds)
}
