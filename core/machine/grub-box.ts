/**
 * The frame that GRUB 2 draws around its menu and its editor. Its geometry is
 * the one thing that no translation changes: two rules, two borders, and to the
 * right of them the arrows that say that more can be scrolled to. Its own serial
 * terminal draws it in `+-|`, a firmware's console in line drawing.
 * (grub-core/normal/menu_text.c: grub_menu_init_page)
 */
import type { ScreenView } from '../console/screen-view.ts'

export interface GrubBox {
  /** The content rows, counted on the screen; `last` is included. */
  readonly first: number
  readonly last: number
  /** Columns of text in a row. */
  readonly width: number
  /** The column the text begins in. */
  readonly left: number
  readonly moreAbove: boolean
  readonly moreBelow: boolean
  /** The lines under the box: help, countdown. */
  readonly below: readonly string[]
}

const LEFT_BORDER = 1
/** With slashes where a firmware's console has no line drawing: that of arm64 machines. */
const RULE = /^ (?:[+/\\]-{10,}[+/\\]|[┌└]─{10,}[┐┘])$/
const BORDER = /[|│]/

/**
 * The complete box on the screen, or undefined while it is not (yet) drawn to its end: the lower rule comes last. Some
 * rows may lack a border. On a busy host edk2 can take a character for lost that its serial port still sends; GRUB then
 * fills the row with too many blanks, over its own border and into the next row, and draws no border again.
 */
export function readBox(view: ScreenView): GrubBox | undefined {
  const rules = view.rows.flatMap((row, index) => (RULE.test(row) ? [index] : []))
  const [top, bottom] = rules
  if (top === undefined || bottom === undefined || rules.length !== 2 || bottom - top < 4) return undefined
  const rightBorder = (view.rows[top] ?? '').length - 1
  const content = view.rows.slice(top + 1, bottom)
  const whole = content.filter((row) => isBorder(row[LEFT_BORDER]) && isBorder(row[rightBorder]))
  if (whole.length <= content.length / 2) return undefined
  return {
    first: top + 1,
    last: bottom - 1,
    left: LEFT_BORDER + 1,
    // The last column inside the borders belongs to the mark of a row that goes on in the next.
    width: rightBorder - LEFT_BORDER - 2,
    moreAbove: /[\^↑]/.test(content.at(0)?.[rightBorder + 1] ?? ''),
    moreBelow: /[v↓]/.test(content.at(-1)?.[rightBorder + 1] ?? ''),
    below: view.rows.slice(bottom + 1),
  }
}

function isBorder(character: string | undefined): boolean {
  return character !== undefined && BORDER.test(character)
}

/** The text of one content row as wide as the box, and the mark behind it. */
export function boxRow(view: ScreenView, box: GrubBox, row: number): { text: string; mark: string } {
  const padded = (view.rows[row] ?? '').padEnd(view.columns)
  const end = box.left + box.width
  return { text: padded.slice(box.left, end), mark: padded[end] ?? ' ' }
}
