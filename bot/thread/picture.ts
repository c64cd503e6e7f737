/** Draws a screen as people see it on a terminal: SVG from the cells, PNG from the SVG. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { renderAsync } from '@resvg/resvg-js'
import type { ScreenPicture } from '../../core/record/events.ts'

type Run = ScreenPicture['rows'][number][number]

/** At 16 px DejaVu Sans Mono advances 1233 of 2048 units, which is 9.633 px. */
const FONT_SIZE = 16
const CELL_WIDTH = (FONT_SIZE * 1233) / 2048
/** Ascent and descent of the font are 1901 and 483 units; box drawing fills exactly that height. */
const CELL_HEIGHT = (FONT_SIZE * (1901 + 483)) / 2048
const BASELINE = (FONT_SIZE * 1901) / 2048
const MARGIN = 12
/** Twice the size, so that it stays sharp where Slack shows it large. */
const SCALE = 2

const FOREGROUND = '#d8dee4'
const BACKGROUND = '#12171c'
/** The first sixteen colours as xterm has them, softened where pure colours glare on a dark ground. */
const PALETTE = [
  ...['#12171c', '#d75f5f', '#5faf5f', '#d7af5f', '#5f87d7', '#af5faf', '#5fafaf', '#d8dee4'],
  ...['#6b7680', '#ff8787', '#87d787', '#ffd787', '#87afff', '#d787d7', '#87d7d7', '#ffffff'],
]
/** Above the palette the value is a colour of its own: 0x1000000 + 0xrrggbb. */
const OWN_COLOUR = 0x1000000

/** A PNG of the screen. */
export async function drawScreen(picture: ScreenPicture): Promise<Buffer> {
  const image = await renderAsync(screenSvg(picture), {
    fitTo: { mode: 'zoom', value: SCALE },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'DejaVu Sans Mono' },
  })
  return image.asPng()
}

export function screenSvg({ columns, rows, cursor }: ScreenPicture): string {
  const width = round(columns * CELL_WIDTH + 2 * MARGIN)
  const height = round(rows.length * CELL_HEIGHT + 2 * MARGIN)
  const cells = rows.flatMap((row, index) => drawRow(row, index))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<rect width="${width}" height="${height}" rx="6" fill="${BACKGROUND}"/>`,
    `<g font-family="DejaVu Sans Mono" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...cells,
    ...(cursor === null ? [] : [drawCursor(cursor)]),
    '</g></svg>',
  ].join('\n')
}

function drawRow(row: readonly Run[], index: number): readonly string[] {
  let column = 0
  return row.flatMap((run) => {
    const drawn = drawRun(run, index, column)
    column += widthOf(run.text)
    return drawn
  })
}

function drawRun(run: Run, row: number, column: number): readonly string[] {
  const ink = colour(run.fg, run.bold === true) ?? FOREGROUND
  const ground = colour(run.bg, false)
  const [fill, behind] = run.inverse === true ? [ground ?? BACKGROUND, ink] : [ink, ground]
  const width = widthOf(run.text)
  const paper = behind === undefined ? [] : [rectangle(row, column, width, behind)]
  return [...paper, ...drawText(run, row, column, fill)]
}

/** Each character stands in its own cell, whatever the renderer thinks of its width. */
function drawText({ text, bold }: Run, row: number, column: number, fill: string): readonly string[] {
  const characters = [...segments(text)]
  if (characters.every((character) => character.trim() === '')) return []
  let at = column
  const xs = characters.map((character) => {
    const x = round(MARGIN + at * CELL_WIDTH)
    at += widthOf(character)
    return x
  })
  const y = round(MARGIN + row * CELL_HEIGHT + BASELINE)
  const weight = bold === true ? ' font-weight="bold"' : ''
  return [`<text x="${xs.join(' ')}" y="${y}" fill="${fill}"${weight}>${characters.map(escapeXml).join('')}</text>`]
}

function drawCursor({ row, column }: { row: number; column: number }): string {
  const box = `x="${round(MARGIN + column * CELL_WIDTH)}" y="${round(MARGIN + row * CELL_HEIGHT)}"`
  return `<rect ${box} width="${round(CELL_WIDTH)}" height="${round(CELL_HEIGHT)}" fill="${FOREGROUND}" opacity="0.55"/>`
}

/** A little taller than its cell, so that no seam shows between rows of one colour. */
function rectangle(row: number, column: number, width: number, fill: string): string {
  const box = `x="${round(MARGIN + column * CELL_WIDTH)}" y="${round(MARGIN + row * CELL_HEIGHT)}"`
  return `<rect ${box} width="${round(width * CELL_WIDTH)}" height="${round(CELL_HEIGHT + 0.5)}" fill="${fill}"/>`
}

function colour(index: number | undefined, bold: boolean): string | undefined {
  if (index === undefined) return undefined
  if (index >= OWN_COLOUR) return `#${(index - OWN_COLOUR).toString(16).padStart(6, '0')}`
  // Terminals show bold text of the first eight colours in the bright ones.
  if (index < PALETTE.length) return PALETTE[bold && index < 8 ? index + 8 : index]
  if (index < 232) return cubeColour(index - 16)
  const grey = 8 + 10 * (Math.min(index, 255) - 232)
  return `rgb(${grey},${grey},${grey})`
}

/** The 6 x 6 x 6 cube of the 256-colour palette (ctlseqs, "256 colors"). */
function cubeColour(index: number): string {
  const levels = [Math.floor(index / 36), Math.floor(index / 6) % 6, index % 6]
  return `rgb(${levels.map((level) => (level === 0 ? 0 : 55 + 40 * level)).join(',')})`
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })

function segments(text: string): readonly string[] {
  return [...GRAPHEMES.segment(text)].map(({ segment }) => segment)
}

/** Columns of a terminal: East Asian wide characters take two. */
function widthOf(text: string): number {
  return segments(text).reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0)
}

const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/

/** XML takes no control characters at all, not even escaped. */
function escapeXml(character: string): string {
  return character
    .replaceAll(
      /[\u0000-\u001f\u007f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      ' ',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

function round(length: number): number {
  return Math.round(length * 100) / 100
}

function fontFiles(): string[] {
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf')
  return ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'].map((file) => join(fonts, file))
}
