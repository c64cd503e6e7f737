/** A text before and after, as the lines of a unified diff that has room: what changes, with some of what stands around it. */
import { structuredPatch } from 'diff'

/** As in `diff -u`. */
const CONTEXT_LINES = 3

export interface TextDiff {
  readonly text: string
  /** Lines that had no room. */
  readonly hidden: number
}

/** `most` characters at most, whole lines from the beginning. */
export function textDiff(path: string, before: string | null, after: string, most: number): TextDiff {
  const { hunks } = structuredPatch(path, path, before ?? '', after, undefined, undefined, { context: CONTEXT_LINES })
  const lines = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ])
  let room = most
  const shown = lines.findIndex((line) => {
    room -= line.length + 1
    return room < 0
  })
  const kept = shown < 0 ? lines : lines.slice(0, shown)
  return { text: kept.join('\n'), hidden: lines.length - kept.length }
}
