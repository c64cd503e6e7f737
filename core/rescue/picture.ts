/** A picture of the screen for the thread, with its secrets hidden as in all console text. */
import type { Console } from '../console/console.ts'
import type { ScreenPicture } from '../record/events.ts'
import { maskRows, wrapsOf } from './masked-rows.ts'

/** Hides secrets in rows; `goesOn` says after which of them the terminal has broken a line. */
export type MaskRows = (rows: readonly string[], columns: number, goesOn: (index: number) => boolean) => string[]

/** Of a boot loader, which draws its own screen: nothing on it begins in what scrolled away. */
export function maskedPicture(console: Console, maskText: (text: string) => string): ScreenPicture {
  return maskedWith(console, (rows, columns, goesOn) => maskRows(rows, columns, goesOn, maskText))
}

export function maskedWith(console: Console, mask: MaskRows): ScreenPicture {
  const picture = console.picture()
  const texts = picture.rows.map((runs) => runs.map((run) => run.text).join(''))
  const masked = mask(texts, picture.columns, wrapsOf(console.view()))
  // A row in which something was hidden loses its colours: where they belong is not known any more.
  const rows = picture.rows.map((runs, index) => {
    const text = masked[index] ?? ''
    return text === texts[index] ? runs : [{ text }]
  })
  return { ...picture, rows }
}
