/** Recordings of real serial lines, and the moments in them that were labelled when they were made. */
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { Screen } from '../../core/console/screen.ts'
import type { ScreenView } from '../../core/console/screen-view.ts'

const directory = new URL('../recordings/', import.meta.url).pathname

export interface Moment {
  /** E.g. `menu.01-menu-countdown`. */
  readonly label: string
  /** Everything the line said up to then. */
  readonly bytes: Uint8Array
  /** The rows a reference terminal showed, and where its cursor was. */
  readonly rows: readonly string[]
  readonly cursor: { readonly row: number; readonly column: number; readonly visible: boolean }
}

/** Everything of the recording `name`. */
export function recording(name: string): Uint8Array {
  return readFileSync(`${directory}${name}.full.raw`)
}

/** The names of all recordings, sorted. */
export function recordings(): string[] {
  return globSync(`${directory}*.full.raw`)
    .map((file) => basename(file, '.full.raw'))
    .sort()
}

/** The labelled moments of the recordings whose names begin so, in order. */
export function moments(prefix = ''): Moment[] {
  return globSync(`${directory}${prefix}*.screen.txt`).sort().map(readMoment)
}

export function moment(label: string): Moment {
  return readMoment(`${directory}${label}.screen.txt`)
}

/** The screen after `bytes`, fed in pieces of `size`. */
export async function shown(bytes: Uint8Array, size = 4096, columns = 80, rows = 24): Promise<ScreenView> {
  using screen = new Screen(columns, rows)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  )
  for (const piece of pieces) screen.feed(piece)
  return screen.view()
}

function readMoment(file: string): Moment {
  const label = basename(file, '.screen.txt')
  const [head = '', ...lines] = readFileSync(file, 'utf8').split('\n')
  const { offset, column, row, hidden } =
    /offset=(?<offset>\d+) cursor=\((?<column>\d+),(?<row>\d+)\) 0-based hidden=(?<hidden>\w+)/.exec(head)?.groups ?? {}
  const name = label.slice(0, label.indexOf('.'))
  return {
    label,
    bytes: recording(name).subarray(0, Number(offset)),
    rows: lines.flatMap((line) => /^ *\d+\|(?<text>.*)\|$/.exec(line)?.groups?.text?.trimEnd() ?? []),
    cursor: { row: Number(row), column: Number(column), visible: hidden === 'false' },
  }
}
