/**
 * The menus of UEFI firmware (edk2): forms on a light ground, in which what is
 * highlighted is dark. By that they are known, for their words are translated;
 * only what a page is for is read from its words.
 * (edk2 MdeModulePkg/Universal/DisplayEngineDxe/FormDisplay.c)
 */
import type { ScreenView, Stretch } from '../console/screen-view.ts'
import type { Sighting } from './state.ts'

export interface FirmwareMenu {
  /** The front page leads to all others; the boot manager lists what can be booted. */
  readonly page: 'front' | 'boot-manager' | 'other'
  /** What the page offers, and the headings in between, from the top. */
  readonly items: readonly string[]
  /** The highlighted item. */
  readonly selected: string
}

/** A form's ground reaches over most of the screen: so many rows of it at least, each from the first column on. */
const LEAST_ROWS = 8
/** Prompts begin here; help and values, further right, have more than one blank before them. */
const PROMPT_COLUMN = 3
const FRAME = /^│ *(?<title>\S.*?) *│$/

export function seeFirmwareMenu(view: ScreenView): Sighting | undefined {
  if (view.terminal !== 'uefi-console') return undefined
  const ground = view.light.flatMap((stretches, row) => (isGround(stretches, view.columns) ? [row] : []))
  if (ground.length < LEAST_ROWS) return undefined
  const dark = ground.flatMap((row) => darkParts(view, row))
  const [highlight] = dark
  if (highlight === undefined || dark.length !== 1) return undefined
  const selected = promptOf(view.rows[highlight.row] ?? '')
  if (selected === undefined) return undefined
  const items = ground.flatMap((row) => promptOf(view.rows[row] ?? '') ?? [])
  const title = FRAME.exec(view.rows[1] ?? '')?.groups?.title
  const menu: FirmwareMenu = { page: pageOf(title, items), items, selected }
  return { state: { kind: 'firmware-menu', menu }, because: title ?? `firmware, at ${selected}` }
}

/** Also where a dark part, the highlight, cuts it. */
function isGround(stretches: readonly Stretch[], columns: number): boolean {
  const [first] = stretches
  const lit = stretches.reduce((sum, { from, to }) => sum + to - from, 0)
  return first !== undefined && first.from === 0 && (stretches.at(-1)?.to ?? 0) >= columns / 2 && lit >= columns / 4
}

/** The parts of a row between its light ones: the highlight has text in it. */
function darkParts(view: ScreenView, row: number): { readonly row: number }[] {
  const stretches = view.light[row] ?? []
  return stretches.slice(1).flatMap(({ from }, index) => {
    const text = (view.rows[row] ?? '').slice(stretches[index]?.to ?? 0, from)
    return text.trim() === '' ? [] : [{ row }]
  })
}

/** What a row offers: `>` before it leads to another page. Undefined for rows of help alone. */
function promptOf(row: string): string | undefined {
  const prompt = /^ [ >] (?<prompt>\S.*)$/.exec(row)?.groups?.prompt
  return prompt === undefined || row.search(/[^ >]/) !== PROMPT_COLUMN ? undefined : prompt.split(/ {2,}/)[0]?.trimEnd()
}

/** (edk2 UiApp: FrontPageStrings.uni; BootManagerUiLib: BootManagerStrings.uni) */
function pageOf(title: string | undefined, items: readonly string[]): FirmwareMenu['page'] {
  if (title === undefined && items.includes('Boot Manager')) return 'front'
  return title === 'Boot Manager' ? 'boot-manager' : 'other'
}
