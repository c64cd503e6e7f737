/** Where a row stands on a light ground: SGR 7, or the white ground that UEFI and SeaBIOS send in its place. */
import type { IBufferCell, IBufferLine } from '@xterm/headless'
import type { Stretch } from './screen-view.ts'

/** White and bright white of the palette. */
const WHITES = [7, 15]

export function lightStretches(line: IBufferLine): Stretch[] {
  const stretches: Stretch[] = []
  let open: { from: number; to: number } | undefined
  let cell: IBufferCell | undefined
  for (let column = 0; column < line.length; column += 1) {
    // One cell, read into again and again: to make one for each column costs more than to look at it.
    cell = line.getCell(column, cell)
    const light =
      cell !== undefined && (cell.isInverse() !== 0 || (cell.isBgPalette() && WHITES.includes(cell.getBgColor())))
    if (!light) open = undefined
    else if (open !== undefined) open.to = column + 1
    else {
      open = { from: column, to: column + 1 }
      stretches.push(open)
    }
  }
  return stretches
}
