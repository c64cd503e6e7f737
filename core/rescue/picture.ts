/** A picture of the screen for the thread, with its secrets hidden as in all console text. */
import type { Console } from '../console/console.ts'
import type { ScreenPicture } from '../record/events.ts'
import { maskRows, wrapsOf } from './masked-rows.ts'

export function maskedPicture(console: Console, maskText: (text: string) => string): ScreenPicture {
  const picture = console.picture()
  const texts = picture.rows.map((runs) => runs.map((run) => run.text).join(''))
  const masked = maskRows(texts, picture.columns, wrapsOf(console.view()), maskText)
  // A row in which something was hidden loses its colours: where they belong is not known any more.
  const rows = picture.rows.map((runs, index) => {
    const text = masked[index] ?? ''
    return text === texts[index] ? runs : [{ text }]
  })
  return { ...picture, rows }
}
