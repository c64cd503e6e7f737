/**
 * A text before and after, as the lines of a unified diff: what changes, with some of what stands around it. What is not
 * seen is written out in them, so that two lines that differ never look alike. Secrets that the file has already are hidden:
 * what stands in it may be read by fewer people than what stands in a channel. What is new in it is what is approved, and is shown.
 */
import { structuredPatch } from 'diff'
import { commonEnds } from '../../core/base/common-ends.ts'
import { mask, secretsIn } from '../../core/record/masking.ts'
import { isMarked, visible } from '../slack/text.ts'

/** As in `diff -u`. */
const CONTEXT_LINES = 3
/** Lines that differ; looking for the shortest way from one text to the other takes their square. */
const MOST_DIFFERENT_LINES = 1000

export interface ShownDiff {
  readonly text: string
  /** Lines that had no room. */
  readonly hidden: number
  /** Whether something that is not seen is written out in it, or in what had no room. */
  readonly isMarked: boolean
}

/** `isSecret` says which values are hidden in what is added; by default those that the text before has, too. */
export function diffLines(
  before: string | null,
  after: string,
  isSecret = isIn(secretsIn(before ?? '')),
): readonly string[] {
  const options = { context: CONTEXT_LINES, maxEditLength: MOST_DIFFERENT_LINES }
  const patch = structuredPatch('', '', before ?? '', after, undefined, undefined, options)
  const [old, added] = [mask(before ?? '').split('\n'), mask(after, isSecret).split('\n')]
  const hunks = patch?.hunks ?? [oneHunk(linesOf(before ?? ''), linesOf(after))]
  return hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    ...masked(lines, old.slice(oldStart - 1), added.slice(newStart - 1)).map(visibleLine),
  ])
}

function isIn(secrets: ReadonlySet<string>): (secret: string) => boolean {
  return (secret) => secrets.has(secret)
}

/** The lines of a hunk, each as it stands in the masked text that it is from. */
function masked(lines: readonly string[], before: readonly string[], after: readonly string[]): readonly string[] {
  let [inBefore, inAfter] = [0, 0]
  return lines.map((line) => {
    const mark = line.slice(0, 1)
    if (mark === '\\') return line
    const text = mark === '+' ? after[inAfter] : before[inBefore]
    if (mark !== '+') inBefore += 1
    if (mark !== '-') inAfter += 1
    return `${mark}${text}`
  })
}

/** Of the mark before the line, nothing: a blank one stands before what stays. */
function visibleLine(line: string): string {
  return `${line.slice(0, 1)}${visible(line.slice(1))}`
}

/** As diff(1) has it: no lines stand behind the line before them. */
function range(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`
}

/** `most` characters at most, whole lines from the beginning. */
export function shownDiff(lines: readonly string[], most: number): ShownDiff {
  let room = most
  const shown = lines.findIndex((line) => {
    room -= line.length + 1
    return room < 0
  })
  const kept = shown < 0 ? lines : lines.slice(0, shown)
  return { text: kept.join('\n'), hidden: lines.length - kept.length, isMarked: lines.some(isMarked) }
}

interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly string[]
}

/** All between the first line that differs and the last, at once: true, if not the shortest. */
function oneHunk(before: readonly string[], after: readonly string[]): Hunk {
  const { begin, end } = commonEnds(before, after)
  const from = Math.max(0, begin - CONTEXT_LINES)
  const behind = Math.min(end, CONTEXT_LINES)
  const marked = (mark: string, lines: readonly string[]) => lines.flatMap((line) => markedLine(mark, line))
  return {
    oldStart: from + 1,
    oldLines: before.length - end + behind - from,
    newStart: from + 1,
    newLines: after.length - end + behind - from,
    lines: [
      ...marked(' ', before.slice(from, begin)),
      ...marked('-', before.slice(begin, before.length - end)),
      ...marked('+', after.slice(begin, after.length - end)),
      ...marked(' ', before.slice(before.length - end, before.length - end + behind)),
    ],
  }
}

/** Each with its end, which the last one may lack. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

function markedLine(mark: string, line: string): readonly string[] {
  if (line.endsWith('\n')) return [`${mark}${line.slice(0, -1)}`]
  return [`${mark}${line}`, '\\ No newline at end of file']
}
